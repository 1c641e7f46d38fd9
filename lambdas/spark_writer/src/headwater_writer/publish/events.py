"""What ``events`` lacks of a batch, which decides on each of its messages."""

from collections.abc import Collection, Sequence
from itertools import chain

from headwater_contract.ranges import Range, Ranges
from headwater_contract.tables import EVENTS, FAILED_RECORDS
from headwater_writer.publish import presence
from headwater_writer.publish.decision import Memory, RowsDecision
from headwater_writer.publish.fence import Change, with_pending
from headwater_writer.publish.lookup import lacking, position, sequence
from headwater_writer.publish.shard import ShardState
from headwater_writer.publish.table import Head, PublishedTable
from headwater_writer.publish.work import Work
from headwater_writer.rows.rows import Row


def decide_events(
    work: Work, memory: Memory, followed: Collection[Range], head: Head
) -> RowsDecision:
    """Return which rows the table lacks, and which failed records are to follow.

    ``followed`` are ranges whose failed records are all there: they are not pending any more.
    """
    state = work.state(head)
    if work.mode.is_late or not state.is_sure(work.batch.claim):
        rows, failing = _unheld(work, memory.table, followed, head)
        fresh = memory.lacking(rows)
    else:
        rows, failing = _open(work, state)
        fresh = memory.fresh(work, rows, state, head)

    def change(newest: Head) -> Change:
        return claiming_with_pending(work, newest, followed, failing)

    is_due = bool(fresh) or _is_due(work, state, failing)
    return RowsDecision.on(work, head, rows, fresh, is_due=is_due, change=change, failing=failing)


def _is_due(work: Work, state: ShardState, failing: Sequence[Row]) -> bool:
    """Return whether the batch needs a commit beside its rows."""
    is_claimed = work.mode.is_late or all(map(state.is_claimed, chain(*work.batch.rows.values())))
    is_settled = bool(failing) or not _own(work, state.pending)
    return not (is_claimed and is_settled and all(map(state.is_pending, failing)))


def _open(work: Work, state: ShardState) -> tuple[Sequence[Row], Sequence[Row]]:
    """Return the rows, and the failed records, that may not be settled yet."""
    rows, failing = (work.batch.rows[table.name] for table in (EVENTS, FAILED_RECORDS))
    if work.mode.is_late or state.is_new(work.batch.claim):
        return rows, failing
    return [*filter(state.is_open, rows)], [*filter(state.is_open, failing)]


def _unheld(
    work: Work, events: PublishedTable, followed: Collection[Range], head: Head
) -> tuple[Sequence[Row], Sequence[Row]]:
    """Return the rows, and the failed records, of messages that no table has.

    A message that an earlier attempt decided to fail stays failed, though it could be a row by now.
    """
    state = work.state(head)
    rows, failing = _open(work, state)
    pending = _without(state.pending, followed)
    held = presence.held(work, events, [*rows, *failing], head, pending)
    known = presence.known(events, rows, head)
    # Each by itself: if several are the same, none of them is an event that others would repeat.
    aside = [
        position(row)
        for row in rows
        if state.is_pending(row) and lacking(EVENTS, [row], held, known)
    ]
    rows = lacking(EVENTS, [row for row in rows if not state.is_pending(row)], held, known)
    failing = lacking(FAILED_RECORDS, failing, held, ())
    return rows, [*failing, *(work.batch.set_aside(aside) if aside else ())]


def claiming_with_pending(
    work: Work, head: Head, followed: Collection[Range], failing: Sequence[Row]
) -> Change:
    """Return the change of a commit, with the records whose failed records are to follow."""
    change, before = work.change(head), work.state(head).pending
    pending = _without(before, [*followed, *_own(work, before)])
    for number in sorted({sequence(row) for row in failing}):
        pending = pending.adding(Range(number, number))
    return change if pending == before else with_pending(change, work.ledger, pending)


def _own(work: Work, pending: Ranges) -> Collection[Range]:
    """Return what is pending of a batch: ranges from one of its records to another.

    Others within its claim are of a concurrent batch, if the mapping does not deliver a shard
    whole.
    """
    if not pending.touches(work.batch.claim):
        return ()
    records = {sequence(row) for row in chain(*work.batch.rows.values())}
    return [span for span in pending.ranges if {span.first, span.last} <= records]


def _without(pending: Ranges, claims: Collection[Range]) -> Ranges:
    for claim in claims:
        pending = pending.without(claim)
    return pending
