"""Tables in memory: the port of ``publisher`` over a model of Iceberg's commit.

It models what the protocol relies on. Metadata is never changed, only replaced, and only if it has
not been replaced since (Glue's lock). Snapshots know their parents and may expire; staged files are
invisible; a snapshot is readable as long as its manifests exist; a compaction is a commit without a
ledger. What outlives a process is a ``MemoryStore``, what dies with it a ``MemoryTable``. There are
no threads, no clock and no randomness: a test that watches the steps decides what happens between
any two, and which of them fail.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain, islice
from typing import Final, Literal, TypeAlias

from headwater_contract.columns import Table
from headwater_writer.publish.fence import Change
from headwater_writer.publish.history import Snapshot, ancestry
from headwater_writer.publish.ledger import LATEST
from headwater_writer.publish.lookup import Position, position
from headwater_writer.publish.repeats import Digest, digest
from headwater_writer.publish.rewound import rewound
from headwater_writer.publish.rollback import Latest, taken_back
from headwater_writer.publish.table import CommitError, Head
from headwater_writer.rows.rows import Row

PREVIOUS_VERSIONS: Final = 20
"""Previous metadata that a table lists: Iceberg's commit looks for its own there."""

DataFile: TypeAlias = tuple[Row, ...]
Step = Literal["head", "recent", "search", "stage", "swap"]

Phase = Literal["before", "after"]

Watch: TypeAlias = Callable[[Step, Phase], None]
"""Called before each step and after it took effect; what it raises ends the step.

Raised around ``swap``, ``LostError`` is a lost request or answer; any other exception, a crash.
"""


class LostError(Exception):
    """A request to replace a table's metadata, or its answer, was lost."""


class UnreadableError(Exception):
    """A snapshot whose manifests were deleted."""


@dataclass(frozen=True, eq=False, slots=True)
class Manifest:
    """A list of one data file, written by a try to commit it."""

    file: DataFile


@dataclass(frozen=True, slots=True)
class StoredSnapshot(Snapshot):
    """A snapshot with the manifests that it consists of."""

    manifests: tuple[Manifest, ...]

    @property
    def rows(self) -> list[Row]:
        """All of its rows."""
        return [row for manifest in self.manifests for row in manifest.file]


@dataclass(frozen=True, slots=True)
class Metadata:
    """A table as one metadata file describes it; ``newest`` is the newest snapshot's id."""

    snapshots: Mapping[int, StoredSnapshot] = field(default_factory=dict)
    newest: int | None = None
    properties: Mapping[str, str] = field(default_factory=dict)
    sequence_number: int = 0

    @property
    def manifests(self) -> tuple[Manifest, ...]:
        """The manifests of the newest snapshot."""
        return () if self.newest is None else self.snapshots[self.newest].manifests

    @property
    def rows(self) -> list[Row]:
        """The rows of the newest snapshot."""
        return [] if self.newest is None else self.snapshots[self.newest].rows

    def snapshot(self, number: int, /) -> StoredSnapshot | None:
        """Return a snapshot by its id."""
        return self.snapshots.get(number)

    def with_snapshot(
        self, number: int, summary: Mapping[str, str], manifests: tuple[Manifest, ...]
    ) -> "Metadata":
        """Return the table with a new newest snapshot, which consists of ``manifests``."""
        sequence = self.sequence_number + 1
        snapshot = StoredSnapshot(number, self.newest, sequence, summary, manifests)
        snapshots = {**self.snapshots, number: snapshot}
        return replace(self, snapshots=snapshots, newest=number, sequence_number=sequence)

    def rolled_back_to(self, number: int) -> "Metadata":
        """Return the table at one of its snapshots, as another tool rolls it back."""
        return replace(self, newest=number)

    def rewound_to(self, number: int) -> "Metadata":
        """Return the table at one of its snapshots, with a note of it, as maintenance does."""
        goal = self.rolled_back_to(number)
        here, there = (
            {each.id for each in ancestry(table, table.newest)} for table in (self, goal)
        )
        path = [self.snapshots[each].summary for each in sorted(here ^ there)]
        corrections = {**self.properties, **taken_back(self.properties, self)}
        latest = str(Latest(number, self.snapshots[number].sequence_number))
        return goal.with_properties({**corrections, **rewound(corrections, path), LATEST: latest})

    def with_properties(self, properties: Mapping[str, str]) -> "Metadata":
        """Return the table with some properties set."""
        return replace(self, properties={**self.properties, **properties})


