"""What a long history costs a commit, and what it takes to shorten it: ``make bench-history``.

Commits to a table with many snapshots and to a new one take turns, which tells the history from the
mood of the machine. Most snapshots are made up, copies of the newest: it is their number in the
metadata that a commit pays for. Those that are expired are real.
"""

import json
import statistics
import sys
import tempfile
import time
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pyspark.sql import SparkSession
from rich.console import Console
from rich.progress import track

from commits import BUCKET, Lane, writer_settings
from headwater_local import aws_client
from headwater_writer.maintenance.properties import update
from headwater_writer.maintenance.steps.expiry import expire_snapshots
from headwater_writer.maintenance.table import MaintainedTable
from headwater_writer.rehearsal import warm_up
from headwater_writer.settings import Settings
from headwater_writer.spark import session
from headwater_writer.spark.java import iceberg
from stand_in import stand_in

SNAPSHOTS = (360, 1_000, 2_000, 3_500, 5_000, 10_000)
PAIRS = 40
EXPIRED = 1_500
KEPT = 20

_console = Console(stderr=True)


def lengthen(table: MaintainedTable, number: int) -> None:
    """Add snapshots to a table's history that change nothing."""
    version = table.read()
    operations, base = version.base
    parser = iceberg(table.spark).SnapshotParser
    newest = json.loads(parser.toJson(base.currentSnapshot()))
    builder = iceberg(table.spark).TableMetadata.buildFrom(base)
    for place in range(1, number + 1):
        made_up = newest | {
            "snapshot-id": uuid.uuid4().int >> 66,
            "parent-snapshot-id": newest["snapshot-id"],
            "sequence-number": base.lastSequenceNumber() + place,
            "timestamp-ms": int(time.time() * 1000),
        }
        builder = builder.addSnapshot(parser.fromJson(json.dumps(made_up)))
        newest = made_up
    operations.commit(base, builder.setBranchSnapshot(newest["snapshot-id"], "main").build())


def _commits(spark: SparkSession, settings: Settings) -> None:
    old, new = Lane(spark, settings, "long_history"), Lane(spark, settings, "short_history")
    _take_turns(old, new)
    for number in SNAPSHOTS:
        lengthen(old.table, number - old.table.size().snapshots)
        seconds = _take_turns(old, new)
        medians = [statistics.median(lane) for lane in zip(*seconds, strict=True)]
        print(f"{number:>6} snapshots: {_ms(medians[0])}, a new table {_ms(medians[1])}, ", end="")
        print(f"ratio {medians[0] / medians[1]:.2f}", flush=True)


def _take_turns(old: Lane, new: Lane) -> list[tuple[float, float]]:
    return [(old.commit(), new.commit()) for _ in track(range(PAIRS), console=_console)]


def _expiry(spark: SparkSession, settings: Settings) -> None:
    lane = Lane(spark, settings, "expired")
    for _ in track(range(EXPIRED), "committing", console=_console):
        lane.commit()
    update(lane.table, lambda found: {**found, "history.expire.min-snapshots-to-keep": str(KEPT)})
    started = time.perf_counter()
    counts = expire_snapshots(lane.table, datetime.now(UTC) + timedelta(hours=7))
    print(f"expiry: {dict(counts)} in {time.perf_counter() - started:.1f} s")


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"


def main() -> int:
    """Run it."""
    with tempfile.TemporaryDirectory() as directory, stand_in(Path(directory)) as endpoint:
        settings = writer_settings(endpoint)
        aws_client.s3(endpoint).create_bucket(Bucket=BUCKET)
        spark = session.start(settings)
        warm_up(spark)
        _commits(spark, settings)
        _expiry(spark, settings)
        spark.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
