"""Waiting for what another process or thread does."""

import time
from collections.abc import Callable
from typing import Final, TypeVar

Seen = TypeVar("Seen")

LONGEST_PAUSE: Final = 0.5
"""Seconds. Looking takes processor time from what is waited for."""


def eventually(
    look: Callable[[], Seen], seconds: float = 30.0, longest_pause: float = LONGEST_PAUSE
) -> Seen:
    """Call `look` until it gives something true, and return that; fail when the time is up."""
    deadline, pause = time.monotonic() + seconds, 0.02
    while not (seen := look()):
        assert time.monotonic() < deadline, f"still {seen!r} after {seconds} s"
        time.sleep(pause)
        pause = min(1.5 * pause, longest_pause)
    return seen
