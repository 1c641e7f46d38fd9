"""Failed records that follow the commit that decided on them."""

from collections.abc import Sequence

from headwater_contract.tables import FAILED_RECORDS
from headwater_writer.publish import presence
from headwater_writer.publish.fence import Change, a_move_within, claiming, moving
from headwater_writer.publish.lookup import lacking, sequence
from headwater_writer.publish.settle import Decision
from headwater_writer.publish.shard import ShardState
from headwater_writer.publish.table import Head, PublishedTable
from headwater_writer.publish.work import Work
from headwater_writer.rows.rows import Row


def decide_failed(
    work: Work, events: PublishedTable, of_events: Head, failing: Sequence[Row], head: Head
) -> Decision:
    """Return which of the records that are to fail the table lacks.

    ``of_events`` is ``events``, read after ``head``. If it was rolled back and they are not pending
    any more, the decision was undone with the rows of its batch, and the next attempt at the batch
    decides again. The tables are searched if some of the claim was written already. The ledger
    alone is not enough: after its oldest gaps have closed it covers too much, and nothing else
    would add a missing record.
    """
    state, claim = work.state(head), work.batch.claim
    decided = work.state(of_events)
    rows: Sequence[Row] = [row for row in failing if not _is_undone(decided, row)]
    if (
        state.claimed.touches(claim)
        or not state.is_sure(claim)
        or not all(map(decided.is_pending, rows))
    ):
        held = presence.held(work, events, rows, of_events, decided.pending)
        rows = lacking(FAILED_RECORDS, rows, held, ())

    def change(newest: Head) -> Change:
        return claiming(work.ledger, work.state(newest), claim)

    return Decision(
        since=head.history.newest,
        rows=rows,
        is_due=bool(rows),
        change=change,
        conflicts=a_move_within(work.ledger, claim),
    )


def _is_undone(decided: ShardState, row: Row) -> bool:
    return decided.rewound.covers(sequence(row)) and not decided.is_pending(row)


def decide_barred(work: Work, head: Head) -> Decision:
    """Return a commit without rows, with which all earlier decisions conflict.

    For a batch that ``events`` lost with a rewind: the process that wrote it may still be about to
    write its failed records, which by other rules are about to become events.
    """
    return Decision(
        since=head.history.newest,
        rows=(),
        is_due=True,
        change=lambda _: moving(work.ledger),
        conflicts=lambda _: False,
    )
