"""Tables in memory: the port of ``publish`` over a model of Iceberg's commit.

What is modelled is what the protocol leans on. Metadata is never changed, only replaced, and only
where nobody replaced it since (Glue's lock). A commit that loses that race is built again on the
newest metadata, fence first. Snapshots know their parents and may expire; staged files are seen by
nobody; a compaction is a commit without a ledger. What outlives a process is a ``MemoryStore``,
what dies with it a ``MemoryTable``. No threads, no clock, no randomness: a test that watches the
steps decides what happens between any two, and which of them fail.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import Final, Literal, TypeAlias

from headwater_contract.tables import FAILED_RECORDS, Table
from headwater_writer.fence import Change, claiming, coming_late, is_spoiled
from headwater_writer.late import place, without_held
from headwater_writer.ledger import Range
from headwater_writer.maintenance.rewound import rewound
from headwater_writer.publish import CommitConflictError, Head
from headwater_writer.repeats import WINDOW, RecentByShard, RecentEvents, key
from headwater_writer.rows import Row

COMMIT_RETRIES: Final = 20
"""As ``commit.retry.num-retries`` of the real tables."""

DataFile: TypeAlias = tuple[Row, ...]
Step = Literal["head", "recent", "search", "stage", "swap"]

Moment = Literal["before", "after"]

Watch: TypeAlias = Callable[[Step, Moment], None]
"""Called before each step and after it took effect; what it raises ends the step.

Raised after ``swap``, ``CommitUnknownError`` is a lost answer; any other exception, a crash.
"""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A state of the table's data: the files that hold it, and how it came about."""

    id: int
    parent: int | None
    summary: Mapping[str, str]
    files: tuple[DataFile, ...]


@dataclass(frozen=True, slots=True)
class Metadata:
    """A table as one metadata file describes it; ``current`` is the newest snapshot's id."""

    snapshots: Mapping[int, Snapshot] = field(default_factory=dict)
    current: int | None = None
    properties: Mapping[str, str] = field(default_factory=dict)

    @property
    def files(self) -> tuple[DataFile, ...]:
        """The files of the newest snapshot."""
        return () if self.current is None else self.snapshots[self.current].files

    @property
    def rows(self) -> list[Row]:
        """The rows of the newest snapshot."""
        return [row for file in self.files for row in file]

    def ancestry(self) -> Iterator[Snapshot]:
        """Yield the newest snapshot, its parent and so on, as far as they have not expired."""
        number = self.current
        while number is not None and number in self.snapshots:
            yield self.snapshots[number]
            number = self.snapshots[number].parent

    def with_snapshot(
        self, number: int, summary: Mapping[str, str], files: tuple[DataFile, ...]
    ) -> "Metadata":
        """Return the table with a new newest snapshot, which holds ``files``."""
        snapshot = Snapshot(number, self.current, summary, files)
        return replace(self, snapshots={**self.snapshots, number: snapshot}, current=number)

    def rewound_to(self, number: int) -> "Metadata":
        """Return the table at one of its snapshots, with the note of it."""
        goal = replace(self, current=number)
        here, there = ({each.id for each in table.ancestry()} for table in (self, goal))
        path = [self.snapshots[each].summary for each in sorted(here ^ there)]
        return replace(goal, properties=rewound(self.properties, path))

    def with_property(self, name: str, value: str) -> "Metadata":
        """Return the table with a property set."""
        return replace(self, properties={**self.properties, name: value})


class MemoryStore:
    """What all processes share: the newest metadata, and the right to replace it."""

    def __init__(self) -> None:
        self.metadata = Metadata()
        self._snapshots_made = 0

    @property
    def rows(self) -> list[Row]:
        """What a query finds."""
        return self.metadata.rows

    def swap(self, base: Metadata, successor: Metadata) -> bool:
        """Replace the metadata where it is still ``base``; return whether it was."""
        if self.metadata is not base:
            return False
        self.metadata = successor
        return True

    def new_snapshot_id(self) -> int:
        """Return an id that no snapshot has."""
        self._snapshots_made += 1
        return self._snapshots_made

    def compact(self) -> None:
        """Rewrite all files as one, as maintenance does: a snapshot whose summary has no ledger."""
        summary = {"operation": "replace"}
        files = (tuple(self.rows),)
        self.metadata = self.metadata.with_snapshot(self.new_snapshot_id(), summary, files)

    def rewind(self, number: int) -> None:
        """Take the table back to a snapshot, as maintenance does."""
        self.metadata = self.metadata.rewound_to(number)

    def forget_ledgers(self) -> None:
        """Forget all properties, as maintenance does with those of shards that are long still."""
        self.metadata = replace(self.metadata, properties={})

    def expire_snapshots(self, keep: int) -> None:
        """Forget all but the newest ``keep`` snapshots; the data of the newest stays."""
        newest = islice(self.metadata.ancestry(), keep)
        kept = {snapshot.id: snapshot for snapshot in newest}
        self.metadata = replace(self.metadata, snapshots=kept)


