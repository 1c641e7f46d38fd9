"""What a commit of rows changes beside its rows, and which others it must not come after.

A commit says in its snapshot's summary which ledger it moved. It is decided on one state of the
table and lands on that state or a later one: the snapshots between the two tell whether the
decision still holds.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from headwater_writer.publish.history import Properties, Snapshot
from headwater_writer.publish.ledger import LATE, PENDING, Range, Ranges, beside
from headwater_writer.publish.shard import ShardState

Spoils: TypeAlias = Callable[[Properties], bool]
"""Returns whether a snapshot, by its summary, spoils the decision that a commit stands on."""


@dataclass(frozen=True, slots=True)
class Change:
    """What goes into the snapshot's summary and into the table's properties with the rows."""

    summary: Mapping[str, str]
    properties: Mapping[str, str]

    def joined(self, properties: Mapping[str, str]) -> "Change":
        """Return the change with more properties; its own win."""
        return replace(self, properties={**properties, **self.properties})


def claiming(ledger: str, state: ShardState, claim: Range) -> Change:
    """Return the change of a batch in its shard's order: its claim joins the ledger."""
    return Change(
        {ledger: str(Ranges((claim,)))},
        {ledger: str(state.claimed.adding(claim))},
    )


def coming_late(ledger: str, state: ShardState, span: Range) -> Change:
    """Return the change of rows that come late: their span joins the late list.

    The summary names the ledger, without a claim, so that the shard's writer decides anew.
    """
    late = beside(ledger, LATE)
    return Change(
        {ledger: "", late: str(Ranges((span,)))},
        {late: str(state.late.adding(span))},
    )


def moving(ledger: str) -> Change:
    """Return the change that only names the ledger, so that whoever decided on it decides anew."""
    return Change({ledger: ""}, {})


def with_pending(change: Change, ledger: str, pending: Ranges) -> Change:
    """Return the change with the list of records of which failed ones are to follow."""
    return change.joined({beside(ledger, PENDING): str(pending)})


def any_move(ledger: str) -> Spoils:
    """Return what spoils a claim: whatever else moved the shard's ledger."""
    return lambda summary: summary.get(ledger) is not None


def a_move_within(ledger: str, span: Range) -> Spoils:
    """Return what spoils rows that come late: others of the shard that did, and claims on them.

    Of the writer's commits only those matter that may hold a row of the same span, so that a
    writer with a backlog does not keep late rows out.
    """

    def spoils(summary: Properties) -> bool:
        text = summary.get(ledger)
        return text is not None and _may_touch(text, span)

    return spoils


def is_spoiled(spoiled_by: Spoils, since: int | None, ancestors: Iterable[Snapshot]) -> bool:
    """Return whether a decision on the table's state ``since`` may not hold any more.

    A state is a snapshot's id, or None for a table that had none yet. ``ancestors`` are the
    snapshots to build on, newest first. If ``since`` is not among them, by expiry or because the
    history is another, nothing is known, and that spoils everything.
    """
    cut_at = None
    for snapshot in ancestors:
        if snapshot.id == since:
            return False
        if spoiled_by(snapshot.summary):
            return True
        cut_at = snapshot.parent
    return since is not None or cut_at is not None


def _may_touch(claim: str, span: Range) -> bool:
    """Return whether a commit with a claim, or with none, may hold rows of a span."""
    try:
        return not claim or Ranges.parse(claim).touches(span)
    except ValueError:
        # No writer of ours says that, so its rows may be of anywhere.
        return True
