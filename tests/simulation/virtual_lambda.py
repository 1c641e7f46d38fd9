"""Lambda: warm processes that run the real handler, time out, freeze, thaw and die."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, cast

from headwater_local.lambda_service.event_source.function import (
    FunctionError,
    FunctionUnavailableError,
)
from headwater_writer.handler import handle
from simulation.faults import Crash, Fault

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger

    from headwater_local.lambda_service.event_source.event import KinesisEvent, KinesisEventRecord
    from headwater_writer.writer import Writer
    from simulation.scheduler import Actor
    from simulation.virtual_lake import Surroundings, VirtualLake

TIMEOUT_SECONDS: Final = 60.0
_TO_THE_END: Final = 1e9


class _Silent:
    """A logger for nobody."""

    def info(self, message: str, **fields: object) -> None:
        """Say nothing."""

    def exception(self, message: str, **fields: object) -> None:
        """Say nothing."""


_NO_LOG = cast("Logger", _Silent())


@dataclass
class Invocation:
    """A run of the handler; ``error`` is why it failed."""

    answer: object = None
    error: str | None = None


@dataclass
class VirtualLambda:
    """The function: as many processes as run at once, the idle ones kept with their memory."""

    lake: VirtualLake
    around: Surroundings
    has_gaps: bool
    idle: list[tuple[str, Writer]] = field(default_factory=list)
    failures: int = 0
    _started: int = 0

    def invoke(self, event: KinesisEvent) -> object:
        """Run the handler beside the caller, who waits for it no longer than the timeout.

        Raises:
            FunctionUnavailableError: a fault.
            FunctionError: the handler raised, died, took too long, or its answer is lost.
            Crash: the caller dies meanwhile; the invocation goes on.
        """
        around = self.around
        around.scheduler.pause()
        if around.faults.strikes(Fault.FUNCTION_UNAVAILABLE):
            around.scheduler.tell(lambda: Fault.FUNCTION_UNAVAILABLE)
            raise FunctionUnavailableError
        self._deliver_pieces(event["Records"])
        self._deliver_with_gaps(event["Records"])
        invocation, actor = self._start(event["Records"])
        around.faults.crash(Fault.DRIVER_CRASHES)
        if not around.scheduler.join(actor, TIMEOUT_SECONDS):
            raise self._failed("timed out")
        if invocation.error is None and around.faults.strikes(Fault.FUNCTION_ANSWER_LOST):
            raise self._failed(Fault.FUNCTION_ANSWER_LOST)
        if invocation.error is not None:
            raise self._failed(invocation.error)
        around.scheduler.tell(lambda: f"is answered {invocation.answer}")
        return invocation.answer

    def deliver(self, records: list[KinesisEventRecord]) -> None:
        """Run the handler to its end, for somebody who does not ask how it ended."""
        _, actor = self._start(records)
        self.around.scheduler.join(actor, _TO_THE_END)

    def _failed(self, reason: str) -> FunctionError:
        self.failures += 1
        self.around.scheduler.tell(lambda: f"is told that the function failed: {reason}")
        return FunctionError("Unhandled", reason)

    def _deliver_pieces(self, records: list[KinesisEventRecord]) -> None:
        """Deliver runs of the batch as well, before it or beside it: a mapping may bisect."""
        while len(records) > 1 and self.around.faults.strikes(Fault.PIECE_DELIVERED):
            first = self.around.choices.below(len(records))
            last = first + self.around.choices.below(len(records) - first)
            _, actor = self._start(records[first : last + 1])
            if self.around.choices.below(2):
                self.around.scheduler.join(actor, _TO_THE_END)

    def _deliver_with_gaps(self, records: list[KinesisEventRecord]) -> None:
        """Deliver every other record first, as a parallelization factor or a filter does."""
        if (
            self.has_gaps
            and len(records) > 2
            and self.around.faults.strikes(Fault.DELIVERED_WITH_GAPS)
        ):
            self.deliver(records[::2])

    def _start(self, records: list[KinesisEventRecord]) -> tuple[Invocation, Actor]:
        name, writer = self._process()
        invocation = Invocation()
        numbers = [record["kinesis"]["sequenceNumber"] for record in records]
        self.around.scheduler.tell(lambda: f"invokes {name} with {', '.join(numbers)}")
        event = cast("dict[str, Any]", {"Records": records})

        def run() -> None:
            try:
                invocation.answer = handle(event, writer, _NO_LOG)
            except Crash as crash:
                invocation.error = str(crash)
                return
            except Exception as error:  # noqa: BLE001 - as Lambda takes whatever a handler raises
                invocation.error = repr(error)
            self.idle.append((name, writer))

        return invocation, self.around.scheduler.start(name, run)

    def _process(self) -> tuple[str, Writer]:
        place = self.around.choices.below(len(self.idle) + 1)
        if place < len(self.idle):
            return self.idle.pop(place)
        self._started += 1
        return f"writer {self._started}", self.lake.writer()
