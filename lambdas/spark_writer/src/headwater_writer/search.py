"""What a table holds of some rows already, asked of Spark by position and by event.

Bounds come with each list: Iceberg leaves out files by the least and the greatest value, and gives
up on lists of more than 200. Sequence numbers are text here, and so is every comparison, Spark's
and that with a file's statistics: where lengths differ fewer files are left out, but never a row.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from pyspark.sql import Column, DataFrame
from pyspark.sql.functions import col, lit

from headwater_writer.late import REPEATS_WITHIN, Place, place
from headwater_writer.repeats import Key, key
from headwater_writer.rows import Row


def held_places(held: DataFrame, shard: str, rows: Sequence[Row]) -> set[Place]:
    """Return the places of a shard that a table holds, of those stream records that rows are of."""
    sequences = {row["ingest_sequence"] for row in rows}
    found = (
        held.where(col("ingest_shard") == shard)
        .where(_is_one_of("ingest_sequence", sequences))
        .select("ingest_sequence", "ingest_index")
    )
    return {place(row) for row in found.toArrow().to_pylist()}


def held_events(held: DataFrame, rows: Sequence[Row]) -> set[Key]:
    """Return the keys of the events among ``rows`` that a table holds from about their time."""
    times = [row["event_time"] for row in rows]
    first, last = min(times) - REPEATS_WITHIN, max(times) + REPEATS_WITHIN
    found = (
        held.where(col("event_time").between(_zoneless(first), _zoneless(last)))
        .where(_is_one_of("event_id", {row["event_id"] for row in rows}))
        .select("app_id", "event_id")
    )
    return {key(row) for row in found.toArrow().to_pylist()}


def _is_one_of(name: str, values: Collection[str]) -> Column:
    return col(name).between(min(values), max(values)) & col(name).isin(list(values))


def _zoneless(time: datetime) -> Column:
    return lit(time.astimezone(UTC).replace(tzinfo=None))
