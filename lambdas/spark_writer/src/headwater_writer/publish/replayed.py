"""What a table lacks of messages that are failed records, and can be rows by now."""

from headwater_writer.publish.lookup import Held, lacking
from headwater_writer.publish.settle import Decision
from headwater_writer.publish.table import Head, PublishedTable
from headwater_writer.publish.work import Work


def decide_replayed(work: Work, table: PublishedTable, head: Head) -> Decision:
    """Return which rows the table lacks, by their position and by what they say."""
    rows = work.batch.rows[table.contract.name]
    held = Held(table.positions(work.batch.shard, {row["ingest_sequence"] for row in rows}, head))
    lacked = lacking(table.contract, rows, held, table.events(rows, head))
    return Decision(
        since=head.history.newest,
        rows=lacked,
        is_due=bool(lacked),
        change=work.change,
        spoiled_by=work.spoiled_by,
    )
