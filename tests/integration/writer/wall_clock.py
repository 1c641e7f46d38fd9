"""A wall clock that a test moves under running processes."""

import platform
import shutil
import struct
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

COMPILER: Final = shutil.which("cc") if platform.system() == "Linux" else None
"""What builds the library by which processes are told another time; None where that cannot be."""

_SOURCE: Final = Path(__file__).with_suffix(".c")


class WallClock:
    """What processes started with its ``environment`` are told of the time of day.

    Their monotonic clock is left alone: a virtual machine's stands still with it.
    """

    def __init__(self, directory: Path) -> None:
        self._file = directory / "shift"
        self._library = directory / "wall_clock.so"
        self._shift = timedelta()
        self.move(self._shift)
        assert COMPILER is not None
        flags = ("-O2", "-Wall", "-Werror", "-shared", "-fPIC")
        subprocess.run([COMPILER, *flags, "-o", self._library, _SOURCE], check=True)

    @property
    def now(self) -> datetime:
        """The time that it shows, aware UTC."""
        return datetime.now(UTC) + self._shift

    @property
    def environment(self) -> Mapping[str, str]:
        """The variables of a process that this is the clock of."""
        return {"LD_PRELOAD": str(self._library), "WALL_CLOCK": str(self._file)}

    def move(self, by: timedelta) -> None:
        """Move it by whole seconds; its processes see that at once."""
        self._shift += by
        # Mapped by the processes, so written in place, in one go.
        with self._file.open("r+b" if self._file.exists() else "wb", buffering=0) as file:
            file.write(struct.pack("q", int(self._shift.total_seconds())))
