"""What time it is, for whoever must not ask the machine itself."""

import time
from typing import Protocol


class Clock(Protocol):
    """The wall clock: record ages are measured against arrival times of the stream."""

    def now(self) -> float:
        """Return the seconds since the Unix epoch."""
        ...


class SystemClock:
    """The clock of this machine."""

    def now(self) -> float:
        """Return the seconds since the Unix epoch."""
        return time.time()