class MemoryStore:
    """What all processes share: the newest metadata, the right to replace it, and the files."""

    def __init__(self) -> None:
        self.metadata = Metadata()
        self.previous: deque[Metadata] = deque(maxlen=PREVIOUS_VERSIONS)
        self.deleted: set[Manifest] = set()
        self._snapshots_made = 0

    @property
    def rows(self) -> list[Row]:
        """What a query finds.

        Raises:
            UnreadableError: a manifest is not there.
        """
        if not self.deleted.isdisjoint(self.metadata.manifests):
            raise UnreadableError("a manifest of the newest snapshot was deleted")
        return self.metadata.rows

    def swap(self, base: Metadata, successor: Metadata) -> bool:
        """Replace the metadata if it is still ``base``; return whether it was."""
        if self.metadata is not base:
            return False
        self.previous.append(base)
        self.metadata = successor
        return True

    def new_snapshot_id(self) -> int:
        """Return an id that no snapshot has."""
        self._snapshots_made += 1
        return self._snapshots_made

    def compact(self) -> None:
        """Rewrite all files as one, as maintenance does: a snapshot whose summary has no ledger."""
        summary = {"operation": "replace"}
        rewritten = (Manifest(tuple(self.rows)),)
        base = self.metadata
        self.swap(base, base.with_snapshot(self.new_snapshot_id(), summary, rewritten))

    def rewind(self, number: int) -> None:
        """Take the table back to a snapshot, as maintenance does."""
        self.swap(self.metadata, self.metadata.rewound_to(number))

    def roll_back(self, number: int) -> None:
        """Take the table back to a snapshot, as another tool does."""
        self.swap(self.metadata, self.metadata.rolled_back_to(number))

    def forget_ledgers(self) -> None:
        """Forget all properties, as maintenance does with those of idle shards."""
        self.swap(self.metadata, replace(self.metadata, properties={}))

    def expire_snapshots(self, keep: int) -> None:
        """Forget all but the newest ``keep`` snapshots; the data of the newest stays."""
        newest = islice(ancestry(self.metadata, self.metadata.newest), keep)
        kept = {each.id: self.metadata.snapshots[each.id] for each in newest}
        self.swap(self.metadata, replace(self.metadata, snapshots=kept))


def unwatched(_step: Step, _phase: Phase, /) -> None:
    """Let every step succeed."""


class MemoryTable:
    """A process's view of one table; ``watch`` is told of every step."""

    def __init__(self, store: MemoryStore, contract: Table, watch: Watch = unwatched) -> None:
        self.contract = contract
        self._store = store
        self._watch = watch

    def head(self) -> Head:
        """Read the newest metadata.

        Raises:
            LedgerError: a property is not valid.
        """
        with self._step("head"):
            metadata = self._store.metadata
        return Head.of(metadata.properties, metadata, metadata)

    def recent(self, shard: str, since: datetime, head: Head) -> Sequence[Digest]:
        """Return which events of a shard were loaded since a time, at ``head``."""
        with self._step("recent"):
            rows = self._at(head)
        return [
            digest(self.contract, row)
            for row in rows
            if row["ingest_shard"] == shard and row["load_time"] >= since
        ]

    def positions(self, shard: str, sequences: Collection[str], head: Head) -> Collection[Position]:
        """Return the positions within some stream records that rows at ``head`` are of."""
        with self._step("search"):
            rows = self._at(head)
        return {
            position(row)
            for row in rows
            if row["ingest_shard"] == shard and row["ingest_sequence"] in sequences
        }

    def events(self, rows: Sequence[Row], head: Head) -> Collection[Digest]:
        """Return which of the rows' events the table has at ``head``."""
        with self._step("search"):
            held = self._at(head)
        wanted = {digest(self.contract, row) for row in rows}
        return wanted & {digest(self.contract, row) for row in held}

    def stage(self, rows: Sequence[Row]) -> DataFile:
        """Write a data file that no snapshot holds."""
        with self._step("stage"):
            return tuple(rows)

    def identity(self, head: Head) -> str:  # noqa: ARG002 -- a store is never another table
        """Return what tells the table from another of its name."""
        return self.contract.name

    def packed(self, staged: DataFile | None, head: Head) -> DataFile | None:  # noqa: ARG002
        """Return the file as another process takes it."""
        return staged

    def unpacked(self, packed: DataFile, head: Head) -> DataFile:  # noqa: ARG002
        """Return the file of another process as one that is staged.

        Raises:
            ValueError: it is not a file of this table's.
        """
        if not isinstance(packed, tuple):
            raise ValueError(f"it is {packed!r}")  # noqa: TRY004 -- as the port has it
        return packed

    def joined(self, staged: Sequence[DataFile]) -> DataFile | None:
        """Return several files as one."""
        return tuple(chain(*staged)) or None

    def commit(self, staged: DataFile | None, head: Head, change: Change) -> int:
        """Append the file, if there is one, and make the change, if nobody has committed since.

        Raises:
            CommitError: others have, or the request or its answer was lost.
        """
        number = self._store.new_snapshot_id()
        successor = self._successor(number, staged, head.base, change)
        try:
            with self._step("swap"):
                landed = self._store.swap(head.base, successor)
        except LostError as error:
            raise CommitError(str(error), number) from error
        if not landed:
            raise CommitError("others have committed since it was read", number)
        return number

    def _successor(
        self, number: int, staged: DataFile | None, base: Metadata, change: Change
    ) -> Metadata:
        manifests = (*base.manifests, *(() if staged is None else (Manifest(staged),)))
        summary = {"operation": "append", **change.summary}
        successor = base.with_snapshot(number, summary, manifests)
        latest = str(Latest(number, successor.sequence_number))
        return successor.with_properties({**change.properties, LATEST: latest})

    def _at(self, head: Head) -> list[Row]:
        metadata: Metadata = head.base
        if not self._store.deleted.isdisjoint(metadata.manifests):
            raise UnreadableError("a manifest of the snapshot was deleted")
        return metadata.rows

    @contextmanager
    def _step(self, step: Step) -> Iterator[None]:
        self._watch(step, "before")
        yield
        self._watch(step, "after")
