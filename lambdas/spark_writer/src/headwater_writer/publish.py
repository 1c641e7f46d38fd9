"""What of a batch is still to be committed, and the commit: exactly once, whatever fails.

The one place that decides. It knows tables only through the port below, so that the same lines run
against Iceberg and against the simulation's virtual table.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeAlias

from headwater_writer.ledger import NOWHERE, Range, Ranges
from headwater_writer.repeats import RecentEvents, without_repeats
from headwater_writer.rows import Row

MAX_ATTEMPTS: Final = 10
MAX_LATE_ATTEMPTS: Final = 50
"""What comes late has to find a moment between two commits of its shard's writer, and has time."""


Opaque: TypeAlias = Any
"""What only the table itself looks into."""


class CommitConflictError(Exception):
    """The commit did not happen: the shard's ledger moved since it was read, or others won."""


class CommitUnknownError(Exception):
    """The commit may have happened: its answer was lost."""


class PublishError(Exception):
    """Rows could not be committed in as many attempts as they may take."""


@dataclass(frozen=True, slots=True)
class Head:
    """A table as it stood when it was read: the shard's ledger, and the table's own view of it.

    ``late`` is where rows came late: beside the ledger, out of the shard's order.
    """

    ranges: Ranges
    base: Opaque
    late: Ranges = NOWHERE


class PublishedTable(Protocol):
    """A table that rows are published to."""

    def head(self, shard: str) -> Head:
        """Read the table anew."""

    def recent(self, shard: str, head: Head) -> RecentEvents | None:
        """Return the shard's recent events at ``head``; None where rows have no identity."""

    def absent(self, shard: str, rows: Sequence[Row]) -> Sequence[Row]:
        """Return the rows that the table lacks: it has none of their position or of their event."""

    def stage(self, rows: Sequence[Row]) -> Opaque:
        """Write the rows' data files, visible to nobody."""

    def commit(self, staged: Opaque, head: Head, shard: str, claim: Range) -> None:
        """Make the staged files and the shard's ledger, with ``claim`` in it, visible at once.

        Raises:
            CommitConflictError: nothing was made visible.
            CommitUnknownError: it is not known whether anything was.
        """

    def insert(self, staged: Opaque, head: Head, shard: str, place: Range) -> None:
        """Make the staged files visible, with the note that rows of ``place`` came late.

        The ledger keeps its ranges, and moves all the same: who decided on it decides anew.

        Raises:
            CommitConflictError: nothing was made visible.
            CommitUnknownError: it is not known whether anything was.
        """


@dataclass(frozen=True, slots=True)
class ShardRows:
    """Rows of one shard; they hold all that the shard's records of ``claim`` have for a table.

    Of rows that come late, ``claim`` is no more than where they are from: they need not be all.
    """

    shard: str
    claim: Range
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Published:
    """What became of a batch's rows. ``covered`` were in the table, ``repeats`` their event was.

    Rows whose commit lost its answer and is found to have happened are ``written``. Another's
    commit of the same rows in that very moment is taken for it: the counts are then too high by
    those rows, the table is right.
    """

    written: int
    covered: int = 0
    repeats: int = 0


def publish(table: PublishedTable, batch: ShardRows) -> Published:
    """Commit the rows of a batch that the table does not hold yet.

    Raises:
        PublishError: no attempt succeeded; the batch can be given again at any time.
    """

    def outstanding(head: Head) -> tuple[Sequence[Row], Sequence[Row]]:
        uncovered = _uncovered(batch, head.ranges)
        if uncovered and head.late.touches(batch.claim):
            uncovered = table.absent(batch.shard, uncovered)
        return uncovered, _without_repeats(uncovered, table.recent(batch.shard, head))

    return _settle(table, batch, outstanding, table.commit, MAX_ATTEMPTS)


def publish_late(table: PublishedTable, batch: ShardRows) -> Published:
    """Commit those rows that the table lacks, whatever its ledger says of their positions.

    For what the writer has gone past: a batch that the mapping gave up on, whose gap in the ledger
    may have closed since, or a record that failed and can be read now. The table itself is
    searched, which takes longer than a look at the ledger.

    Raises:
        PublishError: no attempt succeeded; the rows can be given again at any time.
    """

    def outstanding(_head: Head) -> tuple[Sequence[Row], Sequence[Row]]:
        absent = table.absent(batch.shard, batch.rows)
        return absent, absent

    return _settle(table, batch, outstanding, table.insert, MAX_LATE_ATTEMPTS)


def _settle(
    table: PublishedTable,
    batch: ShardRows,
    outstanding: Callable[[Head], tuple[Sequence[Row], Sequence[Row]]],
    commit: Callable[[Opaque, Head, str, Range], None],
    attempts: int,
) -> Published:
    staged_rows: Sequence[Row] = ()
    staged = None
    in_doubt: Published | None = None
    for _ in range(attempts):
        head = table.head(batch.shard)
        uncovered, fresh = outstanding(head)
        outcome = Published(
            len(fresh), len(batch.rows) - len(uncovered), len(uncovered) - len(fresh)
        )
        if not uncovered and in_doubt:
            return in_doubt
        if not fresh:
            return outcome
        in_doubt = None
        if fresh != staged_rows:
            staged_rows, staged = fresh, table.stage(fresh)
        try:
            commit(staged, head, batch.shard, batch.claim)
        except CommitConflictError:
            continue
        except CommitUnknownError:
            in_doubt = outcome
            continue  # Read again and let the table's state decide; never guess.
        return outcome
    raise PublishError(f"{batch.shard} was not committed in {attempts} attempts")


def _uncovered(batch: ShardRows, ranges: Ranges) -> Sequence[Row]:
    if not ranges.touches(batch.claim):
        return batch.rows
    return [row for row in batch.rows if not ranges.covers(int(row["ingest_sequence"]))]


def _without_repeats(rows: Sequence[Row], recent: RecentEvents | None) -> Sequence[Row]:
    return rows if recent is None else without_repeats(rows, recent)
