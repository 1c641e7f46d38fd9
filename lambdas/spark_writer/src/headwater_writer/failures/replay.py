"""Failed records, put through again: judged anew, and published where they can be.

A message gets the position that it had, and at most one row of a table has it: that is how a
replay that was broken off, is run again or runs beside another knows what is done. The rows of
``failed_records`` stay: they are what happened.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from headwater_contract.tables import EVENTS, FAILED_RECORDS, IDENTIFIES
from headwater_writer.failures.judge import judge
from headwater_writer.failures.notice import wording
from headwater_writer.failures.outcome import Outcome
from headwater_writer.ledger import Range
from headwater_writer.publish import PublishedTable, ShardRows, publish_late
from headwater_writer.rows import Row
from headwater_writer.writer import Writer, rows_of_messages

# Events last, as the writer does: whoever sees an event also sees what else it became.
_PUBLISHED: Final = (IDENTIFIES.name, EVENTS.name)


def replay(rows: Sequence[Row], writer: Writer, *, dry: bool) -> Outcome:
    """Put rows of ``failed_records`` through again; they are of one shard.

    A dry replay only says what it would do.

    Raises:
        PublishError: a table could not be committed to; replaying again is safe.
    """
    judged = [item for row in rows for item in judge(row)]
    again = rows_of_messages(judged, writer.rules, writer.now())
    written = {
        name: _publish(writer.tables[name], _batch(rows, again[name]), dry=dry)
        for name in _PUBLISHED
        if again[name]
    }
    replayed = written.get(EVENTS.name, 0)
    failing = Counter(_reason(row) for row in again[FAILED_RECORDS.name])
    return Outcome(replayed, len(again[EVENTS.name]) - replayed, failing=failing)


def _reason(row: Row) -> str:
    return f"{row['stage']}: {wording(row['reason'])}"


def _batch(failed: Sequence[Row], rows: Sequence[Row]) -> ShardRows:
    sequences = [int(row["ingest_sequence"]) for row in failed]
    claim = Range(min(sequences), max(sequences))
    return ShardRows(failed[0]["ingest_shard"], claim, rows)


def _publish(table: PublishedTable, batch: ShardRows, *, dry: bool) -> int:
    if dry:
        return len(table.absent(batch.shard, batch.rows, table.head(batch.shard)))
    return publish_late(table, batch).written
