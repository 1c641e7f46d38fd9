"""What of a batch is still to be committed, and the commit: exactly once, whatever fails.

The one place that decides. It knows tables only through the port below, so that the same lines run
against Iceberg and against the simulation's virtual table.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeAlias

from headwater_writer.ledger import Range, Ranges
from headwater_writer.repeats import RecentEvents, without_repeats
from headwater_writer.rows import Row

MAX_ATTEMPTS: Final = 10

Opaque: TypeAlias = Any
"""What only the table itself looks into."""


class CommitConflictError(Exception):
    """The commit did not happen: the shard's ledger moved since it was read, or others won."""


class CommitUnknownError(Exception):
    """The commit may have happened: its answer was lost."""


class PublishError(Exception):
    """A batch could not be committed in ``MAX_ATTEMPTS``."""


@dataclass(frozen=True, slots=True)
class Head:
    """A table as it stood when it was read: the shard's ledger, and the table's own view of it."""

    ranges: Ranges
    base: Opaque


class PublishedTable(Protocol):
    """A table that rows are published to."""

    def head(self, shard: str) -> Head:
        """Read the table anew."""

    def recent(self, shard: str, head: Head) -> RecentEvents | None:
        """Return the shard's recent events at ``head``; None where rows have no identity."""

    def stage(self, rows: Sequence[Row]) -> Opaque:
        """Write the rows' data files, visible to nobody."""

    def commit(self, staged: Opaque, head: Head, shard: str, claim: Range) -> None:
        """Make the staged files and the shard's ledger, with ``claim`` in it, visible at once.

        Raises:
            CommitConflictError: nothing was made visible.
            CommitUnknownError: it is not known whether anything was.
        """


@dataclass(frozen=True, slots=True)
class ShardRows:
    """Rows of one shard; they hold all that the shard's records of ``claim`` have for a table."""

    shard: str
    claim: Range
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Published:
    """What became of a batch's rows. ``covered`` were in the table, ``repeats`` their event was."""

    written: int
    covered: int = 0
    repeats: int = 0


def publish(table: PublishedTable, batch: ShardRows) -> Published:
    """Commit the rows of a batch that the table does not hold yet.

    Raises:
        PublishError: no attempt succeeded; the batch can be given again at any time.
    """
    staged_rows: Sequence[Row] = ()
    staged = None
    for _ in range(MAX_ATTEMPTS):
        head = table.head(batch.shard)
        uncovered = _uncovered(batch, head.ranges)
        fresh = _without_repeats(uncovered, table.recent(batch.shard, head))
        outcome = Published(
            len(fresh), len(batch.rows) - len(uncovered), len(uncovered) - len(fresh)
        )
        if not fresh:
            return outcome
        if fresh != staged_rows:
            staged_rows, staged = fresh, table.stage(fresh)
        try:
            table.commit(staged, head, batch.shard, batch.claim)
        except (CommitConflictError, CommitUnknownError):
            continue  # Read again and let the table's state decide; never guess.
        return outcome
    raise PublishError(f"{batch.shard} was not committed in {MAX_ATTEMPTS} attempts")


def _uncovered(batch: ShardRows, ranges: Ranges) -> Sequence[Row]:
    if not ranges.touches(batch.claim):
        return batch.rows
    return [row for row in batch.rows if not ranges.covers(int(row["ingest_sequence"]))]


def _without_repeats(rows: Sequence[Row], recent: RecentEvents | None) -> Sequence[Row]:
    return rows if recent is None else without_repeats(rows, recent)
