"""Whether this machine's clock was set back behind what the stream and the tables hold."""

import time
from collections.abc import Callable
from pathlib import Path

from headwater_local.ministack.held_clock import kept_seconds

TOLERATED_SECONDS = 30.0
"""Iceberg takes a commit that is up to a minute older than the one before
(``TableMetadata.ONE_MINUTE``), and refuses any that is older."""


class StreamClock:
    """This machine's clock beside the stand-in's, which never goes back.

    Until the two agree, no table takes a commit: what is handed over would fail, and be given up on
    at last. On the stream it is safe.
    """

    def __init__(self, file: Path, now: Callable[[], float] = time.time) -> None:
        self._file = file
        self._now = now

    def held_until(self) -> float:
        """Return when commits will be taken again (epoch seconds), 0.0 while they are."""
        until = kept_seconds(self._file) - TOLERATED_SECONDS
        return until if self._now() < until else 0.0
