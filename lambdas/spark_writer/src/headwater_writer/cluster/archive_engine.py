"""Files of an archive on a cluster: a task reads and shapes each, and many look up and write.

A task that Spark runs again reads the same file with the same clock, and makes the same rows. What
is in the tables is told by joins, by the identities that ``publish.lookup`` goes by: a position,
and an event within a day of its time.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import pyarrow as pa
from pyspark import StorageLevel
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.functions import col, lpad
from pyspark.sql.functions import max as greatest
from pyspark.sql.functions import min as least

from headwater_contract.columns import Table
from headwater_contract.ranges import Range
from headwater_contract.tables import EVENTS, IDENTIFIES
from headwater_writer.backfill.source import File, Source, source_of
from headwater_writer.cluster.archive import FileEnd, shaped
from headwater_writer.cluster.backfill import Stretch
from headwater_writer.cluster.columns import END, of_end, of_rows
from headwater_writer.cluster.engine import DIGITS
from headwater_writer.cluster.tasks import rows_of_tasks
from headwater_writer.failures import clients
from headwater_writer.lake import search
from headwater_writer.lake.table import LakeTable, Staged
from headwater_writer.publish.joint import Heads, Joint, Share
from headwater_writer.publish.table import Head
from headwater_writer.rows.rows import Rules
from headwater_writer.settings import Settings


@dataclass(frozen=True, slots=True)
class Archive:
    """Where files are, for whatever machine reads them: a URI in S3, and the app, if of one."""

    uri: str
    app: str | None
    settings: Settings

    def source(self) -> Source:
        """Return its files.

        Raises:
            SourceError: the URI names no source.
        """
        return source_of(self.uri, clients.s3(self.settings), None)


@dataclass(frozen=True, slots=True)
class SparkArchiveEngine:
    """Runs the tasks of a stretch; ``tables`` are those that the publisher commits to, by name."""

    spark: SparkSession
    tables: Mapping[str, LakeTable]
    archive: Archive
    rules: Rules

    def shaped(self, files: Sequence[File], heads: Heads, now: datetime) -> Stretch:
        """Read, shape and stage what the tables lack at ``heads`` of some files."""
        contracts = {table.name: self.tables[table.name].contract for table in (EVENTS, IDENTIFIES)}
        task = _Task(files, self.archive, self.rules, now, contracts)
        rows = rows_of_tasks(self.spark, contracts, task.run, len(files)).persist(
            StorageLevel.DISK_ONLY
        )
        try:
            ends = [FileEnd.decoded(row[END]) for row in rows.where(col(END).isNotNull()).collect()]
            spans = _spans(rows)
            staged = {
                name: self._staged(rows, name, head, spans)
                for name, head in ((EVENTS.name, heads.events), (IDENTIFIES.name, heads.identifies))
            }
        finally:
            rows.unpersist()
        shares = [Share(each.shard, each.claim, each.claim, ()) for each in spans]
        files_of = {name: each for name, each in staged.items() if each}
        written = files_of[EVENTS.name].count if EVENTS.name in files_of else 0
        return Stretch(ends, Joint(shares, files_of), written)

    def _staged(
        self, rows: DataFrame, name: str, head: Head, spans: Sequence["_Span"]
    ) -> Staged | None:
        """Write the files of what a table lacks, if it lacks anything."""
        if not spans:
            return None
        table = self.tables[name]
        of_table = rows.where(col(name).isNotNull()).select(f"{name}.*")
        lacked = search.lacking(table.contract, table.at(head), of_table, _bounds(spans))
        # By time, so that years make no file for each day and core.
        by_time = lacked.repartitionByRange(table.contract.partition_time)
        lacked = by_time.persist(StorageLevel.DISK_ONLY)
        try:
            count = lacked.count()
            return table.stage_frame(lacked, count) if count else None
        finally:
            lacked.unpersist()


@dataclass(frozen=True, slots=True)
class _Task:
    """Reads and shapes some files, on whatever machine it is run."""

    files: Sequence[File]
    archive: Archive
    rules: Rules
    now: datetime
    contracts: Mapping[str, Table]

    def run(self, number: int) -> Iterator[pa.RecordBatch]:
        """Yield what the file of this number holds."""
        file, app = self.files[number], self.archive.app
        for each in shaped(self.archive.source(), file, app, self.rules, self.now):
            if isinstance(each, FileEnd):
                yield of_end(each.encoded(), self.contracts)
            else:
                yield from of_rows(each, self.contracts)


@dataclass(frozen=True, slots=True)
class _Span:
    """The range of a shard's records that rows are of, as texts too, and of their times."""

    shard: str
    claim: Range
    texts: tuple[str, str]
    times: tuple[datetime, datetime]


def _spans(rows: DataFrame) -> Sequence[_Span]:
    number = lpad(col("ingest_sequence"), DIGITS, "0")
    found = (
        rows.where(col(EVENTS.name).isNotNull())
        .select(f"{EVENTS.name}.*")
        .groupBy("ingest_shard")
        .agg(
            least(number).alias("lowest"),
            greatest(number).alias("highest"),
            least("ingest_sequence").alias("least"),
            greatest("ingest_sequence").alias("greatest"),
            least("event_time").alias("first"),
            greatest("event_time").alias("last"),
        )
        .collect()
    )
    return [
        _Span(
            row["ingest_shard"],
            Range(int(row["lowest"]), int(row["highest"])),
            (row["least"], row["greatest"]),
            (row["first"].replace(tzinfo=UTC), row["last"].replace(tzinfo=UTC)),
        )
        for row in sorted(found)
    ]


def _bounds(spans: Sequence[_Span]) -> search.Bounds:
    return search.Bounds(
        [each.shard for each in spans],
        (min(each.texts[0] for each in spans), max(each.texts[1] for each in spans)),
        (min(each.times[0] for each in spans), max(each.times[1] for each in spans)),
    )
