"""What the tests send to: a running Headwater, or a collector that only remembers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.recording_api import RecordingApi, recording_api
from e2e.route import Route

PLAN = """
version: 1
events:
  planned:
    on_mismatch: fail
    properties: {total: double}
"""


@pytest.fixture(scope="session")
def route(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Route]:
    """One Headwater for all tests that only send and read; use events of your own."""
    folder = tmp_path_factory.mktemp("route")
    plan = folder / "plan.yaml"
    plan.write_text(PLAN)
    shared = Route(folder / "data", "--tracking-plan", str(plan))
    shared.start()
    yield shared
    shared.end()


@pytest.fixture
def own_route(tmp_path: Path) -> Iterator[Route]:
    """A Headwater of the test's own, to stop and break; the test starts it."""
    own = Route(tmp_path / "data")
    yield own
    own.end()


@pytest.fixture
def api() -> Iterator[RecordingApi]:
    """A recording collector."""
    with recording_api() as api:
        yield api
