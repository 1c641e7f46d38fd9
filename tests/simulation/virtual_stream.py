"""The stream: who puts on it, and how the drivers see it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from headwater_local.lambda_service.event_source.fakes import MemoryStream
from headwater_local.lambda_service.event_source.stream import (
    ReadResult,
    Record,
    Shard,
    StreamError,
)
from simulation.faults import Fault
from simulation.messages import Messages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headwater_contract.envelope import Entry
    from headwater_local.lambda_service.event_source.fakes import ManualClock
    from headwater_local.lambda_service.event_source.stream import Position
    from simulation.choices import Choices
    from simulation.faults import Faults
    from simulation.messages import Content
    from simulation.scheduler import Actor, Scheduler

NAME: Final = "clicks"
_PUTS: Final = (1, 2, 3, 5, 8, 13, 20, 30, 60)
_LULLS: Final = (0.5, 5.0, 90.0, 1800.0, 4000.0)


@dataclass(frozen=True, slots=True)
class Put:
    """A record on the stream and what it carries."""

    shard_id: str
    record: Record
    content: Content


@dataclass
class VirtualStream:
    """The stream with all that was ever put on it, by open and by closed shards.

    Each first shard founds a family: those it is split into, and merged with again.
    """

    clock: ManualClock
    shards: int

    def __post_init__(self) -> None:
        self.memory = MemoryStream(self.clock, self.shards)
        self.puts: list[Put] = []
        self.family = {shard.shard_id: shard.shard_id for shard in self.memory.shards()}
        self.open = list(self.family)
        self.last: dict[str, str] = {}
        self.readers: list[Actor] = []

    def put(self, shard_id: str, content: Content) -> Record:
        """Append a record."""
        record = self.memory.put(content.data, shard_id)
        self.puts.append(Put(shard_id, record, content))
        self.last[shard_id] = record.sequence_number
        return record

    def split(self, shard_id: str) -> tuple[str, ...]:
        """Close a shard and open its children."""
        children = self.memory.split(shard_id)
        self._replace([shard_id], children)
        return children

    def merge(self, one: str, other: str) -> str:
        """Close two shards of a family and open their child."""
        child = self.memory.merge(one, other)
        self._replace([one, other], [child])
        return child

    def _replace(self, closed: Sequence[str], opened: Sequence[str]) -> None:
        for shard_id in opened:
            self.family[shard_id] = self.family[closed[0]]
        self.open = [shard_id for shard_id in self.open if shard_id not in closed]
        self.open.extend(opened)


@dataclass
class Producer:
    """Puts records, at its own pace, and reshards in between."""

    stream: VirtualStream
    choices: Choices
    scheduler: Scheduler
    _repeatable: dict[str, list[Entry]] = field(default_factory=dict)

    def run(self) -> None:
        """Put all there is in this schedule."""
        messages = Messages(self.choices)
        for _ in range(1 + self.choices.below(self.choices.of(_PUTS))):
            self._wait()
            if self.choices.chance(0.04):
                self._reshard()
            self._put(messages)
            for reader in self.stream.readers:
                self.scheduler.unpark(reader)

    def _wait(self) -> None:
        for _ in range(self.choices.below(6)):
            self.scheduler.pause()
        if self.choices.chance(0.1):
            self.scheduler.sleep(self.choices.of(_LULLS))

    def _put(self, messages: Messages) -> None:
        shard_id = self.choices.of(self.stream.open)
        sent = self._repeatable.setdefault(self.stream.family[shard_id], [])
        content = messages.record(self.stream.clock.now(), sent)
        record = self.stream.put(shard_id, content)
        sent.extend(content.accepted)
        self.scheduler.tell(lambda: f"puts {record.sequence_number} on {shard_id[-3:]}: {content}")

    def _reshard(self) -> None:
        shard_id = self.choices.of(self.stream.open)
        family = self.stream.family[shard_id]
        kin = [other for other in self.stream.open if self.stream.family[other] == family]
        opened = self.stream.merge(*kin[:2]) if len(kin) > 1 else self.stream.split(shard_id)
        self.scheduler.tell(lambda: f"reshards {shard_id[-3:]}; opened {opened}")


@dataclass
class PolledStream:
    """The stream port of one driver, which reads one family of shards or, for None, all."""

    stream: VirtualStream
    scheduler: Scheduler
    choices: Choices
    faults: Faults
    family: str | None

    def shards(self) -> Sequence[Shard]:
        """List the shards that are this driver's.

        Raises:
            StreamError: a fault.
        """
        self._reach()
        family = self.stream.family
        listed = self.stream.memory.shards()
        return [s for s in listed if self.family in (None, family[s.shard_id])]

    def read(self, shard_id: str, position: Position, limit: int) -> ReadResult:
        """Read as Kinesis does, sometimes less than there is.

        Raises:
            StreamError: a fault.
        """
        self._reach()
        if self.faults.strikes(Fault.STREAM_GIVES_LITTLE):
            limit = 1 + self.choices.below(limit)
        result = self.stream.memory.read(shard_id, position, limit)
        self.scheduler.tell(lambda: f"reads {shard_id[-3:]}: {_sequences(result)}")
        return result

    def _reach(self) -> None:
        self.scheduler.pause()
        if self.faults.strikes(Fault.STREAM_REFUSES):
            self.scheduler.tell(lambda: Fault.STREAM_REFUSES)
            raise StreamError(Fault.STREAM_REFUSES)


def _sequences(result: ReadResult) -> str:
    numbers = ", ".join(record.sequence_number for record in result.records)
    return (numbers or "nothing") + (", and it is closed" if result.closed else "")
