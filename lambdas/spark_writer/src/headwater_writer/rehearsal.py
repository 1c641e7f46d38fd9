"""A writer's work in miniature: it loads and compiles what a first batch would have to wait for.

It is rehearsed on tables in memory, which leaves no trace, and on ordinary tables when the AppCDS
archive is made.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Final

from pyspark.sql import SparkSession

from headwater_contract.envelope import Entry, Envelope
from headwater_contract.kinesis_event import ReceivedRecord
from headwater_contract.stream_record import pack
from headwater_contract.tables import EVENTS, TABLES
from headwater_writer.lake.lake import Lake
from headwater_writer.publish.fence import Change
from headwater_writer.publish.publisher import Publisher
from headwater_writer.publish.settle import random_pause
from headwater_writer.rows.rows import Rules
from headwater_writer.spark.options import MEMORY
from headwater_writer.writer import Writer, rows_of

_DATABASE: Final = "rehearsal"
_GROUP: Final = "rehearsal"
_SHARD: Final = "rehearsal/shardId-000000000000"
_BROWSER: Final = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/150.0.0.0"
_ENTRIES: Final = (
    Entry(
        b'{"event":"e","anonymousId":"a","timestamp":"2026-01-01T00:00:00Z","properties":{},'
        b'"context":{"page":{"url":"https://example.com/?utm_source=s&gclid=1"}}}',
        "track",
        "0",
    ),
    Entry(b'{"userId":"u","anonymousId":"a","traits":{}}', "identify", "1"),
    Entry(b"{}", refusal="an example of a refused message"),
)


def warm_up(spark: SparkSession) -> None:
    """Rehearse all of a writer's work in memory, if there is time before the first batch."""
    rehearse(_in_memory(spark))


def head_start(spark: SparkSession) -> None:
    """Write events to a table in memory, once: what a first batch would wait for most."""
    rows = rows_of(list(_records(0)), Rules(), datetime.now(UTC))[EVENTS.name]
    table = _in_memory(spark).table(EVENTS)
    table.commit(table.stage(rows), table.head(), Change({}, {}))


def rehearse(lake: Lake) -> None:
    """Create the tables, write to them as a writer does, and drop them."""
    for sequence in range(2):
        # A new writer each time, which has to read the shard's recent events.
        writer = Writer(partial(_publisher, lake), Rules(), _now)
        writer.write(list(_records(sequence)))
    for table in TABLES:
        lake.drop(table)


def _publisher(lake: Lake) -> Publisher:
    return Publisher(lake.tables(), _GROUP, _now, random_pause)


def _now() -> datetime:
    return datetime.now(UTC)


def _in_memory(spark: SparkSession) -> Lake:
    spark.sql(f"create namespace if not exists {MEMORY}.{_DATABASE}")
    return Lake(spark, MEMORY, _DATABASE, "memory:/")


def _records(sequence: int) -> Iterator[ReceivedRecord]:
    envelope = Envelope(datetime.now(UTC), f"rehearsal-{sequence}", user_agent=_BROWSER)
    for data in pack(envelope, _ENTRIES):
        yield ReceivedRecord(_SHARD, str(sequence), data)
