"""The tables, shared by all writers, with every way in which a commit can go wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from headwater_contract.tables import TABLES
from headwater_writer.publish.ledger import LEDGER
from headwater_writer.publish.memory_table import (
    LostError,
    MemoryStore,
    MemoryTable,
    Metadata,
    Phase,
    Step,
)
from headwater_writer.publish.publisher import Publisher
from headwater_writer.staged.offering import OfferingTable
from headwater_writer.writer import Writer
from inline import Inline
from simulation.faults import Crash, Fault, Faults, StorageError
from simulation.messages import LENIENT, STRICT

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from headwater_local.lambda_service.event_source.fakes import ManualClock
    from headwater_writer.publish.fence import Change
    from headwater_writer.publish.lookup import Position
    from headwater_writer.publish.memory_table import DataFile
    from headwater_writer.publish.table import Head, Opaque, PublishedTable
    from headwater_writer.rows.rows import Row, Rules
    from headwater_writer.staged.offering import Offers
    from simulation.choices import Choices
    from simulation.scheduler import Actor, Scheduler

GROUP: Final = "writer"
_FREEZES: Final = (61.0, 600.0, 7200.0)
_DELAYS: Final = (0.0, 0.5, 30.0, 3600.0)
_STAGED: Final = 0.8
"""How many writers of a stack in staged mode are in it: some are of a version before."""
_CLOCK_ERRORS: Final = (0, 0, 0, 5, -5)
"""Minutes that a process's clock is ahead."""

Place = tuple[str, int, int]
"""Where a row comes from: shard, sequence number, index in the record."""


def place_of(row: Mapping[str, Any]) -> Place:
    """Return where a row comes from."""
    return row["ingest_shard"], int(row["ingest_sequence"]), row["ingest_index"]


Loaded = tuple[Place, datetime]
"""A row: where it comes from, and when its batch was written.

A message may be written again after a rewind, and the first row of it come back with another.
"""


def loaded(row: Mapping[str, Any]) -> Loaded:
    """Return what tells a row from others of its message."""
    return place_of(row), row.get("load_time") or row["failed_at"]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What everything in a schedule happens in."""

    choices: Choices
    clock: ManualClock
    scheduler: Scheduler
    faults: Faults
    watchers: list[Actor] = field(default_factory=list)
    """Who looks at the tables again when one has changed."""

    def now(self) -> datetime:
        """Return the time, aware UTC."""
        return datetime.fromtimestamp(self.clock.now(), UTC)

    def pause(self, longest: float) -> None:
        """Let a drawn time pass, of at most so many seconds."""
        self.scheduler.sleep(longest * self.choices.below(3) / 2)


class VirtualStore(MemoryStore):
    """A table whose swaps of metadata may fail, lose their answer, or take effect late.

    Of each row it remembers when and in which snapshot it landed, and of one that came late, on
    which snapshot that was decided; snapshots are numbered as they come. It knows whether it was
    ever taken back, and whether to a snapshot that had been left behind before.
    """

    def __init__(self, name: str, around: Surroundings) -> None:
        super().__init__()
        self.name = name
        self.landed_at: dict[Loaded, datetime] = {}
        self.landed_in: dict[Loaded, int] = {}
        self.decided_late: dict[Loaded, int] = {}
        self.taken_back = False
        self.brought_back = False
        self._around = around

    def swap(self, base: Metadata, successor: Metadata) -> bool:
        """Replace the metadata if it is still ``base``.

        Raises:
            LostError: a fault; it was replaced, or will be, or not.
        """
        strikes, tell = self._around.faults.strikes, self._around.scheduler.tell
        if strikes(Fault.SWAP_FAILS):
            tell(lambda: f"{self.name}: {Fault.SWAP_FAILS}")
            raise LostError(Fault.SWAP_FAILS)
        if strikes(Fault.SWAP_LATE):
            tell(lambda: f"{self.name}: {Fault.SWAP_LATE}")
            self._swap_later(base, successor)
            raise LostError(Fault.SWAP_LATE)
        landed = self._land(base, successor)
        if strikes(Fault.SWAP_ANSWER_LOST):
            tell(lambda: f"{self.name}: {Fault.SWAP_ANSWER_LOST}")
            raise LostError(Fault.SWAP_ANSWER_LOST)
        return landed

    def land(self, base: Metadata, successor: Metadata) -> bool:
        """Replace the metadata if it is still ``base``, without a fault."""
        landed = super().swap(base, successor)
        if landed:
            for watcher in self._around.watchers:
                self._around.scheduler.unpark(watcher)
        return landed

    def _land(self, base: Metadata, successor: Metadata) -> bool:
        landed = self.land(base, successor)
        if landed:
            assert successor.newest is not None
            now, rows = self._around.now(), [*map(loaded, _added(successor))]
            self.landed_at.update(dict.fromkeys(rows, now))
            self.landed_in.update(dict.fromkeys(rows, successor.newest))
        self._around.scheduler.tell(lambda: f"{self.name}: {_described(successor, landed)}")
        return landed

    def _swap_later(self, base: Metadata, successor: Metadata) -> None:
        def arrive() -> None:
            self._around.scheduler.sleep(self._around.choices.of(_DELAYS))
            self._land(base, successor)

        self._around.scheduler.start("late request", arrive)


@dataclass(frozen=True, slots=True)
class Watched:
    """Hands on the baton at every step of a writer, and makes the step fail."""

    name: str
    around: Surroundings
    crashes: Fault = Fault.WRITER_CRASHES

    def __call__(self, step: Step, moment: Phase) -> None:
        """Let others go first; then let a fault strike, or not."""
        if moment == "before":
            self._pause()
        self._strike(self.crashes, Crash)
        if moment == "before" and step != "swap":
            self._strike(Fault.STORAGE_FAILS, StorageError)
        if moment == "after" and step != "swap":
            self.around.scheduler.tell(lambda: f"{self.name}: {step}")

    def _pause(self) -> None:
        if not self.around.faults.strikes(Fault.FREEZE):
            self.around.scheduler.pause()
            return
        self.around.scheduler.tell(lambda: Fault.FREEZE)
        self.around.scheduler.sleep(self.around.choices.of(_FREEZES))
        self.around.scheduler.tell(lambda: "thaws")

    def _strike(self, fault: Fault, error: type[BaseException]) -> None:
        if self.around.faults.strikes(fault):
            self.around.scheduler.tell(lambda: f"{self.name}: {fault}")
            raise error(fault)


class VirtualTable(MemoryTable):
    """A process's view of a table that notes what its late rows were decided on."""

    _asked = 0

    def positions(self, shard: str, sequences: Collection[str], head: Head) -> Collection[Position]:
        """Return the positions of rows, and remember which state was asked."""
        self._asked = head.history.newest or 0
        return super().positions(shard, sequences, head)

    def commit(self, staged: DataFile | None, head: Head, change: Change) -> int:
        """Commit, and note of rows that come late what that was decided on."""
        self.note(staged, change)
        return super().commit(staged, head, change)

    def note(self, staged: DataFile | None, change: Change) -> None:
        """Note of rows that are about to come late what that was decided on."""
        assert isinstance(self._store, VirtualStore)
        if any(name.startswith(LEDGER) and not text for name, text in change.summary.items()):
            decided = dict.fromkeys(map(loaded, staged or ()), self._asked)
            self._store.decided_late.update(decided)


