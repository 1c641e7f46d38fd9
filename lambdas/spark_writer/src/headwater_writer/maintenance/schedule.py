"""The steps of maintenance by name, how often each is due, and whether it is due now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias

from headwater_writer.maintenance.properties import parse_time
from headwater_writer.maintenance.report import Outcome

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

LONGEST_WAIT: Final = _DAY
"""How long a step waits at most that failed each time: until then twice as long each time."""

_SLACK: Final = timedelta(minutes=15)
"""A schedule does not strike to the second, and one that strikes early must not skip a turn."""


@dataclass(frozen=True, slots=True)
class Failures:
    """How often in a row a step failed, and when it last did (aware UTC)."""

    count: int
    last: datetime

    @classmethod
    def parse(cls, text: str) -> "Failures":
        """Return the failures that ``str`` gave.

        Raises:
            ValueError: the text is not of that form.
        """
        count, _, last = text.partition(" ")
        if not count.isdecimal():
            raise ValueError(f"{text!r} counts no failures")
        return cls(int(count), parse_time(last))

    def __str__(self) -> str:
        return f"{self.count} {self.last.isoformat()}"

    @property
    def wait(self) -> timedelta:
        """How long after the last one the step is due: an hour, then twice as long each time."""
        doublings = min(self.count - 1, LONGEST_WAIT // _HOUR)
        return min(_HOUR * (1 << doublings), LONGEST_WAIT)

    def one_more(self, now: datetime) -> "Failures":
        """Return the failures after one more."""
        return Failures(self.count + 1, now)


NO_FAILURES: Final = Failures(0, datetime.min.replace(tzinfo=UTC))


def done_property(step: str) -> str:
    """Return the table property that holds when a step was last done."""
    return f"headwater.maintenance.done.{step}"


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
    def cut_offs_property(self) -> str:
        """The table property that counts how often in a row its time ended before the step."""
        return f"headwater.maintenance.cut-offs.{self.name}"

    def cut_offs(self, properties: Mapping[str, str]) -> int:
        """Return how often in a row its time ended before the step, by the table's properties."""
        text = properties.get(self.cut_offs_property, "")
        return int(text) if text.isdecimal() else 0

    @property
    def failures_property(self) -> str:
        """The table property that counts how often in a row it failed, and has the last time."""
        return f"headwater.maintenance.failures.{self.name}"

    def failures(self, properties: Mapping[str, str]) -> "Failures":
        """Return how often in a row it failed, by the table's properties."""
        try:
            return Failures.parse(properties.get(self.failures_property, ""))
        except ValueError:  # Never, or nobody knows how often.
            return NO_FAILURES

    def note(
        self, outcome: Outcome, properties: Mapping[str, str], now: datetime
    ) -> Mapping[str, str]:
        """Return what a table's properties are to say of the outcome (``noted``)."""
        if outcome == "cut off":
            return {self.cut_offs_property: str(self.cut_offs(properties) + 1)}
        if outcome == "failed":
            return {self.failures_property: str(self.failures(properties).one_more(now))}
        return {done_property(self.name): now.isoformat()}

    def noted(self, properties: Mapping[str, str], note: Mapping[str, str]) -> Mapping[str, str]:
        """Return the properties with the note, in place of the last one about trouble."""
        trouble = (self.cut_offs_property, self.failures_property)
        return {name: text for name, text in properties.items() if name not in trouble} | {**note}

    def is_due(self, properties: Mapping[str, str], now: datetime) -> bool:
        """Return whether it is time for the step, by the table's properties.

        One that failed is not retried at once: what it lacks, as room on the disk, it may lack for
        long, and each attempt takes its whole share of a run.
        """
        failures = self.failures(properties)
        if failures.count:
            return _is_over(failures.last, failures.wait, now)
        try:
            done = parse_time(properties.get(done_property(self.name), ""))
        except ValueError:  # Never done, or nobody knows when.
            return True
        return _is_over(done, self.every, now)


def _is_over(since: datetime, wait: timedelta, now: datetime) -> bool:
    # Later than now: noted by a clock that was ahead, so it says nothing.
    return now - since >= wait - _SLACK or since > now + _SLACK
