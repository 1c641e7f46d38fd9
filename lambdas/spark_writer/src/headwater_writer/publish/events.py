"""What ``events`` lacks of a batch, and with that what becomes of each of its messages."""

from collections.abc import Collection, Sequence
from itertools import chain

from headwater_contract.tables import EVENTS, FAILED_RECORDS
from headwater_writer.publish.decision import Memory, RowsDecision
from headwater_writer.publish.fence import Change, with_pending
from headwater_writer.publish.ledger import Range
from headwater_writer.publish.lookup import lacking, position
from headwater_writer.publish.table import Head, PublishedTable
from headwater_writer.publish.work import Work
from headwater_writer.rows import Row


def decide_events(
    work: Work, memory: Memory, followed: Collection[Range], head: Head
) -> RowsDecision:
    """Return which rows the table lacks, and which failed records are to follow.

    ``followed`` are claims whose failed records are all there: they are pending no more.
    """
    state, batch = work.state(head), work.batch
    rows: Sequence[Row]
    failing: Sequence[Row]
    rows, failing = (
        [row for row in batch.rows[table.name] if work.manner.is_late or state.is_open(row)]
        for table in (EVENTS, FAILED_RECORDS)
    )
    if work.manner.is_late or not state.is_sure(batch.claim):
        rows, failing = _unheld(work, memory.table, head, rows, failing)
    fresh = memory.fresh(work, rows, state, head)
    is_claimed = work.manner.is_late or all(map(state.is_claimed, chain(*batch.rows.values())))
    is_due = fresh or not is_claimed or not all(map(state.is_pending, failing))

    def change(newest: Head) -> Change:
        return _with_pending(work, newest, followed, [batch.claim] if failing else [])

    return RowsDecision(
        since=head.history.newest,
        rows=list(fresh.values()),
        is_due=bool(is_due),
        change=change,
        spoiled_by=work.spoiled_by,
        state=state,
        fresh=fresh,
        repeats=len(rows) - len(fresh),
        failing=failing,
    )


def _unheld(
    work: Work, events: PublishedTable, head: Head, rows: Sequence[Row], failing: Sequence[Row]
) -> tuple[Sequence[Row], Sequence[Row]]:
    """Return the rows, and the failed records, of messages that no table has.

    What an earlier try was to let fail stays among the failed, though it could be a row by now.
    """
    state = work.state(head)
    held = work.asking.held(events, work.batch.shard, [*rows, *failing], head)
    rows = work.asking.lacking(events, rows, held, head)
    failing = lacking(FAILED_RECORDS, failing, held, ())
    aside = [position(row) for row in rows if state.is_pending(row)]
    if not aside:
        return rows, failing
    rows = [row for row in rows if not state.is_pending(row)]
    return rows, [*failing, *work.batch.set_aside(aside)]


def _with_pending(
    work: Work, head: Head, followed: Collection[Range], claims: Collection[Range]
) -> Change:
    change, before = work.change(head), work.state(head).pending
    pending = before
    for claim in followed:
        pending = pending.without(claim)
    for claim in claims:
        pending = pending.adding(claim)
    return change if pending == before else with_pending(change, work.ledger, pending)