class VirtualOffering(OfferingTable):
    """A table that offers its commits, and notes what late rows were decided on."""

    def commit(self, staged: Opaque | None, head: Head, change: Change) -> int:
        """Offer the commit and wait for it."""
        assert isinstance(self.table, VirtualTable)
        self.table.note(staged, change)
        return super().commit(staged, head, change)


@dataclass
class VirtualLake:
    """Every table of the contract, and the rules that new processes are deployed with.

    ``offers`` is the queue of a stack in staged mode.
    """

    around: Surroundings
    rules: Rules = LENIENT
    offers: Offers | None = None
    replayed: set[Place] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.stores = {table.name: VirtualStore(table.name, self.around) for table in TABLES}

    def tables(self) -> Mapping[str, VirtualTable]:
        """Return a new process's view of every table, by its name."""
        return {
            table.name: VirtualTable(
                self.stores[table.name], table, Watched(table.name, self.around)
            )
            for table in TABLES
        }

    def writer(self, tables: Mapping[str, VirtualTable] | None = None) -> Writer:
        """Return the writer of a new process, with a clock of its own.

        Some start with other rules: while a version is deployed, two are there.
        """
        rules = self.rules
        if self.around.choices.chance(0.1):
            rules = STRICT if rules is LENIENT else LENIENT
        ahead = timedelta(minutes=self.around.choices.of(_CLOCK_ERRORS))

        def now() -> datetime:
            return self.around.now() + ahead

        publisher = Publisher(tables or self._published(), GROUP, now, self.around.pause)
        return Writer(lambda: publisher, rules, now, Inline())

    def _published(self) -> Mapping[str, PublishedTable]:
        """Return a new process's tables as it commits to them."""
        tables, offers = self.tables(), self.offers
        if offers is None or not self.around.choices.chance(_STAGED):
            return tables
        return {
            name: VirtualOffering(table, offers, self.around.pause, _ignore)
            for name, table in tables.items()
        }

    def rows(self, table: str) -> Sequence[Mapping[str, Any]]:
        """Return the rows of a table."""
        return self.stores[table].rows


def _ignore(_reason: str) -> None:
    pass


def _added(successor: Metadata) -> list[Row]:
    """Return the rows that the newest snapshot has and its parent has not."""
    assert successor.newest is not None
    snapshot = successor.snapshots[successor.newest]
    parent = None if snapshot.parent is None else successor.snapshot(snapshot.parent)
    before = set() if parent is None else set(parent.manifests)
    return [
        row for manifest in snapshot.manifests if manifest not in before for row in manifest.file
    ]


def _described(successor: Metadata, landed: bool) -> str:
    assert successor.newest is not None
    summary = successor.snapshots[successor.newest].summary
    claims = ", ".join(f"{name[-3:]}/{summary.get(name)}" for name in summary if "/" in name)
    places = (f"{sequence}.{index}" for _, sequence, index in map(place_of, _added(successor)))
    verb = "commits" if landed else "loses the race for"
    return f"{verb} {claims}: rows {', '.join(places)}"
