"""What a commit of rows changes beside its rows, and which others it must not come after.

A commit says in its snapshot's summary which ledger it moved. It is decided on one state of the
table and may land on a later one: the snapshots between the two tell whether the decision still
holds.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from headwater_writer.ledger import Range, Ranges, late_name, property_name


class Summary(Protocol):
    """Of a snapshot: Python's mapping or Java's."""

    def __contains__(self, name: object, /) -> bool:
        """Return whether it says something under a name."""

    def get(self, name: str, /) -> str | None:
        """Return what it says under a name."""


Spoils: TypeAlias = Callable[[Summary], bool]
"""Returns whether a snapshot spoils the decision that a commit stands on."""


@dataclass(frozen=True, slots=True)
class Change:
    """What goes into the snapshot's summary and into the table's properties with the rows."""

    summary: Mapping[str, str]
    properties: Mapping[str, str]
    spoiled_by: Spoils


def claiming(group: str, shard: str, ranges: Ranges, claim: Range) -> Change:
    """Return the change of a batch in its shard's order: its claim joins the ledger.

    The ledger is set whole, so whatever else moved it since it was read spoils this.
    """
    ledger = property_name(group, shard)
    return Change(
        {ledger: str(Ranges((claim,)))},
        {ledger: str(ranges.adding(claim))},
        lambda summary: ledger in summary,
    )


def coming_late(group: str, shard: str, late: Ranges, place: Range) -> Change:
    """Return the change of rows that come late: their place joins the late list.

    The summary names the ledger, without a claim, so that the shard's writer decides anew. The list
    is set whole, so another's late rows spoil this; of the writer's commits only those do that may
    hold a row of the same place.
    """
    ledger, list_name = property_name(group, shard), late_name(group, shard)

    def spoils(summary: Summary) -> bool:
        claims = Ranges.parse(summary.get(ledger) or "")
        return ledger in summary and (not claims.ranges or claims.touches(place))

    return Change(
        {ledger: "", list_name: str(Ranges((place,)))},
        {list_name: str(late.adding(place))},
        spoils,
    )


def is_spoiled(
    spoiled_by: Spoils, since: int | None, ancestry: Iterable[tuple[int | None, Summary]]
) -> bool:
    """Return whether a decision on the table's state ``since`` may not hold any more.

    A state is a snapshot's id, or None for a table that has none yet. ``ancestry`` holds the states
    to build on, newest first, with the summaries of their snapshots; the history of a table whose
    snapshots are all there ends with the state None. Where ``since`` is not among the states, by
    expiry or because the history is another, nothing is known, and that spoils everything.
    """
    for state, summary in ancestry:
        if state == since:
            return False
        if spoiled_by(summary):
            return True
    return True
