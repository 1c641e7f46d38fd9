"""Free disk space: asked for before it is used, so that nothing is half written."""

import shutil
from pathlib import Path

from headwater_local.errors import DiskFullError

_MIB = 1024**2


def free_bytes(path: Path) -> int:
    """Return the free bytes of the file system that ``path`` is, or will be, on."""
    existing = next(p for p in (path, *path.absolute().parents) if p.exists())
    return shutil.disk_usage(existing).free


def require_free_space(path: Path, needed: int, purpose: str) -> None:
    """Refuse to go on with less than ``needed`` free bytes where ``path`` is.

    Raises:
        DiskFullError: with what is needed, what is there, and for what.
    """
    free = free_bytes(path)
    if free < needed:
        raise DiskFullError(
            f"The disk of {path} has {free // _MIB} MB free and {purpose} needs "
            f"{needed // _MIB} MB: free some space and run this again."
        )
