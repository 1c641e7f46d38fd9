"""A step of maintenance, and whether it is time to do it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from headwater_writer.maintenance.moments import moment

Counts: TypeAlias = Mapping[str, int]

_SLACK: Final = timedelta(minutes=15)
"""A schedule does not strike to the second, and one that strikes early must not skip a turn."""


@dataclass(frozen=True, slots=True)
class Step:
    """A piece of a table's maintenance that can be done by itself, at any time and again.

    ``work`` is given the time (aware UTC), returns what it counted, and raises ``StepError``.
    ``is_pressing`` says that the table cannot wait until it is time again.
    """

    name: str
    every: timedelta
    work: Callable[[datetime], Counts]
    is_pressing: Callable[[], bool] = lambda: False

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
        """Return whether it is time to do it, by the table's properties."""
        try:
            done = moment(properties.get(self.done_property, ""))
        except ValueError:  # Never, or nobody knows when.
            return True
        # Later than now: it was noted by a clock that was ahead, and says nothing.
        return now - done >= self.every - _SLACK or done > now + _SLACK
