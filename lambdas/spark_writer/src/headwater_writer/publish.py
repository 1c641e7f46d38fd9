"""What of a batch is still to be committed, and the commit: exactly once, whatever fails.

The one place that decides. It knows tables only through the port below, so that the same lines run
against Iceberg and against the simulation's virtual table.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, Self, TypeAlias

from headwater_writer.ledger import (
    NOWHERE,
    Range,
    Ranges,
    late_name,
    property_name,
    rewound_name,
)
from headwater_writer.repeats import RecentEvents, without_repeats
from headwater_writer.rows import Row

MAX_ATTEMPTS: Final = 10
MAX_LATE_ATTEMPTS: Final = 50
"""Many a batch that was given up on may come late at once, and of those of a shard one wins."""


Opaque: TypeAlias = Any
"""What only the table itself looks into."""


class CommitConflictError(Exception):
    """The commit did not happen: its decision holds no more, or others won."""


class CommitUnknownError(Exception):
    """The commit may have happened: its answer was lost."""


class PublishError(Exception):
    """Rows could not be committed in as many attempts as they may take."""


class Properties(Protocol):
    """Of a table: Python's mapping or Java's."""

    def get(self, name: str, /) -> str | None:
        """Return what is under a name."""


@dataclass(frozen=True, slots=True)
class Head:
    """A table as it stood when it was read: the shard's ledger, and the table's own view of it.

    ``late`` is where the ledger does not tell what the table holds: rows came late there, or went
    with a rewind.
    """

    ranges: Ranges
    base: Opaque
    late: Ranges = NOWHERE

    @classmethod
    def of(cls, properties: Properties, group: str, shard: str, base: Opaque) -> Self:
        """Return what a table's properties say of a shard."""
        ranges, late, rewound = (
            Ranges.parse(properties.get(name(group, shard)) or "")
            for name in (property_name, late_name, rewound_name)
        )
        return cls(ranges, base, late.joined(rewound))


class PublishedTable(Protocol):
    """A table that rows are published to."""

    def head(self, shard: str) -> Head:
        """Read the table anew."""

    def recent(self, shard: str, head: Head) -> RecentEvents | None:
        """Return the shard's recent events at ``head``; None where rows have no identity."""

    def absent(self, shard: str, rows: Sequence[Row], head: Head) -> Sequence[Row]:
        """Return the rows that the table lacks at ``head``, by their position and their event."""

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

        The ledger keeps its ranges, and counts as moved all the same: who decided on it decides
        anew. What others claim elsewhere on the shard meanwhile does not hinder this.

        Raises:
            CommitConflictError: nothing was made visible.
            CommitUnknownError: it is not known whether anything was.
        """


@dataclass(frozen=True, slots=True)
class ShardRows:
    """Rows of one shard for a table, and the stretch of the shard that they are from.

    In the shard's order, ``rows`` are whatever the records of ``claim`` have for the table, so that
    once they are committed nothing of that stretch is missing. Rows that come late may be any of
    it, one or all: for them ``claim`` only says where to look.
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

    The ledger says which those are; where rows came late or went with a rewind, the table itself.

    Raises:
        PublishError: no attempt succeeded; the batch can be given again at any time.
    """

    def outstanding(head: Head) -> tuple[Sequence[Row], Sequence[Row]]:
        if head.late.touches(batch.claim):
            absent = table.absent(batch.shard, batch.rows, head)
            return absent, absent
        uncovered = _uncovered(batch, head.ranges)
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

    def outstanding(head: Head) -> tuple[Sequence[Row], Sequence[Row]]:
        absent = table.absent(batch.shard, batch.rows, head)
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
