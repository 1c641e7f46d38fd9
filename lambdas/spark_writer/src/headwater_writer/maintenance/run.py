"""A maintenance run: a table under its lease, step by step while there is time.

Whatever ends a run, nothing is half done: a step that is broken off leaves what it committed and
at worst files that no snapshot knows, and the next run does the rest.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Final, Protocol

from headwater_writer.maintenance import lease
from headwater_writer.maintenance.errors import LeaseHeldError, LeaseLostError, StepError
from headwater_writer.maintenance.properties import Properties, update
from headwater_writer.maintenance.report import Size, StepReport, TableReport
from headwater_writer.maintenance.step import Step

TRIES: Final = 3
"""A step may lose to a commit that came between, and may then win."""

MIN_SECONDS: Final = 30
"""A step is not begun with less time than this."""


class Maintained(Properties, Protocol):
    """A table that steps are done to."""

    @property
    def name(self) -> str:
        """The table's name."""

    def size(self) -> Size:
        """Read what it consists of."""


@dataclass(frozen=True, slots=True)
class Worker:
    """Who does the steps.

    ``holder`` names it in leases and is nobody else's. ``now`` is the clock, aware UTC;
    ``seconds_left`` the time that it has; what runs inside ``within(seconds)`` is broken off, with
    a ``StepError``, when they are over. ``tell`` hears of each step (table, step) as it begins.
    """

    holder: str
    now: Callable[[], datetime]
    seconds_left: Callable[[], float]
    within: Callable[[float], AbstractContextManager[None]]
    tell: Callable[[str, str], None]

    def maintain(
        self, table: Maintained, steps: Iterable[Step], wanted: Collection[str] = ()
    ) -> TableReport:
        """Do the steps that are due, or the ``wanted`` ones whether due or not."""
        before = table.size()
        done: list[StepReport] = []
        refused = None
        try:
            update(table, lambda found: lease.taken(found, self.holder, self.now()))
        except LeaseHeldError as error:
            return TableReport(table.name, before, before, refused=str(error))
        try:
            done.extend(self._do(table, step) for step in self._to_do(table, steps, wanted))
        except LeaseLostError as error:
            refused = str(error)
        finally:
            update(table, lambda found: lease.released(found, self.holder))
        return TableReport(table.name, before, table.size(), done, refused)

    def _to_do(
        self, table: Maintained, steps: Iterable[Step], wanted: Collection[str]
    ) -> Iterable[Step]:
        properties = table.read().properties
        for step in steps:
            is_to_do = step.name in wanted if wanted else step.is_due(properties, self.now())
            if is_to_do and self.seconds_left() >= MIN_SECONDS:
                yield step

    def _do(self, table: Maintained, step: Step) -> StepReport:
        self.tell(table.name, step.name)
        started = self.now()
        report = self._try(step)
        update(table, partial(self._noted, step, report))
        return replace(report, seconds=round((self.now() - started).total_seconds(), 3))

    def _try(self, step: Step) -> StepReport:
        error = ""
        for _ in range(TRIES):
            try:
                with self.within(self.seconds_left()):
                    return StepReport(step.name, "done", 0, step.work(self.now()))
            except StepError as failure:
                error = str(failure)
            if self.seconds_left() < MIN_SECONDS:
                return StepReport(step.name, "cut off", 0, error=error)
        return StepReport(step.name, "failed", 0, error=error)

    def _noted(
        self, step: Step, report: StepReport, properties: Mapping[str, str]
    ) -> Mapping[str, str]:
        held = lease.renewed(properties, self.holder, self.now())
        if report.outcome != "done":
            return held
        return {**held, step.done_property: self.now().isoformat()}
