"""What ``identifies`` lacks of a batch."""

from headwater_contract.tables import IDENTIFIES
from headwater_writer.publish.decision import Memory, RowsDecision
from headwater_writer.publish.shard import ShardState
from headwater_writer.publish.table import Head
from headwater_writer.publish.work import Work
from headwater_writer.rows import Row


def decide_identifies(
    work: Work, memory: Memory, of_events: ShardState, head: Head
) -> RowsDecision:
    """Return which rows the table lacks of messages that ``events`` has not decided on.

    A claim in the table's own ledger tells that somebody tried, under whatever rules: then the
    table itself is asked.
    """
    state, batch = work.state(head), work.batch
    rows = [row for row in batch.rows[IDENTIFIES.name] if _is_open(work, of_events, state, row)]
    if (
        work.manner.is_late
        or state.claimed.touches(batch.claim)
        or not (state.is_sure(batch.claim) and of_events.is_sure(batch.claim))
    ):
        held = work.asking.held(memory.table, batch.shard, rows, head)
        rows = [*work.asking.lacking(memory.table, rows, held, head)]
    fresh = memory.fresh(work, rows, state, head)
    return RowsDecision(
        since=head.history.newest,
        rows=list(fresh.values()),
        is_due=bool(fresh),
        change=work.change,
        spoiled_by=work.spoiled_by,
        state=state,
        fresh=fresh,
        repeats=len(rows) - len(fresh),
    )


def _is_open(work: Work, of_events: ShardState, state: ShardState, row: Row) -> bool:
    if of_events.is_pending(row):
        return False
    return work.manner.is_late or not of_events.is_decided(row) or state.is_unsure(row)
