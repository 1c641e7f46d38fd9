"""The port: a table that rows are published to, and its state as a process reads it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, Self, TypeAlias

from headwater_contract.columns import Table
from headwater_writer.publish.fence import Change
from headwater_writer.publish.history import History, Properties
from headwater_writer.publish.lookup import Position
from headwater_writer.publish.repeats import Digest
from headwater_writer.publish.rollback import taken_back
from headwater_writer.rows.rows import Row

Opaque: TypeAlias = Any
"""A value that only the table itself looks into."""


class CommitError(Exception):
    """A commit failed, or its answer was lost.

    ``snapshot`` is the id that its snapshot has if it happened; None if it cannot have happened.
    """

    def __init__(self, reason: str, snapshot: int | None = None) -> None:
        super().__init__(reason)
        self.snapshot = snapshot


class TableError(Exception):
    """A table cannot be read; the text names it and says why.

    Nothing is written or deleted on a guess: the batch can be retried when it can be read.
    """


@dataclass(frozen=True, slots=True)
class Head:
    """The state of a table when it was read.

    ``corrections`` are properties that must change because another tool rolled the table back; they
    are among ``properties`` already, and each commit writes them.
    """

    properties: Properties
    history: History
    base: Opaque
    corrections: Mapping[str, str]

    @classmethod
    def of(cls, properties: Properties, history: History, base: Opaque) -> Self:
        """Return a table as it was read, with what is corrections of it.

        Raises:
            LedgerError: a property is not what it should be.
        """
        corrections = taken_back(properties, history)
        if not corrections:
            return cls(properties, history, base, corrections)
        held = {name: properties.get(name) or "" for name in properties}
        return cls({**held, **corrections}, history, base, corrections)


class PublishedTable(Protocol):
    """A table that rows are published to. It does what Iceberg does, and decides nothing."""

    @property
    def contract(self) -> Table:
        """Its columns, and those by which a repeat is recognised."""

    def head(self) -> Head:
        """Read the newest state of the table.

        Raises:
            LedgerError: a property is not valid.
            TableError: it cannot be read.
        """

    def recent(self, shard: str, since: datetime, head: Head) -> Iterable[Digest]:
        """Return which events of a shard were loaded since a time (aware UTC), at ``head``."""

    def positions(self, shard: str, sequences: Collection[str], head: Head) -> Collection[Position]:
        """Return the positions within some stream records that rows at ``head`` are of."""

    def events(self, rows: Sequence[Row], head: Head) -> Collection[Digest]:
        """Return which of the rows' events the table has at ``head``, from about their time."""

    def stage(self, rows: Sequence[Row]) -> Opaque:
        """Write the rows' data files, not yet visible."""

    def commit(self, staged: Opaque | None, head: Head, change: Change) -> int:
        """Make the staged files and the change visible at once, if the table is still at ``head``.

        Nothing is staged if only the change is to be made. The snapshot becomes the table's
        ``LATEST``; its id is returned.

        Raises:
            CommitError: it failed, or its answer was lost.
        """
