"""The tables, shared by all writers, with every way in which a commit can go wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from headwater_writer.memory_table import MemoryStore, MemoryTable, Metadata, Moment, Step

from headwater_contract.tables import TABLES
from headwater_writer.publish import CommitUnknownError
from simulation.faults import Crash, Fault, Faults, StorageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from headwater_writer.ledger import Range
    from headwater_writer.memory_table import DataFile

    from headwater_local.lambda_service.event_source.fakes import ManualClock
    from headwater_writer.publish import Head, PublishedTable
    from simulation.choices import Choices
    from simulation.scheduler import Scheduler

GROUP: Final = "writer"
_FREEZES: Final = (61.0, 600.0, 7200.0)
_DELAYS: Final = (0.0, 0.5, 30.0, 3600.0)

Place = tuple[str, int, int]
"""Where a row comes from: shard, sequence number, index in the record."""


def place_of(row: Mapping[str, Any]) -> Place:
    """Return where a row comes from."""
    return row["ingest_shard"], int(row["ingest_sequence"]), row["ingest_index"]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What everything in a schedule happens in."""

    choices: Choices
    clock: ManualClock
    scheduler: Scheduler
    faults: Faults

    def now(self) -> datetime:
        """Return the time, aware UTC."""
        return datetime.fromtimestamp(self.clock.now(), UTC)


class VirtualStore(MemoryStore):
    """A table whose swaps of metadata may fail, lose their answer, or take effect late.

    Of each row it remembers when and in which snapshot it landed, and of one that came late, on
    which snapshot that was decided; snapshots are numbered as they come.
    """

    def __init__(self, name: str, around: Surroundings) -> None:
        super().__init__()
        self.name = name
        self.landed_at: dict[Place, datetime] = {}
        self.landed_in: dict[Place, int] = {}
        self.decided_late: dict[Place, int] = {}
        self._around = around

    def swap(self, base: Metadata, successor: Metadata) -> bool:
        """Replace the metadata where it is still ``base``.

        Raises:
            CommitUnknownError: a fault; it was replaced, or will be, or not.
        """
        strikes, tell = self._around.faults.strikes, self._around.scheduler.tell
        if strikes(Fault.SWAP_FAILS):
            tell(lambda: f"{self.name}: {Fault.SWAP_FAILS}")
            raise CommitUnknownError(Fault.SWAP_FAILS)
        if strikes(Fault.SWAP_LATE):
            tell(lambda: f"{self.name}: {Fault.SWAP_LATE}")
            self._swap_later(base, successor)
            raise CommitUnknownError(Fault.SWAP_LATE)
        landed = self._land(base, successor)
        if strikes(Fault.SWAP_ANSWER_LOST):
            tell(lambda: f"{self.name}: {Fault.SWAP_ANSWER_LOST}")
            raise CommitUnknownError(Fault.SWAP_ANSWER_LOST)
        return landed

    def land(self, base: Metadata, successor: Metadata) -> bool:
        """Replace the metadata where it is still ``base``, without a fault."""
        return super().swap(base, successor)

    def _land(self, base: Metadata, successor: Metadata) -> bool:
        landed = self.land(base, successor)
        if landed:
            assert successor.current is not None
            now, places = self._around.now(), [place_of(row) for row in successor.files[-1]]
            self.landed_at.update(dict.fromkeys(places, now))
            self.landed_in.update(dict.fromkeys(places, successor.current))
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

    def __call__(self, step: Step, moment: Moment) -> None:
        """Let others go first; then let a fault strike, or not."""
        if moment == "before":
            self._pause()
        self._strike(Fault.WRITER_CRASHES, Crash)
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

    def insert(self, staged: DataFile, head: Head, shard: str, place: Range) -> None:
        """Insert what comes late.

        Raises:
            CommitConflictError: nothing was made visible.
            CommitUnknownError: it is not known whether anything was.
        """
        assert isinstance(self._store, VirtualStore)
        decided_on = head.base.current or 0
        self._store.decided_late.update((place_of(row), decided_on) for row in staged)
        super().insert(staged, head, shard, place)


@dataclass
class VirtualLake:
    """Every table of the contract."""

    around: Surroundings

    def __post_init__(self) -> None:
        self.stores = {table.name: VirtualStore(table.name, self.around) for table in TABLES}

    def seen_by_a_process(self) -> Mapping[str, PublishedTable]:
        """Return the tables as a new process has them."""
        return {
            table.name: VirtualTable(
                self.stores[table.name],
                table,
                self.around.now,
                GROUP,
                Watched(table.name, self.around),
            )
            for table in TABLES
        }


def _described(successor: Metadata, landed: bool) -> str:
    assert successor.current is not None
    summary = successor.snapshots[successor.current].summary
    claims = ", ".join(f"{name[-3:]}/{text}" for name, text in summary.items() if "/" in name)
    places = (f"{row['ingest_sequence']}.{row['ingest_index']}" for row in successor.files[-1])
    verb = "commits" if landed else "loses the race for"
    return f"{verb} {claims}: rows {', '.join(places)}"
