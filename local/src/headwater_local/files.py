"""Files that are never half written."""

import os
from pathlib import Path


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
