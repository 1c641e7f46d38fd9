"""What ``identifies`` lacks of a batch."""

from headwater_contract.tables import IDENTIFIES
from headwater_writer.publish import presence
from headwater_writer.publish.decision import Memory, RowsDecision
from headwater_writer.publish.lookup import Held, lacking
from headwater_writer.publish.shard import ShardState
from headwater_writer.publish.table import Head, PublishedTable
from headwater_writer.publish.work import Work
from headwater_writer.rows.rows import Row


def decide_identifies(
    work: Work, memory: Memory, events: PublishedTable, of_events: Head, head: Head
) -> RowsDecision:
    """Return which rows the table lacks of messages that ``events`` has, or has not decided on.

    A claim in the table's own ledger means that there was an attempt, under whatever rules: then
    the table itself is searched.
    """
    state, decided, batch = work.state(head), work.state(of_events), work.batch
    rows = [row for row in batch.rows[IDENTIFIES.name] if _is_open(work, decided, state, row)]
    if any(map(decided.is_pending, rows)):
        held = Held(
            events.positions(batch.shard, {row["ingest_sequence"] for row in rows}, of_events)
        )
        rows = [row for row in rows if row in held or not decided.is_pending(row)]
    if (
        work.mode.is_late
        or state.claimed.touches(batch.claim)
        or not (state.is_sure(batch.claim) and decided.is_sure(batch.claim))
    ):
        held = presence.held(work, memory.table, rows, head)
        known = presence.known(memory.table, rows, head)
        rows = [*lacking(IDENTIFIES, rows, held, known)]
        fresh = memory.lacking(rows)
    else:
        fresh = memory.fresh(work, rows, state, head)
    return RowsDecision.on(work, head, rows, fresh, is_due=bool(fresh), change=work.change)


def _is_open(work: Work, decided: ShardState, state: ShardState, row: Row) -> bool:
    return work.mode.is_late or not decided.is_decided(row) or state.is_unsure(row)
