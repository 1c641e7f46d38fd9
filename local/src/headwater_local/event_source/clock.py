"""What time it is, for whoever must not ask the machine itself."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """The wall clock: record ages are measured against arrival times of the stream."""

    def now(self) -> float:
        """Seconds since the Unix epoch."""
        ...


class SystemClock:
    """The clock of this machine."""

    def now(self) -> float:
        """Seconds since the Unix epoch."""
        return time.time()
