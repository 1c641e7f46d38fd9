"""The steps of maintenance by name, how often each is due, and whether it is due now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from headwater_writer.maintenance.properties import parse_time

Counts: TypeAlias = Mapping[str, int]

_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)

INTERVALS: Final[Mapping[str, timedelta]] = {
    "compaction": _HOUR,
    "manifests": _HOUR,
    "expiry": _HOUR,
    "orphans": _DAY,
    "ledgers": _DAY,
    # The longest step comes last, and has all the time that the others left.
    "repeats": _DAY,
}
"""How often each step is due, in the order in which they are done."""

NAMES: Final = tuple(INTERVALS)

_SLACK: Final = timedelta(minutes=15)
"""A schedule does not strike to the second, and one that strikes early must not skip a turn."""


@dataclass(frozen=True, slots=True)
class Step:
    """A piece of a table's maintenance that can be done by itself, at any time and repeatedly.

    ``work`` is given the time (aware UTC), returns what it counted, and raises ``StepError``.
    ``is_urgent`` says that the table cannot wait until the step is due.
    """

    name: str
    every: timedelta
    work: Callable[[datetime], Counts]
    is_urgent: Callable[[], bool] = lambda: False

    @property
    def done_property(self) -> str:
        """The table property that holds when the step was last done."""
        return f"headwater.maintenance.done.{self.name}"

    @property
    def cut_offs_property(self) -> str:
        """The table property that counts how often in a row its time ended before the step."""
        return f"headwater.maintenance.cut-offs.{self.name}"

    def cut_offs(self, properties: Mapping[str, str]) -> int:
        """Return how often in a row its time ended before the step, by the table's properties."""
        text = properties.get(self.cut_offs_property, "")
        return int(text) if text.isdecimal() else 0

    def is_due(self, properties: Mapping[str, str], now: datetime) -> bool:
        """Return whether it is time for the step, by the table's properties."""
        try:
            done = parse_time(properties.get(self.done_property, ""))
        except ValueError:  # Never done, or nobody knows when.
            return True
        # Later than now: noted by a clock that was ahead, so it says nothing.
        return now - done >= self.every - _SLACK or done > now + _SLACK