def unwatched(_step: Step, _moment: Moment, /) -> None:
    """Let every step succeed."""


class MemoryTable:
    """A process's view of one table, with the memory that the process would lose.

    ``now`` is the clock, aware UTC; ``watch`` is told of every step.
    """

    def __init__(
        self,
        store: MemoryStore,
        table: Table,
        now: Callable[[], datetime],
        group: str = "writer",
        watch: Watch = unwatched,
    ) -> None:
        self._store = store
        self._table = table
        self._now = now
        self._group = group
        self._watch = watch
        self._recent = RecentByShard()

    def head(self, shard: str) -> Head:
        """Read the newest metadata and the shard's ledger in it."""
        with self._step("head"):
            metadata = self._store.metadata
        return Head.of(metadata.properties, self._group, shard, metadata)

    def recent(self, shard: str, head: Head) -> RecentEvents | None:
        """Return the shard's recent events; read from the table only where others wrote to it."""
        if self._table is FAILED_RECORDS:
            return None
        state = head.ranges, head.late
        return self._recent.at(shard, state, lambda: self._read_recent(shard))

    def absent(self, shard: str, rows: Sequence[Row], head: Head) -> Sequence[Row]:
        """Return the rows whose position and event no row of the table has at ``head``."""
        with self._step("search"):
            held = head.base.rows
        places = {place(row) for row in held if row["ingest_shard"] == shard}
        events = {key(row) for row in held if "event_id" in row}
        return without_held(rows, places, events)

    def stage(self, rows: Sequence[Row]) -> DataFile:
        """Write a data file that no snapshot holds."""
        with self._step("stage"):
            return tuple(rows)

    def commit(self, staged: DataFile, head: Head, shard: str, claim: Range) -> None:
        """Append the file and set the shard's ledger, on ``head`` or on what came after it.

        Raises:
            CommitConflictError: the fence closed, or others won every race.
        """
        self._commit(staged, head, claiming(self._group, shard, head.ranges, claim))
        state = head.ranges, head.late
        self._recent.committed(shard, state, head.ranges.adding(claim), staged)

    def insert(self, staged: DataFile, head: Head, shard: str, place: Range) -> None:
        """Append the file and note where its rows came late, on ``head`` or what came after it.

        Raises:
            CommitConflictError: the fence closed, or others won every race.
        """
        self._commit(staged, head, coming_late(self._group, shard, head.late, place))

    def _commit(self, staged: DataFile, head: Head, change: Change) -> None:
        for _ in range(1 + COMMIT_RETRIES):
            # Iceberg refreshes before the first try too.
            base = self._store.metadata
            if is_spoiled(change.spoiled_by, head.base.current, _states(base)):
                raise CommitConflictError("the shard's ledger moved since it was read")
            if self._append(base, staged, change):
                return
        raise CommitConflictError("others won every race")

    def _append(self, base: Metadata, staged: DataFile, change: Change) -> bool:
        summary = {"operation": "append", **change.summary}
        files = (*base.files, staged)
        successor = base.with_snapshot(self._store.new_snapshot_id(), summary, files)
        for name, value in change.properties.items():
            successor = successor.with_property(name, value)
        with self._step("swap"):
            return self._store.swap(base, successor)

    def _read_recent(self, shard: str) -> RecentEvents:
        now = self._now()
        with self._step("recent"):
            rows = [row for row in self._store.rows if row["ingest_shard"] == shard]
        recent = RecentEvents()
        recent.add([key(row) for row in rows if row["load_time"] >= now - WINDOW], now)
        return recent

    @contextmanager
    def _step(self, step: Step) -> Iterator[None]:
        self._watch(step, "before")
        yield
        self._watch(step, "after")


def _states(metadata: Metadata) -> Iterator[tuple[int | None, Mapping[str, str]]]:
    parent: int | None = None
    for snapshot in metadata.ancestry():
        yield snapshot.id, snapshot.summary
        parent = snapshot.parent
    if parent is None:
        yield None, {}
