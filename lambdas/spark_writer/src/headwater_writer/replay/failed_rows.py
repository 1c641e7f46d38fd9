"""Rows of ``failed_records``, some records of one shard at a time, so that they fit in memory."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql.functions import coalesce, col, length, lit, upper
from pyspark.sql.functions import sum as total

from headwater_writer.lake.literals import zoneless
from headwater_writer.lake.search import having
from headwater_writer.replay.filter import Filter
from headwater_writer.rows.rows import Row

MAX_RUN_RECORDS: Final = 200
"""Stream records at a time: as many as Iceberg compares with a file's statistics."""

MAX_RUN_BYTES: Final = 32 * 1024 * 1024


RecordPosition = tuple[str, str]
"""A shard and a sequence number."""


@dataclass(frozen=True, slots=True)
class _Record:
    shard: str
    sequence: str
    size: int


class FailedRows:
    """The failed records that match a filter, by stream record.

    Records up to the position ``after`` are skipped: shards and sequence numbers are compared as
    text.
    """

    def __init__(
        self, spark: SparkSession, table: str, chosen: Filter, after: RecordPosition | None = None
    ) -> None:
        """Look up which there are."""
        self._frame = spark.table(table)
        for condition in _conditions(chosen):
            self._frame = self._frame.where(condition)
        self._records = _records(_beyond(self._frame, after))

    def __len__(self) -> int:
        """Return the number of stream records."""
        return len(self._records)

    def runs(self) -> Iterator[Sequence[Row]]:
        """Yield the rows in the order of their shards, some records of one shard at a time."""
        for _, records in groupby(self._records, lambda record: record.shard):
            for run in _runs(list(records)):
                yield self._rows(run)

    def _rows(self, run: Sequence[_Record]) -> Sequence[Row]:
        sequences = [record.sequence for record in run]
        of_shard = self._frame.where(col("ingest_shard") == run[0].shard)
        found = having(of_shard, "ingest_sequence", sequences)
        found = found.orderBy("ingest_sequence", "ingest_index")
        rows: list[Row] = found.toArrow().to_pylist()
        return rows


def _conditions(chosen: Filter) -> Iterator[Column]:
    """Yield the conditions of a filter; values are literals, never text that Spark parses."""
    equal = {
        "stage": chosen.stage,
        "app_id": chosen.app,
        "ingest_shard": chosen.shard,
        "ingest_sequence": chosen.sequence,
    }
    yield from (col(name) == lit(value) for name, value in equal.items() if value is not None)
    if since := chosen.first_moment():
        yield col("failed_at") >= zoneless(since)
    if end := chosen.end():
        yield col("failed_at") < zoneless(end)
    if chosen.reason is not None:
        yield upper(col("reason")).contains(upper(lit(chosen.reason)))


def _beyond(frame: DataFrame, after: RecordPosition | None) -> DataFrame:
    if after is None:
        return frame
    shard, sequence = col("ingest_shard"), col("ingest_sequence")
    return frame.where((shard > after[0]) | ((shard == after[0]) & (sequence > after[1])))


def _records(frame: DataFrame) -> list[_Record]:
    sizes = frame.groupBy("ingest_shard", "ingest_sequence").agg(
        total(length(col("raw")) + coalesce(length(col("envelope")), lit(0))).alias("size")
    )
    found = sizes.orderBy("ingest_shard", "ingest_sequence").toArrow().to_pylist()
    return [_record(row) for row in found]


def _record(row: Mapping[str, Any]) -> _Record:
    return _Record(row["ingest_shard"], row["ingest_sequence"], row["size"])


def _runs(records: Sequence[_Record]) -> Iterator[Sequence[_Record]]:
    run: list[_Record] = []
    for record in records:
        size = sum(each.size for each in run) + record.size
        if run and (len(run) == MAX_RUN_RECORDS or size > MAX_RUN_BYTES):
            yield run
            run = []
        run.append(record)
    if run:
        yield run
