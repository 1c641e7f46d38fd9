"""What became of the events, from what is durable.

Written and failed are what the tables hold. Waiting is what the stream holds
after the driver's checkpoint and outside the ledger of the ``events`` table, so
an event counts once at whatever moment this looks: the stream is read first,
and what is committed since is in the ledger.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import EndpointConnectionError

from headwater_contract.ranges import Ranges
from headwater_contract.stream_record import UnreadableRecordError, unpack
from headwater_local import aws_client, names
from headwater_local.data_dir import DataDir
from headwater_local.lambda_service.event_source.checkpoints import Checkpoint, CheckpointFile
from headwater_local.lambda_service.event_source.kinesis_stream import KinesisStream
from headwater_local.lambda_service.event_source.stream import (
    Position,
    Record,
    Stream,
    StreamError,
    TrimHorizon,
)
from headwater_local.ministack.catalog import metadata_locations, read_metadata
from headwater_local.supervision import leftovers
from headwater_local.supervision.run import ROUTE
from headwater_writer.publish.ledger import property_name

PAGE_RECORDS = 10_000
"""The most that GetRecords gives at once."""


@dataclass(frozen=True)
class TableState:
    """What a table's metadata says about it.

    ``last_commit`` may be maintenance's; ``last_append`` is the writer's, with rows or without. If
    maintenance has expired that snapshot, it is the oldest one's time, which is later.
    """

    rows: int
    last_commit: datetime | None
    last_append: datetime | None
    properties: Mapping[str, str]


@dataclass(frozen=True)
class Waiting:
    """A stream record that is not written yet."""

    shard: str
    sequence: int
    events: int
    arrived: datetime


@dataclass(frozen=True)
class Status:
    """The answer of ``headwater status``.

    ``waiting`` events are on the stream only, ``written`` are rows of ``events``, ``failed`` rows
    of ``failed_records``, and ``total`` is the sum: what clients sent, but that a repeat which was
    dropped is in none of them, and what failed and was replayed in two. ``last_commit`` is that of
    ``events``, ``lag_seconds`` the age of the oldest event that waits, 0 if none does. ``parts``
    has for each part its pid, or None if it does not run.
    """

    total: int
    waiting: int
    written: int
    failed: int
    last_commit: datetime | None
    lag_seconds: float
    parts: Mapping[str, int | None]


def read_status(data_dir: DataDir) -> Status:
    """Look at a running Headwater.

    Raises:
        NotRunningError: nothing runs on the data directory.
    """
    endpoint = data_dir.running_ports().aws_url
    try:
        stream = list(_after_checkpoints(endpoint, data_dir))
        tables = {
            name: table_state(read_metadata(endpoint, location))
            for name, location in metadata_locations(endpoint).items()
        }
    except (EndpointConnectionError, StreamError) as error:
        raise data_dir.not_running() from error
    events, failed = tables.get("events", NO_TABLE), tables.get("failed_records", NO_TABLE)
    waiting = [record for record in stream if not is_covered(record, events.properties)]
    return summarize(waiting, events, failed.rows, datetime.now(UTC), running_parts(data_dir))


NO_TABLE = TableState(0, None, None, {})
"""A table that the writer has not made yet."""


def summarize(
    waiting: list[Waiting],
    events: TableState,
    failed: int,
    now: datetime,
    parts: Mapping[str, int | None],
) -> Status:
    """Put the counts together; ``now`` is aware UTC."""
    count = sum(record.events for record in waiting)
    oldest = min((record.arrived for record in waiting), default=now)
    return Status(
        total=count + events.rows + failed,
        waiting=count,
        written=events.rows,
        failed=failed,
        last_commit=events.last_commit,
        lag_seconds=max(0.0, (now - oldest).total_seconds()),
        parts=parts,
    )


def is_covered(record: Waiting, properties: Mapping[str, str]) -> bool:
    """Tell whether a table's ledger has the record."""
    ledger = property_name(names.CONSUMER_GROUP, f"{names.STREAM}/{record.shard}")
    ranges = properties.get(ledger)
    return ranges is not None and Ranges.parse(ranges).covers(record.sequence)


def table_state(metadata: Mapping[str, Any]) -> TableState:
    """Read the state from an Iceberg table metadata document (format version 2)."""
    current = metadata.get("current-snapshot-id")
    snapshots = {each["snapshot-id"]: each for each in metadata.get("snapshots", [])}
    properties = metadata.get("properties", {})
    if current not in snapshots:
        return TableState(0, None, None, properties)
    snapshot = snapshots[current]
    times = [each["timestamp-ms"] for each in snapshots.values()]
    appends = [each["timestamp-ms"] for each in snapshots.values() if _is_append(each)]
    return TableState(
        rows=int(snapshot["summary"]["total-records"]),
        last_commit=_time(snapshot["timestamp-ms"]),
        last_append=_time(max(appends, default=min(times))),
        properties=properties,
    )


def _is_append(snapshot: Mapping[str, Any]) -> bool:
    return bool(snapshot["summary"]["operation"] == "append")  # Maintenance replaces and deletes.


def _time(millis: int) -> datetime:
    return datetime.fromtimestamp(millis / 1000, UTC)


def running_parts(data_dir: DataDir) -> dict[str, int | None]:
    """Return the pid of each part that runs, None for one that does not."""
    found = leftovers.find(data_dir)
    return {
        part.name: min((process.pid for process in found.get(part.name, ())), default=None)
        for part in ROUTE
    }


def events_in(data: bytes) -> int:
    """Count the events of a stream record; one that cannot be read fails as one."""
    try:
        return len(unpack(data).entries)
    except UnreadableRecordError:
        return 1


def _after_checkpoints(endpoint: str, data_dir: DataDir) -> Iterator[Waiting]:
    """Yield what the stream holds after the driver's checkpoints."""
    checkpoints = CheckpointFile(data_dir.checkpoints(names.CONSUMER_GROUP)).load()
    stream = KinesisStream(aws_client.kinesis(endpoint), names.STREAM)
    for shard in stream.shards():
        checkpoint = checkpoints.get(shard.shard_id, Checkpoint(TrimHorizon()))
        for record in _records(stream, shard.shard_id, checkpoint.position):
            arrived = datetime.fromtimestamp(record.arrived_at, UTC)
            sequence = int(record.sequence_number)
            yield Waiting(shard.shard_id, sequence, events_in(record.data), arrived)


def _records(stream: Stream, shard_id: str, position: Position) -> Iterator[Record]:
    while True:
        page = stream.read(shard_id, position, PAGE_RECORDS)
        yield from page.records
        if page.closed or page.millis_behind == 0:
            return
        position = page.next_position
