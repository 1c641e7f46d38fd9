"""What most tests of the laptop begin with."""

from pathlib import Path

import pytest

from headwater_local.data_dir import DataDir


@pytest.fixture
def data_dir(tmp_path: Path) -> DataDir:
    """A data directory whose folders are made."""
    prepared = DataDir.at(tmp_path / "data")
    prepared.prepare()
    return prepared
