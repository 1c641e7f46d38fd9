"""A clock that never goes back, for the AWS stand-in to run on.

The stand-in numbers the records of a stream by the time of day, and reads a shard on after the
greatest number that was read. If the machine's clock is set back, new records would get numbers
that are skipped, or that tables take for written. So the stand-in's time stands still until the
machine's has caught up, and numbers grow by their count meanwhile.

The interpreter that has the stand-in has none of our dependencies: this imports the standard
library alone.
"""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Lock


class MonotonicClock:
    """Returns the time of day in seconds since the Unix epoch, and never less than before.

    ``file`` has a whole second that is later than all returned ones, so that this holds over
    restarts too; it is written once a second at most.
    """

    def __init__(self, file: Path, now: Callable[[], float] = time.time) -> None:
        self._file = file
        self._now = now
        self._lock = Lock()
        self._latest: float = kept_seconds(file)
        self._kept: float = self._latest

    def __call__(self) -> float:
        """Return the time."""
        with self._lock:
            self._latest = max(self._latest, self._now())
            if self._latest >= self._kept:
                self._keep(int(self._latest) + 2)
            return self._latest

    def _keep(self, seconds: int) -> None:
        self._kept = seconds
        # On a full disk the stand-in goes on, and `up` ends it.
        with suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            written = self._file.with_suffix(".new")
            with written.open("w") as file:
                file.write(str(seconds))
                file.flush()
                os.fsync(file.fileno())
            written.replace(self._file)


def kept_seconds(file: Path) -> int:
    """Return the second in a clock's file, 0 if there is none."""
    try:
        return int(file.read_text())
    except (OSError, ValueError):
        return 0
