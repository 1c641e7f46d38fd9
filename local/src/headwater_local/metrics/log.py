"""Lines of the parts' logs, each read once, as they are written."""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

Line: TypeAlias = Mapping[str, Any]

_decode: Final = json.JSONDecoder().raw_decode


@dataclass
class LogFile:
    """A log that is appended to, and that another file may take the place of."""

    path: Path
    _inode: int = 0
    _offset: int = 0

    def new_lines(self) -> Iterator[Line]:
        """Yield the JSON objects that came since the last time; a line that is not whole waits."""
        try:
            file = self.path.open("rb")
        except FileNotFoundError:
            return
        with file:
            self._find_place(os.fstat(file.fileno()).st_ino)
            file.seek(self._offset)
            for line in file:
                if not line.endswith(b"\n"):
                    return
                self._offset += len(line)
                yield from _objects(line)

    def _find_place(self, inode: int) -> None:
        if inode != self._inode:
            self._inode, self._offset = inode, 0


def _objects(line: bytes) -> Iterator[Line]:
    # Tracebacks and what libraries print are between the lines that count. A line has several
    # objects where threads printed at once: `print` writes the text and its line break apart.
    rest = line.decode(errors="replace").strip()
    while rest.startswith("{"):
        try:
            found, end = _decode(rest)
        except json.JSONDecodeError:
            return
        yield found
        rest = rest[end:]
