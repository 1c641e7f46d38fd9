"""Every port in memory: for tests, and for runs against a virtual stream and clock."""

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from headwater_local.lambda_service.event_source.checkpoints import Checkpoint
from headwater_local.lambda_service.event_source.event import KinesisEvent
from headwater_local.lambda_service.event_source.on_failure import DestinationError, DiscardedBatch
from headwater_local.lambda_service.event_source.ports import Ports
from headwater_local.lambda_service.event_source.stream import (
    AfterSequence,
    AtTimestamp,
    Position,
    ReadResult,
    Record,
    Shard,
    StreamError,
    TrimHorizon,
)


@dataclass
class ManualClock:
    """Time that passes only when told to, from an arbitrary day in 2025."""

    seconds: float = 1_750_000_000.0

    def now(self) -> float:
        """Return the seconds since the Unix epoch."""
        return self.seconds

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.seconds += seconds


@dataclass
class _MemoryShard:
    parents: tuple[str, ...]
    records: list[Record] = field(default_factory=list)
    closed: bool = False


class MemoryStream:
    """A stream that holds its records for ever and fails when told to.

    Sequence numbers rise over all shards and, like those of Kinesis, are
    decimal numbers of varying length: comparing them as text is wrong.
    """

    def __init__(self, clock: ManualClock, shards: int = 1) -> None:
        self._clock = clock
        self._shards: dict[str, _MemoryShard] = {}
        self._last_sequence = 95
        self.failures: list[StreamError] = []
        self.reads: list[str] = []
        for _ in range(shards):
            self._open(())

    def put(
        self, data: bytes, shard_id: str = "shardId-000000000000", partition_key: str = "p"
    ) -> Record:
        """Append a record that arrives now."""
        self._last_sequence += 1
        record = Record(str(self._last_sequence), partition_key, data, self._clock.now())
        self._shards[shard_id].records.append(record)
        return record

    def split(self, shard_id: str) -> tuple[str, str]:
        """Close a shard and open its two children."""
        self._shards[shard_id].closed = True
        return self._open((shard_id,)), self._open((shard_id,))

    def merge(self, one: str, other: str) -> str:
        """Close two shards and open their common child."""
        self._shards[one].closed = self._shards[other].closed = True
        return self._open((one, other))

    def expire(self, shard_id: str) -> None:
        """Forget a shard, as when its retention is over."""
        del self._shards[shard_id]

    def shards(self) -> Sequence[Shard]:
        """Return all shards, or raise the next failure."""
        self._fail()
        return [Shard(shard_id, shard.parents) for shard_id, shard in self._shards.items()]

    def read(self, shard_id: str, position: Position, limit: int) -> ReadResult:
        """Return the records after the position, or raise the next failure."""
        self.reads.append(shard_id)
        self._fail()
        if shard_id not in self._shards:
            raise StreamError(f"{shard_id} not found")
        shard = self._shards[shard_id]
        left = [record for record in shard.records if _is_after(record, position)]
        records, more = tuple(left[:limit]), left[limit:]
        return ReadResult(
            records=records,
            next_position=AfterSequence(records[-1].sequence_number) if records else position,
            closed=shard.closed and not more,
            millis_behind=int((self._clock.now() - more[0].arrived_at) * 1000) + 1 if more else 0,
        )

    def _open(self, parents: tuple[str, ...]) -> str:
        shard_id = f"shardId-{len(self._shards):012d}"
        self._shards[shard_id] = _MemoryShard(parents)
        return shard_id

    def _fail(self) -> None:
        if self.failures:
            raise self.failures.pop(0)


def _is_after(record: Record, position: Position) -> bool:
    match position:
        case TrimHorizon():
            return True
        case AtTimestamp(seconds):
            return record.arrived_at >= seconds
        case AfterSequence(sequence_number):
            return int(record.sequence_number) > int(sequence_number)


class MemoryFunction:
    """A function that remembers its events and answers as the given callable does."""

    def __init__(self, answer: Callable[[KinesisEvent], object] = lambda _event: None) -> None:
        self.answer = answer
        self.events: list[KinesisEvent] = []

    def invoke(self, event: KinesisEvent) -> object:
        """Remember the event and answer; errors of the callable pass through."""
        self.events.append(copy.deepcopy(event))
        return self.answer(event)

    @property
    def batches(self) -> list[list[str]]:
        """The sequence numbers of every invocation, in order."""
        return [
            [record["kinesis"]["sequenceNumber"] for record in event["Records"]]
            for event in self.events
        ]


class MemoryCheckpoints:
    """Checkpoints that last as long as this object."""

    def __init__(self) -> None:
        self.saved: dict[str, Checkpoint] = {}

    def load(self) -> Mapping[str, Checkpoint]:
        """Return a copy of what was saved."""
        return dict(self.saved)

    def save(self, shard_id: str, checkpoint: Checkpoint) -> None:
        """Replace the checkpoint of one shard."""
        self.saved[shard_id] = checkpoint


class MemoryOnFailure:
    """A destination that keeps batches and fails when told to."""

    def __init__(self) -> None:
        self.batches: list[DiscardedBatch] = []
        self.failures: list[DestinationError] = []

    def send(self, batch: DiscardedBatch) -> None:
        """Keep the batch, or raise the next failure."""
        if self.failures:
            raise self.failures.pop(0)
        self.batches.append(batch)


class MemoryWorld:
    """One of each, wired: what stays when an event source crashes and another takes over."""

    def __init__(
        self, shards: int = 1, answer: Callable[[KinesisEvent], object] = lambda _event: None
    ) -> None:
        self.clock = ManualClock()
        self.stream = MemoryStream(self.clock, shards)
        self.function = MemoryFunction(answer)
        self.checkpoints = MemoryCheckpoints()
        self.on_failure = MemoryOnFailure()

    @property
    def ports(self) -> Ports:
        """The ports of this world."""
        return Ports(self.stream, self.function, self.checkpoints, self.on_failure, self.clock)
