"""Marks every test of this folder, and gives those that apply something a stand-in."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from terraform.command import copy_of_the_modules
from terraform.made import Json, made_by
from terraform.stand_in import stand_in

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark them all, so that the quick run can leave them out."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.terraform)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> list[Json]:
    """Every part of the stack, of a mocked AWS: behind an API, and behind a function URL."""
    folder = tmp_path_factory.mktemp("made")
    return made_by(copy_of_the_modules(folder, "policies.tftest.hcl"))


@pytest.fixture
def endpoint(tmp_path: Path) -> Iterator[str]:
    """URL of a stand-in that holds nothing and forwards no function."""
    with stand_in(tmp_path, {}) as url:
        yield url
