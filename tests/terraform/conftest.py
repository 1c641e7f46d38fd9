"""Marks every test of this folder, and gives those that apply something a stand-in."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from terraform.made import Json, Stacks
from terraform.stand_in import stand_in

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark them all, so that the quick run can leave them out."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.terraform)


@pytest.fixture
def made(stacks: Stacks) -> list[Json]:
    """Stacks of a mocked AWS: behind an API, behind a function URL, in a small account."""
    return stacks.made


@pytest.fixture
def endpoint(tmp_path: Path) -> Iterator[str]:
    """URL of a stand-in that holds nothing and forwards no function."""
    with stand_in(tmp_path, {}) as url:
        yield url
