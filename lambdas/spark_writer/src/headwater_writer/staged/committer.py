"""Offers of many writers become one commit for each table."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from headwater_contract.tables import EVENTS, FAILED_RECORDS, IDENTIFIES
from headwater_writer.publish.joint import merged
from headwater_writer.publish.ledger import LedgerError
from headwater_writer.publish.settle import Decision, Pause, PublishError, Settler
from headwater_writer.publish.table import Head, Opaque, TableError
from headwater_writer.staged.offer import (
    Offer,
    OfferError,
    StagedTable,
    first_of_each_shard,
    naming_change,
)

_ORDER: Final = (IDENTIFIES.name, EVENTS.name, FAILED_RECORDS.name)
"""As a writer has them: whoever waits longest for the rest of its batch comes first."""


@dataclass(frozen=True, slots=True)
class Committed:
    """How many offers on a table came, and how many of them its commit took up."""

    offers: int
    landed: int


@dataclass(frozen=True, slots=True)
class _Group(Decision):
    """The commit of the offers that hold on one state."""

    offers: Sequence[Offer] = ()


class Committer:
    """Commits offers on tables, by name; any number of committers may do so at once.

    It answers nobody: their writers see in the table what became of them. ``pass_over`` is told of
    each offer that holds, and whose files cannot be read, why they cannot.
    """

    def __init__(
        self,
        tables: Mapping[str, StagedTable],
        pause: Pause,
        pass_over: Callable[[OfferError], None],
    ) -> None:
        self._tables = tables
        self._pass_over = pass_over
        self._settlers = {name: Settler(table, pause) for name, table in tables.items()}

    def commit(self, offers: Iterable[Offer]) -> Mapping[str, Committed]:
        """Commit the offers that hold; return the outcome for each table that has any.

        A table that fails keeps none of the others from its offers.

        Raises:
            LedgerError: a property of a table is not valid.
            PublishError: a commit failed; the offers can be committed again at any time.
            TableError: a table cannot be read.
        """
        given = [*offers]
        committed: dict[str, Committed] = {}
        failure: Exception | None = None
        for name in _ORDER:
            if found := [each for each in given if each.table == name]:
                try:
                    committed[name] = self._commit(name, found)
                except (LedgerError, PublishError, TableError) as error:
                    failure = failure or error
        if failure:
            raise failure
        return committed

    def _commit(self, name: str, offers: Sequence[Offer]) -> Committed:
        table = self._tables[name]
        head = table.head()
        # If the table has been replaced, files may look unreadable: their offers do not hold.
        holding = [offer for offer in offers if offer.holds(table, head)]
        files = self._files(table, holding, head)
        readable = [offer for offer in holding if offer.id in files]
        settled = self._settlers[name].settle(head, partial(_decide, table, readable, files))
        return Committed(len(offers), len(settled.offers))

    def _files(
        self, table: StagedTable, offers: Iterable[Offer], head: Head
    ) -> Mapping[str, Opaque | None]:
        """Return the offers' files as staged by this process, by the offer's id."""
        files: dict[str, Opaque | None] = {}
        for offer in offers:
            try:
                files[offer.id] = offer.staged(table, head)
            except OfferError as error:
                self._pass_over(error)
        return files


def _decide(
    table: StagedTable,
    offers: Sequence[Offer],
    files: Mapping[str, Opaque | None],
    head: Head,
) -> _Group:
    """Return the commit of the offers that hold on a state, one of each shard.

    ``files`` are theirs as this process staged them, by the offer's id.
    """
    # Again for each attempt: shards may have moved since.
    group = first_of_each_shard(offer for offer in offers if offer.holds(table, head))
    staged = [found for offer in group if (found := files[offer.id]) is not None]
    change = merged([naming_change(group), *(offer.change for offer in group)])
    return _Group(
        since=head.history.newest,
        rows=(),
        is_due=bool(group),
        change=lambda _: change,
        conflicts=lambda summary: any(offer.conflicts(summary) for offer in group),
        staged=table.joined(staged),
        offers=group,
    )
