"""Commits of 1, 4, 8 and 16 writers at once, to a new table and to one with a day of history.

Run by ``make bench-commits``. A day of ten busy shards leaves as many snapshots as maintenance lets
stand (``SNAPSHOTS``), which every commit reads and writes. Each writer has a shard of its own and a
view of the table of its own, in a thread; the two tables take turns. Prints the table of
``docs/performance.md``.
"""

import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from pyspark.sql import SparkSession
from rich.console import Console
from rich.progress import track

from commits import BUCKET, writer_settings
from headwater_contract.kinesis_event import ReceivedRecord, received_records
from headwater_contract.tables import EVENTS
from headwater_local import aws_client
from headwater_writer.lake.lake import Lake
from headwater_writer.maintenance.steps.expiry import MAX_SNAPSHOTS
from headwater_writer.maintenance.table import MaintainedTable
from headwater_writer.publish.ledger import property_name
from headwater_writer.rehearsal import warm_up
from headwater_writer.settings import Settings
from headwater_writer.spark import session
from headwater_writer.spark.options import CATALOG
from headwater_writer.writer import Writer
from stand_in import stand_in
from writer.bare import writer_to
from writer.batches import EVENTS_A_RECORD, invocation

WRITERS = (1, 4, 8, 16)
BATCHES = 20
SHARDS = 10
SNAPSHOTS = MAX_SNAPSHOTS

_console = Console(stderr=True)


@dataclass(frozen=True)
class Lane:
    """A table that writers commit to at once."""

    spark: SparkSession
    settings: Settings
    lake: Lake
    database: str

    @classmethod
    def make(cls, spark: SparkSession, settings: Settings, database: str) -> "Lane":
        """Create the tables."""
        aws_client.glue(str(settings.endpoint)).create_database(DatabaseInput={"Name": database})
        lake = Lake(spark, CATALOG, database, f"s3://{BUCKET}/{database}")
        lake.tables()
        return cls(spark, settings, lake, database)

    def age(self) -> None:
        """Give the table the history that a day of busy shards leaves."""
        loaded = MaintainedTable(self.spark, self.database, EVENTS).load()
        transaction = loaded.newTransaction()
        for number in track(range(1, SNAPSHOTS + 1), "a day of history", console=_console):
            append = transaction.newAppend()
            append.set(
                property_name(self.settings.group, f"bench/{number % SHARDS}"), f"{number}-{number}"
            )
            append.commit()
        operations = transaction.underlyingOps()
        operations.commit(transaction.startMetadata(), transaction.currentMetadata())

    def run(self, writers: int, first: int) -> tuple[list[float], float]:
        """Let writers commit at once; return the seconds of each publish, and those in all."""
        started = time.perf_counter()
        with ThreadPoolExecutor(writers) as pool:
            shards = [f"shardId-{number:012d}" for number in range(writers)]
            taken = list(pool.map(lambda shard: self._publish(shard, first), shards))
        return [each for of_writer in taken for each in of_writer], time.perf_counter() - started

    def _publish(self, shard: str, first: int) -> list[float]:
        writer = writer_to(self.lake, self.settings)
        return [publish_seconds(writer, shard, first + number) for number in range(BATCHES)]


def _records(shard: str, number: int) -> list[ReceivedRecord]:
    event = invocation(number * EVENTS_A_RECORD, EVENTS_A_RECORD)
    return [
        ReceivedRecord(f"bench/{shard}", record.sequence, record.data)
        for record in received_records(event)
    ]


def publish_seconds(writer: Writer, shard: str, number: int) -> float:
    """Publish a batch of a shard, and return the seconds that it took."""
    records = _records(shard, number)
    started = time.perf_counter()
    writer.write(records)
    return time.perf_counter() - started


def _measure(spark: SparkSession, settings: Settings) -> None:
    warm_up(spark)
    new, old = (Lane.make(spark, settings, name) for name in ("brand_new", "a_day_old"))
    new.run(1, 0)
    old.age()
    print("| writers | new table: ms a publish | commits/s | day-old: ms | commits/s | ratio |")
    print("|---|---|---|---|---|---|")
    for turn, writers in enumerate(WRITERS, 1):
        _console.print(f"{writers} writers")
        figures = [lane.run(writers, turn * 10_000) for lane in (new, old)]
        medians = [statistics.median(seconds) * 1000 for seconds, _ in figures]
        rates = [len(seconds) / total for seconds, total in figures]
        print(
            f"| {writers} | {medians[0]:.0f} | {rates[0]:.1f} | {medians[1]:.0f} | {rates[1]:.1f} "
            f"| {medians[1] / medians[0]:.2f} |"
        )


def main() -> None:
    """Run it."""
    with tempfile.TemporaryDirectory() as directory, stand_in(Path(directory)) as endpoint:
        settings = writer_settings(endpoint)
        aws_client.s3(endpoint).create_bucket(Bucket=BUCKET)
        spark = session.start(settings)
        _measure(spark, settings)
        spark.stop()


if __name__ == "__main__":
    main()
