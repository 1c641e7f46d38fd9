"""Failed records, replayed: validated again, and published if they are valid now.

A message keeps the position that it had, and at most one row of a table has it: so a replay that
was interrupted, is repeated or runs alongside another knows what is done. The rows of
``failed_records`` stay: they record what happened.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from headwater_contract.kinesis_event import Received
from headwater_contract.ranges import Range
from headwater_contract.reasons import without_quotes
from headwater_contract.tables import EVENTS, FAILED_RECORDS
from headwater_writer.publish.batch import Batch, Published
from headwater_writer.replay.outcome import Outcome
from headwater_writer.replay.revalidate import revalidate
from headwater_writer.rows.rows import Row
from headwater_writer.writer import MAX_REASON, Rows, Writer, rows_of_messages


def replay(rows: Sequence[Row], writer: Writer, *, dry: bool) -> Outcome:
    """Replay rows of ``failed_records``, which are of one shard.

    A dry replay only counts what it would do.

    Raises:
        PublishError: a commit to a table failed; retrying is safe.
    """
    failing = Counter[str]()
    messages = _messages(rows, failing)
    batch = _batch(rows, rows_of_messages(messages, writer.rules, writer.now()))
    replayed = _would(batch, writer) if dry else _did(batch, writer)
    failing.update(_reason(row["stage"], row["reason"]) for row in batch.rows[FAILED_RECORDS.name])
    return Outcome(replayed, len(batch.rows[EVENTS.name]) - replayed, failing=failing)


def _messages(rows: Sequence[Row], failing: Counter[str]) -> Iterator[Received]:
    """Yield the messages that are accepted now, and count why the others are not.

    No rows are made of these: a failed record may hold thousands, each with all of its envelope.
    """
    for row in rows:
        for item in revalidate(row):
            if isinstance(item, Received):
                yield item
            else:
                failing[_reason(item.stage, item.reason[:MAX_REASON])] += 1


def _reason(stage: str, reason: str) -> str:
    return f"{stage}: {without_quotes(reason)}"


def _batch(failed: Sequence[Row], rows: Rows) -> Batch:
    sequences = [int(row["ingest_sequence"]) for row in failed]
    claim = Range(min(sequences), max(sequences))
    return Batch(failed[0]["ingest_shard"], claim, rows)


def _would(batch: Batch, writer: Writer) -> int:
    return writer.publisher().would_replay(batch) if batch.rows[EVENTS.name] else 0


def _did(batch: Batch, writer: Writer) -> int:
    return writer.publisher().replay(batch).get(EVENTS.name, Published(0)).written
