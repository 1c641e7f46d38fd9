"""Failed records that follow the commit that decided on them."""

from collections.abc import Sequence

from headwater_contract.tables import FAILED_RECORDS
from headwater_writer.publish.fence import Change, a_move_within, claiming
from headwater_writer.publish.lookup import lacking
from headwater_writer.publish.settle import Decision
from headwater_writer.publish.table import Head, PublishedTable
from headwater_writer.publish.work import Work
from headwater_writer.rows import Row


def decide_failed(
    work: Work, events: PublishedTable, failing: Sequence[Row], head: Head
) -> Decision:
    """Return which of the records that are to fail the table lacks.

    The tables are asked if anybody has written some of the claim already, or undone the decision
    with a rewind. The ledger alone will not do: one whose oldest gaps have closed says too much,
    and nothing else would make up for a record that is missing here.
    """
    state, claim = work.state(head), work.batch.claim
    of_events = events.head()
    rows = failing
    if (
        state.claimed.touches(claim)
        or not state.is_sure(claim)
        or not work.state(of_events).pending.contains(claim)
    ):
        held = work.asking.held(events, work.batch.shard, failing, of_events)
        rows = lacking(FAILED_RECORDS, failing, held, ())

    def change(newest: Head) -> Change:
        return claiming(work.ledger, work.state(newest), claim)

    return Decision(
        since=head.history.newest,
        rows=rows,
        is_due=bool(rows),
        change=change,
        spoiled_by=a_move_within(work.ledger, claim),
    )
