"""What a table has already, looked up with Spark by position, by event or by load time.

Each list comes with its bounds: Iceberg skips files by the least and the greatest value, and
ignores lists of more than 200. Sequence numbers are text here and are compared as text, by Spark
and with a file's statistics: if their lengths differ, fewer files are skipped, but never a row.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from pyspark.sql import Column, DataFrame
from pyspark.sql.functions import col, concat, length, lit, sha2, substring, unhex, when

from headwater_contract.columns import Table
from headwater_contract.tables import FAILED_RECORDS
from headwater_writer.lake.literals import zoneless
from headwater_writer.publish.lookup import REPEATS_WITHIN, WHOLE, Position
from headwater_writer.publish.repeats import DIGEST_BYTES, Digest
from headwater_writer.rows.rows import Row


def positions(
    table: Table, held: DataFrame, shard: str, sequences: Collection[str]
) -> set[Position]:
    """Return the positions within some stream records of a shard that a table has."""
    found = (
        held.where(col("ingest_shard") == shard)
        .where(_is_one_of("ingest_sequence", sequences))
        .select("ingest_sequence", _index(table).alias("ingest_index"))
    )
    return {(row["ingest_sequence"], row["ingest_index"]) for row in found.toArrow().to_pylist()}


def events(table: Table, held: DataFrame, rows: Sequence[Row]) -> set[Digest]:
    """Return which of the events of ``rows`` a table has from about their time."""
    times = [row["event_time"] for row in rows]
    first, last = min(times) - REPEATS_WITHIN, max(times) + REPEATS_WITHIN
    found = (
        held.where(col("event_time").between(zoneless(first), zoneless(last)))
        .where(_is_one_of("event_id", {row["event_id"] for row in rows}))
        .select(digest(table).alias("digest"))
    )
    return set(_digests(found))


def recent(table: Table, held: DataFrame, shard: str, since: datetime) -> Iterator[Digest]:
    """Yield the events of a shard that were loaded since a time (aware UTC)."""
    found = (
        held.where(col("ingest_shard") == shard)
        .where(col("load_time") >= zoneless(since))
        .select(digest(table).alias("digest"))
    )
    return _digests(found)


def recent_by_shard(table: Table, held: DataFrame, since: datetime) -> DataFrame:
    """Return the shard and the digest of events that were loaded since a time (aware UTC)."""
    found = held.where(col("load_time") >= zoneless(since))
    return found.select("ingest_shard", digest(table).alias("digest"))


def digest(table: Table) -> Column:
    """Return the digest of an event, as ``publish.repeats.digest`` computes it."""
    text = concat(*(_measured(name) for name in table.identity))
    return substring(unhex(sha2(text.cast("binary"), 256)), 1, DIGEST_BYTES)


def _measured(name: str) -> Column:
    value = col(name)
    measured = concat(length(value).cast("string"), lit(":"), value)
    return when(value.isNull(), "-").otherwise(measured)


def _digests(found: DataFrame) -> Iterator[Digest]:
    # A batch at a time: as Python objects, an hour's digests take many times the memory.
    for batch in found.toArrow().to_batches():
        yield from (value.as_py() for value in batch.column("digest"))


def _index(table: Table) -> Column:
    if table is not FAILED_RECORDS:
        return col("ingest_index")
    return when(col("stage") == "decode", WHOLE).otherwise(col("ingest_index"))


def _is_one_of(name: str, values: Collection[str]) -> Column:
    return col(name).between(min(values), max(values)) & col(name).isin(list(values))
