import gzip
import json
from pathlib import Path

import pytest

from headwater_local.data_dir import DataDir
from headwater_local.inspection.stopped import metadata_files


def commit(data_dir: DataDir, table: str, name: str, updated: int) -> Path:
    folder = data_dir.objects / "000000000000/headwater-data/lake" / table / "metadata"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.gz.metadata.json"
    file.write_bytes(gzip.compress(json.dumps({"last-updated-ms": updated}).encode()))
    return file


def test_the_newest_version_of_each_table_is_found(data_dir: DataDir) -> None:
    commit(data_dir, "events", "00009-a", 900)
    events = commit(data_dir, "events", "00010-b", 800)
    failed = commit(data_dir, "failed_records", "00000-c", 1)

    assert metadata_files(data_dir) == {"events": events, "failed_records": failed}


@pytest.mark.parametrize("newer", ["00001-a", "00001-b"])
def test_of_two_of_a_version_the_later_is_the_commit(data_dir: DataDir, newer: str) -> None:
    for name in ("00001-a", "00001-b"):
        commit(data_dir, "events", name, 2 if name == newer else 1)

    assert metadata_files(data_dir)["events"].name == f"{newer}.gz.metadata.json"


def test_a_new_directory_has_none(data_dir: DataDir) -> None:
    assert metadata_files(data_dir) == {}
