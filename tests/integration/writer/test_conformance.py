"""The table in memory, which the simulation trusts, behaves as real Iceberg does."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from headwater_writer.ledger import NOWHERE, Range
from headwater_writer.memory_table import MemoryStore, MemoryTable, Moment, Step

from headwater_contract.tables import EVENTS
from headwater_writer.java import JavaObject
from headwater_writer.maintenance.rewind import rewind
from headwater_writer.maintenance.still_ledgers import STILL_FOR, forget_still_ledgers
from headwater_writer.maintenance.table import MaintainedTable
from headwater_writer.publish import (
    CommitConflictError,
    CommitUnknownError,
    PublishedTable,
    publish,
)
from integration.writer.interceptor import Interceptor, pass_on
from integration.writer.marks import SPARK
from integration.writer.place import Place
from integration.writer.play import SHARDS, Lost, Play, Stage
from integration.writer.test_exactly_once import batch
from integration.writer.test_lost_answers import Outage, catalog_through
from simulation.choices import Choices
from unit.writer.builders import sequences

pytestmark = SPARK

STEPS = 16


@dataclass
class RealStage:
    """A table in Iceberg, whose processes reach the catalog through a wire."""

    place: Place
    wire: Interceptor

    def __post_init__(self) -> None:
        self.place.lake().table(EVENTS)
        self.place.hurry("events")
        self.catalog = catalog_through(self.place, self.wire)

    def process(self) -> PublishedTable:
        return self.place.lake(self.catalog).table(EVENTS)

    def sequences(self) -> list[int]:
        return self.place.sequences("events")

    def compact(self) -> None:
        self.place.compact("events")

    def expire(self) -> None:
        self.place.expire_snapshots("events")

    def rewind(self, back: int) -> None:
        table = MaintainedTable(self.place.spark, self.place.database, EVENTS)
        kept = ancestry(table.load())
        rewind(table, kept[min(back, len(kept) - 1)], dry_run=False)

    def forget(self) -> None:
        table = MaintainedTable(self.place.spark, self.place.database, EVENTS)
        forget_still_ledgers(table, datetime.now(UTC))
        forget_still_ledgers(table, datetime.now(UTC) + STILL_FOR)

    @contextmanager
    def losing(self, lost: Lost) -> Iterator[None]:
        outage = Outage(lands=lost == "answer")
        self.wire.script = outage
        try:
            yield
        finally:
            # One that no commit began must not begin with a later one.
            self.wire.script = pass_on


@dataclass
class MemoryStage:
    """The model of it."""

    store: MemoryStore = field(default_factory=MemoryStore)
    lost: Lost | None = None

    def process(self) -> PublishedTable:
        return MemoryTable(self.store, EVENTS, lambda: datetime.now(UTC), watch=self._watch)

    def sequences(self) -> list[int]:
        return sequences(self.store)

    def compact(self) -> None:
        self.store.compact()

    def expire(self) -> None:
        self.store.expire_snapshots(keep=1)

    def rewind(self, back: int) -> None:
        kept = [snapshot.id for snapshot in self.store.metadata.ancestry()]
        self.store.rewind(kept[min(back, len(kept) - 1)])

    def forget(self) -> None:
        self.store.forget_ledgers()

    @contextmanager
    def losing(self, lost: Lost) -> Iterator[None]:
        self.lost = lost
        try:
            yield
        finally:
            self.lost = None

    def _watch(self, step: Step, moment: Moment) -> None:
        when: Moment = "before" if self.lost == "request" else "after"
        if self.lost and (step, moment) == ("swap", when):
            raise CommitUnknownError(self.lost)


def ancestry(table: JavaObject) -> list[int]:
    """Return the ids of a table's newest snapshot and those before it, as far as they are kept."""
    found, snapshot = [], table.currentSnapshot()
    while snapshot is not None:
        found.append(snapshot.snapshotId())
        parent = snapshot.parentId()
        snapshot = None if parent is None else table.snapshot(parent)
    return found


@pytest.fixture
def real(place: Place) -> Iterator[RealStage]:
    with Interceptor(place.endpoint) as wire:
        yield RealStage(place, wire)


@pytest.mark.parametrize("seed", range(4))
def test_the_model_shows_what_iceberg_shows(real: RealStage, seed: int) -> None:
    shown = Play(real, Choices.seeded(seed)).run(STEPS)

    assert Play(MemoryStage(), Choices.seeded(seed)).run(STEPS) == shown


def test_both_refuse_what_was_decided_on_an_empty_table_whose_history_is_cut(
    real: RealStage,
) -> None:
    assert [_history_cut(stage) for stage in (real, MemoryStage())] == [[1, 1, 2, 2, 3, 3]] * 2


def _history_cut(stage: Stage) -> list[int]:
    zombie, other = stage.process(), stage.process()
    mine = batch(1, 3)
    head, staged = zombie.head(SHARDS[0]), zombie.stage(mine.rows)
    for shard in SHARDS:
        again = batch(1, 3, shard)
        other.commit(other.stage(again.rows), other.head(shard), shard, Range(1, 3))
    stage.expire()
    with pytest.raises(CommitConflictError):
        zombie.commit(staged, head, SHARDS[0], Range(1, 3))
    return stage.sequences()


def test_both_refuse_a_zombie_whose_ledger_was_forgotten_and_let_a_writer_go_on(
    real: RealStage,
) -> None:
    assert [_forgotten(stage) for stage in (real, MemoryStage())] == ["1-3,4-4; 1, 2, 3, 4"] * 2


def _forgotten(stage: Stage) -> str:
    zombie, writer = stage.process(), stage.process()
    before, staged = zombie.head(SHARDS[0]), zombie.stage(batch(1, 3).rows)
    publish(stage.process(), batch(1, 3, SHARDS[0]))
    head = writer.head(SHARDS[0])
    stage.forget()
    assert zombie.head(SHARDS[0]).ranges == NOWHERE
    with pytest.raises(CommitConflictError):
        zombie.commit(staged, before, SHARDS[0], Range(1, 3))
    writer.commit(writer.stage(batch(4, 4, SHARDS[0]).rows), head, SHARDS[0], Range(4, 4))
    return f"{writer.head(SHARDS[0]).ranges}; {', '.join(map(str, stage.sequences()))}"
