"""How long to wait before a part that died is started again."""

from dataclasses import dataclass

FIRST_SECONDS = 0.5
LONGEST_SECONDS = 30.0
RAN_WELL_SECONDS = 60.0
"""A part that lived this long is forgiven what went before."""


@dataclass
class Backoff:
    """Exponential backoff: 0.5 s, 1 s, 2 s … 30 s, from the start after a good run."""

    _failures: int = 0

    def next_delay(self, ran_seconds: float) -> float:
        """Count one death and return the seconds to wait.

        Args:
            ran_seconds: How long the part had run.
        """
        if ran_seconds >= RAN_WELL_SECONDS:
            self._failures = 0
        delay = min(FIRST_SECONDS * 2.0**self._failures, LONGEST_SECONDS)
        self._failures += 1
        return delay
