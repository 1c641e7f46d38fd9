"""What a table has already, looked up with Spark by position, by event or by load time.

Each list comes with its bounds: Iceberg skips files by the least and the greatest value, and
ignores lists of more than 200. Sequence numbers are text here and are compared as text, by Spark
and with a file's statistics: if their lengths differ, fewer files are skipped, but never a row.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import pyarrow as pa
from pyspark.sql import Column, DataFrame, Window
from pyspark.sql.functions import (
    broadcast,
    col,
    concat,
    length,
    lit,
    row_number,
    sha2,
    substring,
    unhex,
    when,
)

from headwater_contract.columns import Table
from headwater_contract.tables import FAILED_RECORDS
from headwater_writer.lake.literals import zoneless
from headwater_writer.publish.lookup import REPEATS_WITHIN, WHOLE, Position
from headwater_writer.publish.repeats import DIGEST_BYTES, Digest
from headwater_writer.rows.rows import Row

FEW: Final = 200
"""Values that are listed in an expression. Each costs a call to Java of a millisecond, so more than
these are handed over as a table."""

_POSITION: Final = ["ingest_shard", "ingest_sequence", "ingest_index"]
"""The columns by which a row's position is known."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What rows lie within: their shards, sequence numbers as texts, and times (aware UTC)."""

    shards: Collection[str]
    sequences: tuple[str, str]
    times: tuple[datetime, datetime]


def positions(
    table: Table, held: DataFrame, shard: str, sequences: Collection[str]
) -> set[Position]:
    """Return the positions within some stream records of a shard that a table has."""
    of_shard = held.where(col("ingest_shard") == shard)
    found = having(of_shard, "ingest_sequence", sequences).select(
        "ingest_sequence", _index(table).alias("ingest_index")
    )
    return {(row["ingest_sequence"], row["ingest_index"]) for row in found.toArrow().to_pylist()}


def events(table: Table, held: DataFrame, rows: Sequence[Row]) -> set[Digest]:
    """Return which of the events of ``rows`` a table has from about their time."""
    times = [row["event_time"] for row in rows]
    first, last = min(times) - REPEATS_WITHIN, max(times) + REPEATS_WITHIN
    of_then = held.where(col("event_time").between(zoneless(first), zoneless(last)))
    ids = {row["event_id"] for row in rows}
    found = having(of_then, "event_id", ids).select(digest(table).alias("digest"))
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


def lacking(table: Table, held: DataFrame | None, rows: DataFrame, bounds: Bounds) -> DataFrame:
    """Return the rows of which neither the position nor the event is held or earlier among them.

    It is what ``publish.lookup.lacking`` does, for as many rows as there are.
    """
    order = [col("ingest_shard"), length("ingest_sequence"), col("ingest_sequence")]
    by_event = Window.partitionBy("digest").orderBy(*order, "ingest_index")
    first = (
        rows.withColumn("digest", digest(table))
        .withColumn("nth", row_number().over(by_event))
        .where(col("nth") == 1)
        .dropDuplicates(_POSITION)
        .drop("nth")
    )
    if held is None:
        return first.drop("digest")
    there = (
        held.where(col("ingest_shard").isin(list(bounds.shards)))
        .where(col("ingest_sequence").between(*bounds.sequences))
        .select(*_POSITION)
    )
    since, until = bounds.times[0] - REPEATS_WITHIN, bounds.times[1] + REPEATS_WITHIN
    near = held.where(col("event_time").between(zoneless(since), zoneless(until)))
    events = near.select(digest(table).alias("held_digest"), col("event_time").alias("held_time"))
    day = lit(REPEATS_WITHIN)
    is_held = (col("digest") == col("held_digest")) & col("held_time").between(
        col("event_time") - day, col("event_time") + day
    )
    left = first.join(there, _POSITION, "left_anti").join(events, is_held, "left_anti")
    return left.drop("digest")


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


def having(held: DataFrame, name: str, values: Collection[str]) -> DataFrame:
    """Return the rows of ``held`` that have one of the values in a column."""
    within = held.where(col(name).between(min(values), max(values)))
    if len(values) <= FEW:
        return within.where(col(name).isin(list(values)))
    wanted = held.sparkSession.createDataFrame(
        pa.table({name: pa.array(list(values), pa.string())})
    )
    return within.join(broadcast(wanted), name, "left_semi")
