"""What no log line says: the tables, how far each consumer is, and the parts that run."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import psutil

from headwater_local import aws_client, names
from headwater_local.data_dir import DataDir
from headwater_local.lambda_service.event_source.checkpoints import Checkpoint, CheckpointFile
from headwater_local.lambda_service.event_source.kinesis_stream import KinesisStream
from headwater_local.lambda_service.event_source.stream import Stream, TrimHorizon
from headwater_local.metrics import vocabulary as v
from headwater_local.metrics.translation import CONSUMERS, Sample
from headwater_local.ministack.catalog import metadata_locations, read_metadata
from headwater_local.supervision.run import ROUTE

GAUGES: Final = (
    v.RUNNING,
    v.LAG,
    v.TABLE_ROWS,
    v.TABLE_FILES,
    v.TABLE_BYTES,
    v.TABLE_SNAPSHOTS,
    v.NEWEST_ROW_AGE,
)
"""What ``state`` says anew each time."""


def state(data_dir: DataDir, now: datetime) -> Iterator[Sample]:
    """Yield the gauges of a Headwater that runs, and a zero for each counter of its consumers.

    ``now`` is aware UTC.

    Raises:
        NotRunningError: nothing runs on the data directory.
        StreamError, botocore.exceptions.BotoCoreError, ClientError: the stand-in does not answer;
            what was yielded before holds.
    """
    for name in (part.name for part in ROUTE):
        yield Sample(v.RUNNING, _is_running(data_dir, name), (name,))
    endpoint = data_dir.running_ports().aws_url
    stream = KinesisStream(aws_client.kinesis(endpoint), names.STREAM)
    for part, consumer in CONSUMERS.items():
        if _is_running(data_dir, part):
            checkpoints = CheckpointFile(data_dir.checkpoints(consumer)).load()
            yield Sample(v.LAG, lag_seconds(stream, checkpoints, now), (consumer,))
            for counter in (v.CONSUMED, v.CONSUMER_FAILURES, v.GIVEN_UP):
                yield Sample(counter, 0, (consumer,))  # So that the first is an increase.
    for table, location in metadata_locations(endpoint).items():
        yield from of_table(table, read_metadata(endpoint, location), now)


def lag_seconds(stream: Stream, checkpoints: Mapping[str, Checkpoint], now: datetime) -> float:
    """Return the age of the oldest record after the checkpoints, 0 if there is none."""
    oldest = now.timestamp()
    for shard in stream.shards():
        after = checkpoints.get(shard.shard_id, Checkpoint(TrimHorizon())).position
        for record in stream.read(shard.shard_id, after, 1).records:
            oldest = min(oldest, record.arrived_at)
    return now.timestamp() - oldest


def of_table(table: str, metadata: Mapping[str, Any], now: datetime) -> Iterator[Sample]:
    """Yield what a table's metadata document (Iceberg table specification) says of it."""
    snapshots = {each["snapshot-id"]: each for each in metadata.get("snapshots", ())}
    yield Sample(v.TABLE_SNAPSHOTS, len(snapshots), (table,))
    newest = snapshots.get(metadata.get("current-snapshot-id"))
    summary = newest["summary"] if newest else {}
    yield Sample(v.TABLE_ROWS, int(summary.get("total-records", 0)), (table,))
    yield Sample(v.TABLE_FILES, int(summary.get("total-data-files", 0)), (table,))
    yield Sample(v.TABLE_BYTES, int(summary.get("total-files-size", 0)), (table,))
    additions = [each["timestamp-ms"] for each in snapshots.values() if _adds_rows(each)]
    if additions:
        added = datetime.fromtimestamp(max(additions) / 1000, UTC)
        yield Sample(v.NEWEST_ROW_AGE, max(0.0, (now - added).total_seconds()), (table,))


def _adds_rows(snapshot: Mapping[str, Any]) -> bool:
    # Maintenance replaces files, and adds no rows.
    summary = snapshot["summary"]
    return summary["operation"] == "append" and int(summary.get("added-records", 0)) > 0


def _is_running(data_dir: DataDir, part: str) -> bool:
    try:
        return psutil.pid_exists(int(data_dir.pid_file(part).read_text()))
    except FileNotFoundError:
        return False
