"""A table whose commits are offered to a committer, and awaited."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol
from uuid import uuid4

from headwater_contract.columns import Table
from headwater_writer.publish.fence import Change
from headwater_writer.publish.lookup import Position
from headwater_writer.publish.repeats import Digest
from headwater_writer.publish.settle import Pause
from headwater_writer.publish.table import CommitError, Head, Opaque
from headwater_writer.rows.rows import Row
from headwater_writer.staged.offer import Offer, OfferError, StagedTable

POLL_SECONDS: Final = 1.0
"""The longest pause between two looks at the table; half of it on average."""

POLLS: Final = 80
"""Looks at the table before a writer gives up on its offer: some forty seconds. A committer that is
at work takes two; but Lambda may wait for up to twenty before it invokes one, if the queue has
little traffic ("Using Lambda with Amazon SQS", AWS Lambda developer guide)."""

COMMITS_ALONE: Final = 16
"""Commits that a writer makes itself after an offer that nobody took: a minute of a full shard's,
so that a stack without a committer waits for it seldom."""


class Offers(Protocol):
    """The way from writers to committers. It may lose offers, repeat them and bring them late."""

    def send(self, offer: Offer) -> None:
        """Send an offer.

        Raises:
            OfferError: it was not sent, or nobody knows.
        """


@dataclass(slots=True)
class OfferingTable:
    """A table that commits by offers, and by itself if no committer takes them.

    ``report`` is told why it commits by itself.
    """

    table: StagedTable
    offers: Offers
    pause: Pause
    report: Callable[[str], None]
    _alone: int = 0

    @property
    def contract(self) -> Table:
        """The table's columns."""
        return self.table.contract

    def head(self) -> Head:
        """Read the newest state of the table."""
        return self.table.head()

    def recent(self, shard: str, since: datetime, head: Head) -> Iterable[Digest]:
        """Return which events of a shard were loaded since a time (aware UTC), at ``head``."""
        return self.table.recent(shard, since, head)

    def positions(self, shard: str, sequences: Collection[str], head: Head) -> Collection[Position]:
        """Return the positions within some stream records that rows at ``head`` are of."""
        return self.table.positions(shard, sequences, head)

    def events(self, rows: Sequence[Row], head: Head) -> Collection[Digest]:
        """Return which of the rows' events the table has at ``head``, from about their time."""
        return self.table.events(rows, head)

    def stage(self, rows: Sequence[Row]) -> Opaque:
        """Write the rows' data files, not yet visible."""
        return self.table.stage(rows)

    def commit(self, staged: Opaque | None, head: Head, change: Change) -> int:
        """Offer the commit, wait until it is there, and return its snapshot's id.

        Raises:
            CommitError: it cannot land any more, or nobody knows.
            LedgerError: a property of the table is not valid.
            TableError: the table cannot be read.
        """
        if self._alone:
            self._alone -= 1
            return self.table.commit(staged, head, change)
        offer = Offer.of(uuid4().hex, self.table, staged, head, change)
        try:
            self.offers.send(offer)
        except OfferError as error:
            self.report(str(error))
            return self.table.commit(staged, head, change)
        return self._awaited(offer)

    def _awaited(self, offer: Offer) -> int:
        for _ in range(POLLS):
            self.pause(POLL_SECONDS)
            head = self.table.head()
            snapshot = offer.landed(head)
            if snapshot is not None:
                return snapshot
            if not offer.holds(self.table, head):
                raise CommitError("its shard has moved since it was offered")
        self._alone = COMMITS_ALONE
        self.report(f"no committer took an offer on {offer.table}")
        raise CommitError("no committer took its offer")
