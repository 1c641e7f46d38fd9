"""The tables of a data directory while nothing runs on it.

The stand-in keeps objects as files, ``ACCOUNT/BUCKET/KEY``, so the newest metadata file of a table
is found there.
"""

from pathlib import Path

from headwater_local import names
from headwater_local.data_dir import DataDir
from headwater_local.ministack.catalog import decoded
from headwater_local.ministack.catalog_recovery import highest_version


def metadata_files(data_dir: DataDir) -> dict[str, Path]:
    """Return the newest metadata file of each table by its name; none if there are no tables."""
    lake = data_dir.objects / names.ACCOUNT / names.BUCKET / names.LAKE_PREFIX
    folders = {table.name: table / "metadata" for table in lake.glob("*")}
    found = {name: _newest(folder) for name, folder in folders.items()}
    return {name: file for name, file in found.items() if file is not None}


def _newest(folder: Path) -> Path | None:
    _, files = highest_version(map(str, folder.glob("*")))
    return max(map(Path, files), key=_updated, default=None)


def _updated(file: Path) -> int:
    return int(decoded(str(file), file.read_bytes())["last-updated-ms"])
