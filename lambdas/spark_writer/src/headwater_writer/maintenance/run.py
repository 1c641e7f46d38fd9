"""A maintenance run: a table under its lease, step by step while there is time.

Whatever ends a run, nothing is half done: an interrupted step leaves what it committed, and at
worst files that no snapshot refers to; the next run does the rest.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Final, Protocol

from headwater_writer.maintenance import lease
from headwater_writer.maintenance.errors import (
    LeaseHeldError,
    LeaseLostError,
    MaintenanceError,
    StepError,
    TableGoneError,
)
from headwater_writer.maintenance.properties import Properties, update
from headwater_writer.maintenance.report import Outcome, Size, StepReport, TableReport
from headwater_writer.maintenance.schedule import Step

TRIES: Final = 3
"""A step may conflict with a commit, and succeed when it is retried."""

RESERVE_SECONDS: Final = 30
"""The end of a run's time: no step is started in it, and a running one is cut off when it begins.
It is left for the cut-off, releasing the lease and answering."""

MAX_CUT_OFFS: Final = 3
"""A step that is cut off this often in a row has failed: it needs more time than it gets."""


class Maintained(Properties, Protocol):
    """A table that steps are done to."""

    @property
    def name(self) -> str:
        """The table's name."""

    def size(self) -> Size:
        """Read its size."""


@dataclass(frozen=True, slots=True)
class Worker:
    """Does the steps.

    ``holder`` names it in leases and is unique. ``now`` is the clock, aware UTC; ``seconds_left``
    the time until the process is ended; what runs inside ``within(seconds)`` is cut off, with a
    ``StepError``, when they are over. ``on_step`` is called with table and step when one begins.
    """

    holder: str
    now: Callable[[], datetime]
    seconds_left: Callable[[], float]
    within: Callable[[float], AbstractContextManager[None]]
    on_step: Callable[[str, str], None]

    def to_do(
        self, table: Maintained, steps: Iterable[Step], wanted: Collection[str] = ()
    ) -> Sequence[Step]:
        """Return the steps that are due to a table, or the ``wanted`` ones whether due or not.

        Raises:
            MaintenanceError: the table cannot be read.
        """
        properties = table.read().properties
        return [
            step
            for step in steps
            if (step.name in wanted if wanted else self._is_due(step, properties))
        ]

    def _is_due(self, step: Step, properties: Mapping[str, str]) -> bool:
        return step.is_due(properties, self.now()) or step.is_urgent()

    def maintain(
        self,
        table: Maintained,
        steps: Iterable[Step],
        wanted: Collection[str] = (),
        later: int = 0,
    ) -> TableReport:
        """Do the steps that are due, or the ``wanted`` ones whether due or not.

        Each may take its share of the time: ``later`` is how many steps other tables still need.
        What a step leaves of its share is for later ones. Whatever goes wrong with the table is in
        the report: other tables must not wait for it.
        """
        done: list[StepReport] = []
        before, refused, error = None, None, None
        try:
            before = table.size()
            with self._leased(table):
                self._do_all(table, self.to_do(table, steps, wanted), later, done)
        except (LeaseHeldError, LeaseLostError, TableGoneError) as reason:
            refused = str(reason)
        except MaintenanceError as failure:
            error = str(failure)
        return TableReport(table.name, before, _size(table), done, refused, error)

    @contextmanager
    def _leased(self, table: Maintained) -> Iterator[None]:
        update(table, lambda found: lease.taken(found, self.holder, self.now()))
        try:
            yield
        finally:
            # Report what ended the work, rather than this. A lease that stays runs out by itself.
            with suppress(MaintenanceError):
                update(table, lambda found: lease.released(found, self.holder))

    def _do_all(
        self, table: Maintained, steps: Sequence[Step], later: int, done: list[StepReport]
    ) -> None:
        for index, step in enumerate(steps):
            share = (self.seconds_left() - RESERVE_SECONDS) / (len(steps) - index + later)
            if share > 0:
                done.append(self._do(table, step, share))

    def _do(self, table: Maintained, step: Step, share: float) -> StepReport:
        self.on_step(table.name, step.name)
        started = self.now()
        report = self._try(step, share)
        before = {} if report.outcome == "done" else table.read().properties
        note = step.note(report.outcome, before, self.now())
        update(table, partial(self._noted, step, note))
        return replace(_escalated(report, step.cut_offs(note)), seconds=self._since(started))

    def _try(self, step: Step, share: float) -> StepReport:
        started = self.now()
        failed = ""
        for _ in range(TRIES):
            try:
                with self.within(share - self._since(started)):
                    return StepReport(step.name, "done", 0, step.work(self.now()))
            except StepError as failure:
                if self._since(started) < share:
                    failed = str(failure)
                    continue
                # What failed by itself before has failed, and not only run out of time.
                outcome: Outcome = "failed" if failed else "cut off"
                return StepReport(step.name, outcome, 0, error=failed or str(failure))
        return StepReport(step.name, "failed", 0, error=failed)

    def _since(self, started: datetime) -> float:
        return round((self.now() - started).total_seconds(), 3)

    def _noted(
        self, step: Step, note: Mapping[str, str], properties: Mapping[str, str]
    ) -> Mapping[str, str]:
        return step.noted(lease.renewed(properties, self.holder, self.now()), note)


def _size(table: Maintained) -> Size | None:
    try:
        return table.size()
    except MaintenanceError:
        return None


def _escalated(report: StepReport, cut_offs: int) -> StepReport:
    if cut_offs < MAX_CUT_OFFS:
        return report
    error = f"cut off {cut_offs} times in a row: {report.error}"
    return replace(report, outcome="failed", error=error)
