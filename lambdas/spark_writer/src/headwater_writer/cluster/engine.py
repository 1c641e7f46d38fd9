"""Tasks on a Spark cluster: a shard is read and shaped by one, and many write the files.

Spark runs a task again if its machine is lost, also one whose rows it has handed on, and may then
read a shard further than before, or less far. So all rows are cut where the tasks said that they
ended, and then counted: nothing is committed if one is missing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import pyarrow as pa
from pyspark import StorageLevel
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.functions import broadcast, col, lpad

from headwater_contract.columns import Table
from headwater_contract.tables import EVENTS, FAILED_RECORDS, IDENTIFIES
from headwater_writer.cluster.columns import END, batches, decoded
from headwater_writer.cluster.plan import ShardPlan
from headwater_writer.cluster.reading import Reading, Source
from headwater_writer.cluster.rounds import Shaped
from headwater_writer.cluster.shaping import End, Limits, shaped
from headwater_writer.cluster.tasks import rows_of_tasks
from headwater_writer.lake.search import digest
from headwater_writer.lake.table import LakeTable, Staged
from headwater_writer.publish.joint import Heads
from headwater_writer.publish.repeats import WINDOW
from headwater_writer.publish.table import Head
from headwater_writer.rows.rows import Row, Rules

DIGITS: Final = 129
"""Digits of a sequence number at most ("GetShardIterator", Kinesis API): padded, texts compare as
numbers."""

_FAILED_BYTES: Final = 256 * 1024 * 1024
"""Failed records of all shards that the driver takes in a round, by their weight."""

_FEW: Final = 256
"""With fewer shards than this, each still gets only this fraction of ``_FAILED_BYTES``."""


_IDENTITY: Final = ["ingest_shard", "digest"]
"""The columns by which a repeat is recognised: a shard's events, by their digest."""


class TaskChangedError(Exception):
    """A task that was run again read its shard differently; nothing of its round is committed."""


@dataclass(frozen=True, slots=True)
class SparkEngine:
    """Runs the tasks of a round; ``tables`` are those that the publisher commits to, by name."""

    spark: SparkSession
    tables: Mapping[str, LakeTable]
    source: Source
    rules: Rules

    def shaped(self, plans: Sequence[ShardPlan], heads: Heads, now: datetime) -> Shaped:
        """Read, shape and stage what is plain of some shards, without what repeats recent events.

        Raises:
            TaskChangedError: rows were lost with a machine, and came again in another number.
        """
        rows = self._made(plans, now).persist(StorageLevel.DISK_ONLY)
        try:
            ends = [decoded(row[END]) for row in rows.where(col(END).isNotNull()).collect()]
            cut = _Cut(rows, [end for end in ends if end.read])
            since = now - WINDOW
            staged = {
                EVENTS.name: self._staged(cut, EVENTS, heads.events, since),
                IDENTIFIES.name: self._staged(cut, IDENTIFIES, heads.identifies, since),
            }
            files = {name: each for name, each in staged.items() if each}
            written = {name: each.count for name, each in files.items()}
            return Shaped(ends, _failing(cut), files, written)
        finally:
            rows.unpersist()

    def _made(self, plans: Sequence[ShardPlan], now: datetime) -> DataFrame:
        """Return what the tasks make, a partition for each shard."""
        contracts = {name: table.contract for name, table in self.tables.items()}
        limits = Limits(failed_bytes=_FAILED_BYTES // max(len(plans), _FEW))
        task = _Task(plans, self.source, self.rules, now, limits, contracts)
        return rows_of_tasks(self.spark, contracts, task.run, len(plans))

    def _staged(self, cut: "_Cut", table: Table, head: Head, since: datetime) -> Staged | None:
        """Write the files of a table's rows, but for repeats of recent events, if there are any."""
        expected = cut.count(table)
        if not expected:
            return None
        lake, rows = self.tables[table.name], cut.rows(table)
        recent = lake.recent_by_shard(since, head)
        if recent is None:
            return _checked(table, lake, rows, expected)
        # Narrow, and few: the rows themselves stay where they are.
        known = rows.select("ingest_shard", digest(table).alias("digest"))
        repeats = known.join(recent, _IDENTITY, "left_semi").persist(StorageLevel.DISK_ONLY)
        try:
            fresh = rows.withColumn("digest", digest(table)).join(repeats, _IDENTITY, "left_anti")
            return _checked(table, lake, fresh.drop("digest"), expected - repeats.count())
        finally:
            repeats.unpersist()


class _Cut:
    """What the tasks made, up to where each said that it ended; ends are of shards with records."""

    def __init__(self, made: DataFrame, ends: Sequence[End]) -> None:
        self._made = made
        self._ends = ends

    def count(self, table: Table) -> int:
        """Return how many rows of a table there are to be."""
        return sum(end.rows[table.name] for end in self._ends)

    def rows(self, table: Table) -> DataFrame:
        """Return the rows of a table."""
        spark = self._made.sparkSession
        lasts = [(end.shard, str(end.read.last).zfill(DIGITS)) for end in self._ends if end.read]
        ends = spark.createDataFrame(lasts, "end_shard string, end_number string")
        rows = self._made.where(col(table.name).isNotNull()).select(f"{table.name}.*")
        number = lpad(col("ingest_sequence"), DIGITS, "0")
        is_before = (col("ingest_shard") == col("end_shard")) & (number <= col("end_number"))
        return rows.join(broadcast(ends), is_before).drop("end_shard", "end_number")


@dataclass(frozen=True, slots=True)
class _Task:
    """Reads and shapes some shards of a round, on whatever machine it is run."""

    plans: Sequence[ShardPlan]
    source: Source
    rules: Rules
    now: datetime
    limits: Limits
    contracts: Mapping[str, Table]

    def run(self, number: int) -> Iterator[pa.RecordBatch]:
        """Yield what the shard holds whose plan has this number."""
        plan = self.plans[number]
        reading = Reading(self.source, plan.shard, plan.plain)
        return batches(shaped(reading, self.rules, self.now, self.limits), self.contracts)


def _checked(table: Table, lake: LakeTable, rows: DataFrame, expected: int) -> Staged | None:
    """Write the files of so many rows, if there are any."""
    if not expected:
        return None
    staged = lake.stage_frame(rows, expected)
    _check(table, expected, staged.count)
    return staged


def _failing(cut: _Cut) -> Mapping[str, Sequence[Row]]:
    """Return the failed records of each shard, as rows."""
    if not (expected := cut.count(FAILED_RECORDS)):
        return {}
    rows = [_aware(row) for row in cut.rows(FAILED_RECORDS).toArrow().to_pylist()]
    _check(FAILED_RECORDS, expected, len(rows))
    found: dict[str, list[Row]] = {}
    for row in sorted(rows, key=_order):
        found.setdefault(row["ingest_shard"], []).append(row)
    return found


def _check(table: Table, expected: int, found: int) -> None:
    if found != expected:
        raise TaskChangedError(
            f"{found} rows of {table.name} were written and {expected} were made: a task ran again "
            "and read its shard differently; the next round begins anew"
        )


def _aware(row: Row) -> Row:
    """Return a row whose times are of UTC, as all are: a table's have no zone."""
    return {
        name: value.replace(tzinfo=UTC) if isinstance(value, datetime) else value
        for name, value in row.items()
    }


def _order(row: Row) -> tuple[int, int]:
    return int(row["ingest_sequence"]), row["ingest_index"]
