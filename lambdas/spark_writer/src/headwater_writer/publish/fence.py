"""What a commit of rows changes beside its rows, and which others it conflicts with.

A commit names in its snapshot's summary the ledger that it changed. It is decided on one state of
the table and made on that state or a later one: the snapshots between the two tell whether the
decision still holds.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from headwater_contract.ranges import Range, Ranges
from headwater_writer.publish.history import Properties, Snapshot
from headwater_writer.publish.ledger import LATE, PENDING, beside
from headwater_writer.publish.shard import ShardState

Conflicts: TypeAlias = Callable[[Properties], bool]
"""Returns whether a snapshot, by its summary, conflicts with the decision behind a commit."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a commit writes to the snapshot's summary and the table's properties beside rows."""

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

    The summary names the ledger, without a claim, so that the shard's writer decides again.
    """
    late = beside(ledger, LATE)
    return Change(
        {ledger: "", late: str(Ranges((span,)))},
        {late: str(state.late.adding(span))},
    )


def moving(ledger: str) -> Change:
    """Return the change that only names the ledger, so that decisions on it are made again."""
    return Change({ledger: ""}, {})


def with_pending(change: Change, ledger: str, pending: Ranges) -> Change:
    """Return the change with the list of records whose failed records are to follow."""
    return change.joined({beside(ledger, PENDING): str(pending)})


def any_move(ledger: str) -> Conflicts:
    """Return what conflicts with a claim: any other change of the shard's ledger."""
    return lambda summary: summary.get(ledger) is not None


def a_move_within(ledger: str, span: Range) -> Conflicts:
    """Return what conflicts with late rows: other late rows of the shard, and claims on theirs.

    Only those of the writer's commits matter that may have a row of the same range, so that a
    writer with a backlog does not starve late rows.
    """

    def conflicts(summary: Properties) -> bool:
        text = summary.get(ledger)
        return text is not None and _may_touch(text, span)

    return conflicts


def has_conflict(conflicts: Conflicts, since: int | None, ancestors: Iterable[Snapshot]) -> bool:
    """Return whether a decision on the table's state ``since`` may not hold any more.

    A state is a snapshot's id, or None for a table that had none yet. ``ancestors`` are the
    snapshots to build on, newest first. If ``since`` is not among them, by expiry or because the
    history is another, nothing is known, which conflicts with everything.
    """
    cut_at = None
    for snapshot in ancestors:
        if snapshot.id == since:
            return False
        if conflicts(snapshot.summary):
            return True
        cut_at = snapshot.parent
    return since is not None or cut_at is not None


def was_rolled_back(since: int | None, made: int, ancestors: Iterable[Snapshot]) -> bool:
    """Return whether not all commits ``made`` since a state lead to the newest snapshot.

    The table was rolled back behind them, perhaps just to that state; but what they decided may be
    in other tables. ``ancestors`` are the snapshots to build on, down to that state.
    """
    return sum(1 for each in ancestors if each.id != since) < made


def _may_touch(claim: str, span: Range) -> bool:
    """Return whether a commit with a claim, or without one, may have rows of a range."""
    try:
        return not claim or Ranges.parse(claim).touches(span)
    except ValueError:
        # Not written by Headwater, so its rows may have any position.
        return True
