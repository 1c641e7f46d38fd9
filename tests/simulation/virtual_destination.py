"""The on-failure destination, and the function that takes up what comes there."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from headwater_local.lambda_service.event_source.fakes import MemoryOnFailure
from headwater_local.lambda_service.event_source.on_failure import (
    DestinationError,
    invocation_record,
)
from headwater_writer.publish.memory_table import UnreadableError
from headwater_writer.replay.given_up import TooManyFailingError, batch_of, reprocess
from simulation.faults import Crash, Fault

if TYPE_CHECKING:
    from headwater_local.lambda_service.event_source.mapping import EventSourceMapping
    from headwater_local.lambda_service.event_source.on_failure import DiscardedBatch
    from simulation.virtual_lake import Surroundings, VirtualLake

_DELAYS: Final = (0.0, 1.0, 60.0, 7200.0)


@dataclass(frozen=True, slots=True)
class Sweep:
    """Takes up each batch that a mapping gave up on, until its records are written."""

    mapping: EventSourceMapping
    lake: VirtualLake
    around: Surroundings

    def start(self, batch: DiscardedBatch) -> None:
        """Take up a batch beside everything else; twice where its notification comes twice."""
        self.around.scheduler.start("sweep", lambda: self._run(batch))
        if self.around.faults.strikes(Fault.NOTIFIED_TWICE):
            self.around.scheduler.start("sweep again", lambda: self._run(batch))

    def _run(self, batch: DiscardedBatch) -> None:
        stored = json.dumps(invocation_record(self.mapping, batch, "request")).encode()
        while True:
            self.around.scheduler.sleep(self.around.choices.of(_DELAYS))
            if self._written(stored):
                break
        self.around.scheduler.tell(lambda: "is through")

    def _written(self, stored: bytes) -> bool:
        writer = self.lake.writer()
        try:
            return not reprocess(batch_of(stored), writer).failing
        except (Crash, TooManyFailingError, UnreadableError):
            return False


class VirtualOnFailure(MemoryOnFailure):
    """A destination that fails before or after it took a batch."""

    def __init__(self, around: Surroundings, sweep: Sweep | None) -> None:
        super().__init__()
        self._around = around
        self._sweep = sweep

    def send(self, batch: DiscardedBatch) -> None:
        """Keep the batch.

        Raises:
            DestinationError: a fault; the batch may have been kept.
        """
        self._around.scheduler.pause()
        self._around.faults.crash(Fault.DRIVER_CRASHES)
        if self._around.faults.strikes(Fault.DESTINATION_REFUSES):
            raise DestinationError(Fault.DESTINATION_REFUSES)
        super().send(batch)
        numbers = [record.sequence_number for record in batch.records]
        self._around.scheduler.tell(lambda: f"gives up on {', '.join(numbers)}: {batch.condition}")
        if self._sweep is not None:
            self._sweep.start(batch)
        if self._around.faults.strikes(Fault.DESTINATION_ANSWER_LOST):
            raise DestinationError(Fault.DESTINATION_ANSWER_LOST)
