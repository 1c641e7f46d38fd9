"""The event source mapping: the real driver on virtual ports, started again when it dies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from headwater_local.lambda_service.event_source.event import kinesis_event
from headwater_local.lambda_service.event_source.fakes import MemoryCheckpoints
from headwater_local.lambda_service.event_source.mapping import EventSourceMapping, StartingPosition
from headwater_local.lambda_service.event_source.ports import Ports
from headwater_local.lambda_service.event_source.source import EventSource
from headwater_local.lambda_service.event_source.stream import AfterSequence
from simulation.faults import Crash, Fault
from simulation.virtual_stream import NAME, PolledStream

if TYPE_CHECKING:
    from collections.abc import Mapping

    from headwater_local.lambda_service.event_source.checkpoints import Checkpoint
    from simulation.choices import Choices
    from simulation.virtual_cluster import Tiers
    from simulation.virtual_destination import VirtualOnFailure
    from simulation.virtual_lake import Surroundings
    from simulation.virtual_lambda import VirtualLambda
    from simulation.virtual_stream import VirtualStream

_BATCH_SIZES: Final = (1, 2, 4, 7, 20)
_WINDOWS: Final = (0, 0, 1, 5)
_RETRIES: Final = (3, 1, 0, None)
_AGES: Final = (None, None, None, 60, 600)
_PAUSES: Final = (0.0, 1.0, 300.0)


def draw_mapping(choices: Choices, largest_batch: int) -> EventSourceMapping:
    """Return a mapping with options that Lambda takes."""
    return EventSourceMapping(
        uuid="00000000-0000-4000-8000-000000000001",
        stream_arn=f"arn:aws:kinesis:us-east-1:000000000000:stream/{NAME}",
        stream_name=NAME,
        region="us-east-1",
        function_arn="arn:aws:lambda:us-east-1:000000000000:function:headwater-writer",
        starting_position=StartingPosition.TRIM_HORIZON,
        batch_size=min(choices.of(_BATCH_SIZES), largest_batch),
        batching_window_seconds=choices.of(_WINDOWS),
        bisect_batch_on_function_error=bool(choices.below(2)),
        report_batch_item_failures=True,
        maximum_retry_attempts=choices.of(_RETRIES),
        maximum_record_age_seconds=choices.of(_AGES),
        on_failure_bucket="failed",
    )


class VirtualCheckpoints(MemoryCheckpoints):
    """Checkpoints whose writer may die right before or after a save."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__()
        self._around = around

    def save(self, shard_id: str, checkpoint: Checkpoint) -> None:
        """Replace the checkpoint of one shard."""
        self._around.scheduler.pause()
        self._around.faults.crash(Fault.DRIVER_CRASHES)
        super().save(shard_id, checkpoint)
        self._around.scheduler.tell(lambda: f"saves {shard_id[-3:]}: {checkpoint}")
        self._around.faults.crash(Fault.DRIVER_CRASHES)


@dataclass
class VirtualMapping:
    """One mapping, or one of several on the same stream: what outlives its driver's crashes."""

    mapping: EventSourceMapping
    stream: VirtualStream
    family: str | None
    function: VirtualLambda
    on_failure: VirtualOnFailure
    tiers: Tiers
    around: Surroundings

    def __post_init__(self) -> None:
        self.checkpoints = VirtualCheckpoints(self.around)

    def run(self) -> None:
        """Run a driver for ever, and another one after it died."""
        while True:
            try:
                self._drive(EventSource(self.mapping, self._ports()), self.checkpoints)
            except Crash:
                self.around.scheduler.tell(lambda: Fault.DRIVER_CRASHES)
            self.around.scheduler.sleep(self.around.choices.of(_PAUSES))

    @property
    def caught_up(self) -> bool:
        """Whether all that is on the stream is dealt with and checkpointed."""
        shards = [
            shard_id
            for shard_id, family in self.stream.family.items()
            if self.family in (None, family)
        ]
        return all(self._dealt_with(shard_id, self.checkpoints.saved) for shard_id in shards)

    def read_again(self) -> None:
        """Read the stream from its start, as a mapping does that is made anew.

        A driver that is in the middle of a step ends it, and what it invoked goes on.
        """
        self.checkpoints = VirtualCheckpoints(self.around)

    def deliver_later_half(self) -> None:
        """Deliver half of a batch, after which nobody comes back for the half before it."""
        for shard_id in self.checkpoints.saved:
            left = [put.record for put in self.stream.puts if put.shard_id == shard_id]
            checkpoint = self.checkpoints.saved[shard_id]
            if isinstance(checkpoint.position, AfterSequence):
                last = int(checkpoint.position.sequence_number)
                left = [each for each in left if int(each.sequence_number) > last]
            batch = left[: self.mapping.batch_size]
            if len(batch) > 1:
                half = kinesis_event(self.mapping, shard_id, batch[len(batch) // 2 :])
                self.function.deliver(half["Records"])
                return

    def _drive(self, source: EventSource, checkpoints: VirtualCheckpoints) -> None:
        while self.checkpoints is checkpoints:
            if not self.tiers.mapping:
                self.around.scheduler.park()
                continue
            self.around.faults.crash(Fault.DRIVER_CRASHES)
            wait = source.step()
            if not wait:
                continue
            if self.caught_up:
                self.around.scheduler.park()
            else:
                self.around.scheduler.sleep(wait)

    def _ports(self) -> Ports:
        around = self.around
        stream = PolledStream(
            self.stream, around.scheduler, around.choices, around.faults, self.family
        )
        return Ports(stream, self.function, self.checkpoints, self.on_failure, around.clock)

    def _dealt_with(self, shard_id: str, saved: Mapping[str, Checkpoint]) -> bool:
        last = self.stream.last.get(shard_id)
        checkpoint = saved.get(shard_id)
        if shard_id not in self.stream.open:
            return checkpoint is not None and checkpoint.ended
        if last is None:
            return True
        return checkpoint is not None and checkpoint.position == AfterSequence(last)
