"""A running Headwater for the tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.route import Route


@pytest.fixture(scope="session")
def route(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Route]:
    """One Headwater for all tests that only send and read; use events of your own."""
    shared = Route(tmp_path_factory.mktemp("route") / "data")
    shared.start()
    yield shared
    shared.end()


@pytest.fixture
def own_route(tmp_path: Path) -> Iterator[Route]:
    """A Headwater of the test's own, to stop and break; the test starts it."""
    own = Route(tmp_path / "data")
    yield own
    own.end()
