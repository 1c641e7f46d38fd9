"""How commit latency holds up over a day of one batch a minute: ``make bench-commits``.

1,440 batches of 20 events go to one table, with maintenance at its schedule on a clock that moves
a minute a batch. A day's snapshots are made in minutes, so their age cannot expire them: the floor
of the table is set to what six hours hold. At the end the day-old table and a new one take turns,
which tells the table's age from the mood of the machine.
"""

import math
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pyspark.sql import SparkSession
from rich.console import Console
from rich.progress import track

from headwater_contract.kinesis_event import received_records
from headwater_contract.tables import EVENTS
from headwater_local import aws_client
from headwater_local.cache import Cache
from headwater_local.supervision.training import archive_file
from headwater_writer.lake.lake import Lake
from headwater_writer.maintenance.lake import steps_of
from headwater_writer.maintenance.properties import update
from headwater_writer.maintenance.report import TableReport
from headwater_writer.maintenance.run import Worker
from headwater_writer.maintenance.table import MaintainedTable
from headwater_writer.rehearsal import warm_up
from headwater_writer.settings import Settings
from headwater_writer.spark import jars, session
from headwater_writer.spark.options import CATALOG
from stand_in import stand_in
from writer.bare import writer_to
from writer.batches import EVENTS_A_RECORD, invocation

COMMITS = 1_440
HOUR = 60
KEPT_SNAPSHOTS = 6 * HOUR
LIMIT = 1.2
BUCKET = "headwater-bench"

_console = Console(stderr=True)


class Dated(MaintainedTable):
    """A table on a storage whose clock shows what it is told."""

    storage_clock = datetime.now(UTC)

    def storage_time(self) -> datetime:
        """Return the time that it shows."""
        return self.storage_clock


class Lane:
    """A table that batches go to, one after the other."""

    def __init__(self, spark: SparkSession, settings: Settings, database: str) -> None:
        aws_client.glue(str(settings.endpoint)).create_database(DatabaseInput={"Name": database})
        lake = Lake(spark, CATALOG, database, f"s3://{BUCKET}/{database}")
        self.table = Dated(spark, database, EVENTS)
        self.maintenance: list[float] = []
        self._writer = writer_to(lake, settings)
        self._commits = 0
        floor = {"history.expire.min-snapshots-to-keep": str(KEPT_SNAPSHOTS)}
        update(self.table, lambda found: {**found, **floor})

    def commit(self) -> float:
        """Write the next batch and return the seconds that it took."""
        event = invocation(self._commits * EVENTS_A_RECORD, EVENTS_A_RECORD)
        self._commits += 1
        started = time.perf_counter()
        self._writer.write(received_records(event))
        return time.perf_counter() - started

    def maintain(self, now: datetime) -> TableReport:
        """Do what is due, as the schedule does."""
        worker = Worker(
            holder="bench",
            now=lambda: now,
            seconds_left=lambda: math.inf,
            within=lambda _: nullcontext(),
            on_step=lambda _table, _step: None,
        )
        self.table.storage_clock = now
        started = time.perf_counter()
        report = worker.maintain(self.table, steps_of(self.table))
        self.maintenance.append(time.perf_counter() - started)
        return report


def _day(lane: Lane) -> Iterator[float]:
    begin = datetime.now(UTC) + timedelta(hours=7)
    for number in track(range(COMMITS), "committing", console=_console):
        if number and number % HOUR == 0:
            report = lane.maintain(begin + timedelta(minutes=number))
            if report.failed:
                _console.print(report)
        yield lane.commit()


def _in_turns(one: Lane, other: Lane) -> tuple[list[float], list[float]]:
    pairs = [(one.commit(), other.commit()) for _ in range(HOUR)]
    return [first for first, _ in pairs], [second for _, second in pairs]


def _measure(spark: SparkSession, settings: Settings) -> float:
    warm_up(spark)
    rehearsal = Lane(spark, settings, "rehearsal")
    for _ in range(HOUR):
        rehearsal.commit()
    old = Lane(spark, settings, "a_day_old")
    seconds = list(_day(old))
    old_again, new = _in_turns(old, Lane(spark, settings, "brand_new"))
    _print("first 60", seconds[:HOUR])
    _print("last 60", seconds[-HOUR:])
    _print("in turns, day-old table", old_again)
    _print("in turns, new table", new)
    print(f"maintenance: {len(old.maintenance)} runs, median {_median(old.maintenance)}")
    print(f"the table: {old.table.size()}")
    return statistics.median(seconds[-HOUR:]) / statistics.median(seconds[:HOUR])


def _print(name: str, seconds: list[float]) -> None:
    mean = f"{statistics.fmean(seconds) * 1000:.0f} ms"
    print(f"{name:<24} median {_median(seconds)}, mean {mean}")


def _median(seconds: list[float]) -> str:
    return f"{statistics.median(seconds) * 1000:.0f} ms"


def writer_settings(endpoint: str) -> Settings:
    """Let this process be a writer on a stand-in, and return what it is told."""
    cache = Cache.from_environment(os.environ)
    jars.fetch(cache.jars, _console.print)
    archive = archive_file(cache)
    os.environ.update(aws_client.environment(endpoint))
    os.environ.update(
        GLUE_DATABASE="unused", WAREHOUSE=f"s3://{BUCKET}/unused", JARS_DIR=str(cache.jars)
    )
    if archive.exists():
        os.environ["CLASS_ARCHIVE"] = str(archive)
    return Settings.from_environment(os.environ)


def main() -> int:
    """Run it; return 1 where the day-old table is slower than the limit allows."""
    with tempfile.TemporaryDirectory() as directory, stand_in(Path(directory)) as endpoint:
        settings = writer_settings(endpoint)
        aws_client.s3(endpoint).create_bucket(Bucket=BUCKET)
        spark = session.start(settings)
        ratio = _measure(spark, settings)
        spark.stop()
    print(f"last 60 / first 60: {ratio:.2f} (at most {LIMIT})")
    return int(ratio > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
