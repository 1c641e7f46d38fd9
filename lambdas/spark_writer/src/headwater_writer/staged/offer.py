"""What a writer has staged and decided, for whoever commits it, and whether it still holds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, Self

from headwater_writer.publish.fence import Change, any_move, has_conflict, was_rolled_back
from headwater_writer.publish.history import Properties, Snapshot, since
from headwater_writer.publish.ledger import LEDGER, OFFERS, lists_of
from headwater_writer.publish.table import Head, Opaque, PublishedTable


class OfferError(Exception):
    """An offer could not be sent or read; the text says why."""


class StagedTable(PublishedTable, Protocol):
    """A table whose staged files another process can commit."""

    def identity(self, head: Head) -> str:
        """Return what tells the table from another that takes its name."""

    def packed(self, staged: Opaque | None, head: Head) -> Opaque | None:
        """Return staged files as another process takes them.

        Raises:
            CommitError: their table has been replaced by another.
        """

    def unpacked(self, packed: Opaque, head: Head) -> Opaque:
        """Return files that another process packed as staged by this one.

        Raises:
            ValueError: they are not files of this table, in the form of this version.
        """

    def joined(self, staged: Sequence[Opaque]) -> Opaque | None:
        """Return what was staged apart as staged together; None for nothing."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One commit that is offered: the state it was decided on, its files, and what it changes.

    ``table`` is its name, ``identity`` tells it from another of that name. ``since`` is the newest
    snapshot of that state, ``sequence_number`` the greatest that the table had. ``summary`` and
    ``properties`` are those of its ``Change``, of the shards alone that it names.
    """

    id: str
    table: str
    identity: str
    since: int | None
    sequence_number: int
    files: Any
    summary: Mapping[str, str]
    properties: Mapping[str, str]

    @classmethod
    def of(
        cls, offer_id: str, table: StagedTable, staged: Opaque | None, head: Head, change: Change
    ) -> Self:
        """Return the offer of a commit on ``head``.

        Of the properties, only the lists of its own shards hold on a later state: corrections of
        others are the committer's, who sees what those shards did meanwhile.

        Raises:
            CommitError: the table has been replaced by another.
        """
        own = frozenset().union(*map(lists_of, _ledgers(change.summary)))
        return cls(
            id=offer_id,
            table=table.contract.name,
            identity=table.identity(head),
            since=head.history.newest,
            sequence_number=head.history.sequence_number,
            files=table.packed(staged, head),
            summary=dict(change.summary),
            properties={name: text for name, text in change.properties.items() if name in own},
        )

    @property
    def ledgers(self) -> Sequence[str]:
        """The ledgers that it changes, or that it names without a claim."""
        return _ledgers(self.summary)

    @property
    def change(self) -> Change:
        """What its commit changes beside rows."""
        return Change(self.summary, self.properties)

    def staged(self, table: StagedTable, head: Head) -> Opaque | None:
        """Return its files as staged by this process, if it has any.

        Raises:
            OfferError: they cannot be read.
        """
        if self.files is None:
            return None
        try:
            return table.unpacked(self.files, head)
        except ValueError as error:
            raise OfferError(f"an offer's files cannot be read: {error}") from error

    def conflicts(self, summary: Properties) -> bool:
        """Return whether a later commit moved one of its shards, by its summary."""
        return any(any_move(ledger)(summary) for ledger in self.ledgers)

    def holds(self, table: StagedTable, head: Head) -> bool:
        """Return whether it can be committed on a later state of the table."""
        history = [*since(head.history, self.since)]
        made = head.history.sequence_number - self.sequence_number
        return (
            self.identity == table.identity(head)
            and not was_rolled_back(self.since, made, history)
            and not has_conflict(self.conflicts, self.since, history)
        )

    def landed(self, head: Head) -> int | None:
        """Return the snapshot whose commit took it up, if it led to the newest."""
        for snapshot in since(head.history, self.since):
            if self.id in _taken(snapshot):
                return snapshot.id
        return None


def first_of_each_shard(offers: Iterable[Offer]) -> Sequence[Offer]:
    """Return offers of which no two are on the same shard: the first of each."""
    moved: set[str] = set()
    chosen = []
    for offer in offers:
        if moved.isdisjoint(offer.ledgers):
            chosen.append(offer)
            moved.update(offer.ledgers)
    return chosen


def naming_change(offers: Iterable[Offer]) -> Change:
    """Return the change that names offers in the summary, by which their writers find them."""
    return Change({OFFERS: " ".join(offer.id for offer in offers)}, {})


def _taken(snapshot: Snapshot) -> Sequence[str]:
    return (snapshot.summary.get(OFFERS) or "").split()


def _ledgers(summary: Mapping[str, str]) -> Sequence[str]:
    return [name for name in summary if name.startswith(LEDGER)]
