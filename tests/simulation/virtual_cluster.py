"""The cluster: the real rounds on virtual ports, by a driver that is started again when it dies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from headwater_contract.kinesis_event import ReceivedRecord
from headwater_contract.tables import EVENTS, IDENTIFIES
from headwater_local.lambda_service.event_source.stream import (
    AfterSequence,
    StreamError,
    TrimHorizon,
)
from headwater_writer.cluster.reading import Page, Reading, Source, SourceError
from headwater_writer.cluster.rounds import Outcome, Rounds, Shaped
from headwater_writer.cluster.shaping import End, Limits, shaped
from headwater_writer.publish.memory_table import UnreadableError
from headwater_writer.publish.repeats import WINDOW
from headwater_writer.publish.settle import PublishError
from simulation.faults import Crash, StorageError
from simulation.virtual_stream import NAME, PolledStream

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from headwater_local.lambda_service.event_source.stream import Position, Record
    from headwater_writer.cluster.plan import ShardPlan, Span
    from headwater_writer.publish.joint import Heads
    from headwater_writer.publish.repeats import Digest
    from headwater_writer.publish.table import Head, PublishedTable
    from headwater_writer.rows.rows import Row, Rules
    from simulation.virtual_lake import Surroundings, VirtualLake
    from simulation.virtual_mapping import VirtualMapping
    from simulation.virtual_stream import VirtualStream

_PAUSES: Final = (0.0, 1.0, 300.0, 7200.0)
_LULLS: Final = (0.0, 0.5, 60.0, 4000.0)
_TIERS: Final = ((False, True), (True, False), (False, True), (True, True))
_PAGES: Final = (10_000, 1, 3)
_LIMITS: Final = (Limits(), Limits(600, 1), Limits(600, 2, failed_bytes=0))

_FAILURES: Final = (SourceError, StorageError, PublishError, UnreadableError, ValueError)
"""What fails a round; the last is a record that cannot be read, without quarantine."""


@dataclass
class Tiers:
    """Which tiers are switched on: the event source mapping, the cluster, or both by mistake."""

    mapping: bool = True
    cluster: bool = False


@dataclass
class Switch:
    """Hands the stream over from one tier to the other, and back, some times."""

    tiers: Tiers
    stream: VirtualStream
    mappings: Sequence[VirtualMapping]
    around: Surroundings

    def run(self) -> None:
        """Hand it over as often as this schedule does; what is at work ends what it is at."""
        choices = self.around.choices
        for _ in range(1 + choices.below(5)):
            for _ in range(choices.below(60)):
                self.around.scheduler.pause()
            self.around.scheduler.sleep(choices.of(_LULLS))
            self.tiers.mapping, self.tiers.cluster = choices.of(_TIERS)
            self.around.scheduler.tell(lambda: f"switches {self.tiers}")
            if choices.chance(0.3):
                choices.of(self.mappings).deliver_later_half()
            for reader in self.stream.readers:
                self.around.scheduler.unpark(reader)


@dataclass(frozen=True, slots=True)
class VirtualSource:
    """The stream as a task of the cluster reads it."""

    polled: PolledStream
    page: int

    def shards(self) -> Mapping[str, Sequence[str]]:
        """Return the shards, each with its parents.

        Raises:
            SourceError: a fault.
        """
        try:
            listed = self.polled.shards()
        except StreamError as error:
            raise SourceError(str(error)) from error
        return {_name(each.shard_id): [*map(_name, each.parents)] for each in listed}

    def pages(self, shard: str, span: Span) -> Iterator[Page]:
        """Yield what follows.

        Raises:
            SourceError: a fault.
        """
        position: Position = TrimHorizon()
        start = span.after if span.at is None else span.at - 1
        if start is not None:
            position = AfterSequence(str(start))
        shard_id = shard.removeprefix(f"{NAME}/")
        while True:
            try:
                result = self.polled.read(shard_id, position, self.page)
            except StreamError as error:
                raise SourceError(str(error)) from error
            records = [_received(shard, record) for record in result.records]
            yield Page(records, result.millis_behind, result.closed)
            position = result.next_position


@dataclass(frozen=True, slots=True)
class VirtualEngine:
    """A cluster whose tasks run one after the other, with others between any two steps."""

    source: Source
    tables: Mapping[str, PublishedTable]
    rules: Rules
    limits: Limits

    def shaped(self, plans: Sequence[ShardPlan], heads: Heads, now: datetime) -> Shaped:
        """Read, shape and stage what is plain of some shards."""
        ends: list[End] = []
        rows: dict[str, list[Row]] = {EVENTS.name: [], IDENTIFIES.name: []}
        failing: dict[str, Sequence[Row]] = {}
        for plan in plans:
            of_shard: list[Row] = []
            reading = Reading(self.source, plan.shard, plan.plain)
            for each in shaped(reading, self.rules, now, self.limits):
                if isinstance(each, End):
                    ends.append(each)
                    continue
                since = now - WINDOW
                rows[EVENTS.name] += self._fresh(
                    EVENTS.name, plan.shard, each.events, since, heads.events
                )
                rows[IDENTIFIES.name] += self._fresh(
                    IDENTIFIES.name, plan.shard, each.identifies, since, heads.identifies
                )
                of_shard += each.failed
            failing[plan.shard] = of_shard
        staged = {name: self.tables[name].stage(found) for name, found in rows.items() if found}
        return Shaped(ends, failing, staged, {name: len(found) for name, found in rows.items()})

    def _fresh(
        self, name: str, shard: str, rows: Mapping[Digest, Row], since: datetime, head: Head
    ) -> Iterator[Row]:
        recent = {*self.tables[name].recent(shard, since, head)} if rows else set()
        return (row for digest, row in rows.items() if digest not in recent)


@dataclass
class VirtualCluster:
    """A job that runs rounds while it is switched on, and a new one after it died."""

    tiers: Tiers
    stream: VirtualStream
    lake: VirtualLake
    around: Surroundings
    _asked: int = 0
    _done: int = 0

    def read_again(self) -> None:
        """Have the stream read from its start, whichever process does it."""
        self._asked += 1

    def run(self) -> None:
        """Run rounds for ever."""
        while True:
            try:
                self._run_rounds(self._process())
            except Crash:
                self.around.scheduler.tell(lambda: "the cluster's driver dies")
            self.around.scheduler.sleep(self.around.choices.of(_PAUSES))

    def _run_rounds(self, rounds: Rounds) -> None:
        while self.tiers.cluster:
            seen, asked = self._seen(), self._asked
            try:
                if self._done < asked:
                    rounds.read_again()
                outcome = self._round(rounds)
            except _FAILURES:
                self.around.scheduler.tell(lambda: "a round fails")
                self.around.scheduler.sleep(1.0)
                continue
            self._done = asked
            if outcome is Outcome.IDLE and seen == self._seen():
                self.around.scheduler.park()
            self.around.scheduler.pause()
        self.around.scheduler.park()

    def _round(self, rounds: Rounds) -> Outcome:
        outcome = rounds.run()
        while rounds.reads_again:
            outcome = rounds.run()
        self.around.scheduler.tell(lambda: f"a round ends: {outcome.value}")
        return outcome

    def _seen(self) -> tuple[object, ...]:
        """Return what a round that finds nothing to do has found: more may have come meanwhile."""
        tables = [id(store.metadata) for store in self.lake.stores.values()]
        return self._asked, len(self.stream.puts), len(self.stream.family), *tables

    def _process(self) -> Rounds:
        around, tables = self.around, self.lake.tables()
        polled = PolledStream(self.stream, around.scheduler, around.choices, around.faults, None)
        source = VirtualSource(polled, around.choices.of(_PAGES))
        writer = self.lake.writer(tables)
        engine = VirtualEngine(source, tables, writer.rules, around.choices.of(_LIMITS))
        return Rounds(writer.publisher(), writer, source, engine, writer.now)


def _name(shard_id: str) -> str:
    return f"{NAME}/{shard_id}"


def _received(shard: str, record: Record) -> ReceivedRecord:
    return ReceivedRecord(shard, record.sequence_number, record.data)
