"""The tables in memory, which the simulation trusts, behave as real Iceberg does.

``SEEDS`` says how many plays there are; a scheduled run has hundreds.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import pytest

from headwater_contract.tables import EVENTS, TABLES
from headwater_writer.maintenance.properties import update
from headwater_writer.maintenance.rewind import rewind
from headwater_writer.maintenance.table import MaintainedTable
from headwater_writer.publish.fence import Change
from headwater_writer.publish.history import ancestry
from headwater_writer.publish.ledger import property_name
from headwater_writer.publish.memory_table import (
    LostError,
    MemoryStore,
    MemoryTable,
    Phase,
    Step,
)
from headwater_writer.publish.table import CommitError, PublishedTable, TableError
from integration.writer.batches import events_of, records
from integration.writer.faults import Loses, Lost, Outage, catalog_through
from integration.writer.interceptor import Interceptor, Script, pass_on
from integration.writer.marks import SPARK
from integration.writer.place import Place
from integration.writer.play import Play, Stage
from simulation.choices import Choices
from unit.writer.builders import GROUP, SHARD, sequences

pytestmark = SPARK

SEEDS: Final = int(os.environ.get("SEEDS", "2"))
STEPS: Final = 12

LEDGER: Final = property_name(GROUP, SHARD)
NOTHING: Final = Change({}, {})
CLAIM: Final = Change({LEDGER: "1-3"}, {LEDGER: "1-3"})


@dataclass
class RealStage:
    """Tables in Iceberg, whose processes reach the catalog through a wire."""

    place: Place
    wire: Interceptor

    def __post_init__(self) -> None:
        self.place.lake().tables()
        self.place.hurry("events")
        self.catalog = catalog_through(self.place, self.wire)

    @property
    def table(self) -> MaintainedTable:
        return MaintainedTable(self.place.spark, self.place.database, EVENTS)

    def process(self) -> Mapping[str, PublishedTable]:
        return self.place.lake(self.catalog).tables()

    def sequences(self, name: str) -> list[int]:
        return self.place.sequences(name)

    def compact(self) -> None:
        self.place.compact("events")

    def expire(self) -> None:
        self.place.expire_snapshots("events")

    def rewind(self, back: int) -> None:
        kept = self.place.ancestors("events")
        rewind(self.table, kept[min(back, len(kept) - 1)], dry_run=False)

    def roll_back(self, place: int) -> None:
        kept = self.place.snapshots("events")
        self.place.set_snapshot("events", kept[place % len(kept)])

    def forget(self) -> None:
        update(
            self.table,
            lambda found: {
                name: text for name, text in found.items() if not name.startswith("headwater.")
            },
        )

    def outage(self, *, lands: bool) -> AbstractContextManager[None]:
        return self._scripted(Outage(lands=lands))

    def losing(self, lost: Lost, meanwhile: Callable[[], None]) -> AbstractContextManager[None]:
        return self._scripted(Loses(lost, 1, meanwhile))

    def unreadable(self) -> list[int]:
        kept, readable = (
            find("events") for find in (self.place.snapshots, self.place.readable_snapshots)
        )
        return sorted({*kept} - {*readable})

    @contextmanager
    def _scripted(self, script: Script) -> Iterator[None]:
        self.wire.script = script
        try:
            yield
        finally:
            # What no commit began must not begin with a later one.
            self.wire.script = pass_on


@dataclass
class MemoryStage:
    """The model of them. ``fault`` watches the steps on events, and ``out`` says of an outage."""

    stores: Mapping[str, MemoryStore] = field(
        default_factory=lambda: {table.name: MemoryStore() for table in TABLES}
    )
    fault: Callable[[Step, Phase], None] | None = None
    is_out: bool = False

    @property
    def events(self) -> MemoryStore:
        return self.stores[EVENTS.name]

    def process(self) -> Mapping[str, PublishedTable]:
        return {
            table.name: MemoryTable(
                self.stores[table.name], table, partial(self._watch, table is EVENTS)
            )
            for table in TABLES
        }

    def sequences(self, name: str) -> list[int]:
        return sequences(self.stores[name])

    def compact(self) -> None:
        self.events.compact()

    def expire(self) -> None:
        self.events.expire_snapshots(keep=1)

    def rewind(self, back: int) -> None:
        metadata = self.events.metadata
        kept = [snapshot.id for snapshot in ancestry(metadata, metadata.newest)]
        self.events.rewind(kept[min(back, len(kept) - 1)])

    def roll_back(self, place: int) -> None:
        kept = sorted(self.events.metadata.snapshots)
        self.events.roll_back(kept[place % len(kept)])

    def forget(self) -> None:
        self.events.forget_ledgers()

    @contextmanager
    def outage(self, *, lands: bool) -> Iterator[None]:
        def begin() -> None:
            self.is_out = True

        try:
            with self._losing("answer" if lands else "request", begin):
                yield
        finally:
            self.is_out = False

    def losing(self, lost: Lost, meanwhile: Callable[[], None]) -> AbstractContextManager[None]:
        return self._losing(lost, meanwhile)

    def unreadable(self) -> list[int]:
        return [
            number
            for number, snapshot in self.events.metadata.snapshots.items()
            if not self.events.deleted.isdisjoint(snapshot.manifests)
        ]

    @contextmanager
    def _losing(self, lost: Lost, then: Callable[[], None]) -> Iterator[None]:
        at = ("swap", "before" if lost == "request" else "after")

        def fault(step: Step, moment: Phase) -> None:
            if (step, moment) == at:
                self.fault = None
                then()
                raise LostError(lost)

        self.fault = fault
        try:
            yield
        finally:
            self.fault = None

    def _watch(self, is_events: bool, step: Step, moment: Phase) -> None:
        if self.is_out:
            raise TableError("nothing is reached")
        if is_events and self.fault is not None:
            self.fault(step, moment)


@pytest.fixture
def real(place: Place, wire: Interceptor) -> RealStage:
    return RealStage(place, wire)


@pytest.mark.parametrize("seed", range(SEEDS))
def test_the_model_shows_what_iceberg_shows(real: RealStage, seed: int) -> None:
    shown = Play(real, Choices.seeded(seed)).run(STEPS)

    assert Play(MemoryStage(), Choices.seeded(seed)).run(STEPS) == shown
    assert shown[-1].endswith("cannot read []")


def test_both_refuse_a_commit_on_an_empty_table_whose_history_is_cut(real: RealStage) -> None:
    assert [_history_cut(stage) for stage in (real, MemoryStage())] == [[1, 1, 2, 2, 3, 3]] * 2


def _history_cut(stage: Stage) -> list[int]:
    zombie, other = (stage.process()[EVENTS.name] for _ in range(2))
    head, staged = zombie.head(), zombie.stage(events_of(records(1, 3)))
    for _ in range(2):
        other.commit(other.stage(events_of(records(1, 3))), other.head(), NOTHING)
    stage.expire()
    with pytest.raises(CommitError):
        zombie.commit(staged, head, NOTHING)
    return stage.sequences(EVENTS.name)


def test_both_take_a_writer_on_after_their_ledger_was_forgotten(real: RealStage) -> None:
    assert [_forgotten(stage) for stage in (real, MemoryStage())] == [[1, 2, 3, 4]] * 2


def _forgotten(stage: Stage) -> list[int]:
    zombie, writer = (stage.process()[EVENTS.name] for _ in range(2))
    before, staged = zombie.head(), zombie.stage(events_of(records(4, 4)))
    writer.commit(writer.stage(events_of(records(1, 3))), writer.head(), CLAIM)
    stage.forget()
    assert zombie.head().properties.get(LEDGER) is None
    with pytest.raises(CommitError):
        zombie.commit(staged, before, NOTHING)
    writer.commit(writer.stage(events_of(records(4, 4))), writer.head(), CLAIM)
    assert zombie.head().properties.get(LEDGER) == CLAIM.properties[LEDGER]
    return stage.sequences(EVENTS.name)
