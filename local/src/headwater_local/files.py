"""Files that are never half written, and the room for them."""

import os
import shutil
from pathlib import Path

from headwater_local.errors import DiskFullError

_MIB = 1024**2


def replace_file(path: Path, text: str) -> None:
    """Write a file so that a reader, or a crash, finds either the old content or the new."""
    beside = path.with_name(f"{path.name}.new")
    with beside.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def free_bytes(path: Path) -> int:
    """Return the free bytes of the file system that ``path`` is, or will be, on."""
    existing = next(p for p in (path, *path.absolute().parents) if p.exists())
    return shutil.disk_usage(existing).free


def require_free_space(path: Path, needed: int, purpose: str) -> None:
    """Refuse to continue with fewer than ``needed`` free bytes on the file system of ``path``.

    Raises:
        DiskFullError: with what is needed, what is free, and for what.
    """
    free = free_bytes(path)
    if free < needed:
        raise DiskFullError(
            f"The disk of {path} has {free // _MIB} MB free and {purpose} needs "
            f"{needed // _MIB} MB: free some space and run this again."
        )
