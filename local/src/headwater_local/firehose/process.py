"""The process that archives the stream: a delivery stream that invokes the real transformation.

Like Firehose it delivers at least once: it may be killed at any time, and goes on from the last
records that it knows to be delivered. Run as ``python -m headwater_local.firehose.process``.
"""

import os
import signal
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Final

from headwater_local import aws_client, json_log, names
from headwater_local.data_dir import DataDir
from headwater_local.firehose.delivery_stream import DeliveryStream, Hints, Options
from headwater_local.lambda_service.driver_report import DriverReport
from headwater_local.lambda_service.event_source.checkpoints import Checkpoint, CheckpointFile
from headwater_local.lambda_service.event_source.kinesis_stream import KinesisStream
from headwater_local.lambda_service.event_source.ports import SystemClock
from headwater_local.lambda_service.event_source.shard_reader import ShardReader
from headwater_local.lambda_service.event_source.stream import (
    AfterSequence,
    StreamError,
    TrimHorizon,
)

OPTIONS: Final = Options(
    name="headwater-archive",
    source_arn=f"arn:aws:kinesis:{names.REGION}:{names.ACCOUNT}:stream/{names.STREAM}",
    prefix=names.ARCHIVE_PREFIX,
    error_prefix=names.ARCHIVE_ERRORS_PREFIX,
    # On a laptop events are few, and somebody waits for each.
    transformation=Hints(256 * 1024, 1.0),
    delivery=Hints(5 * 1024 * 1024, 5.0),
)

READ_RECORDS: Final = 100
PAUSE_SECONDS: Final = 0.5


class Archiver:
    """Reads every shard of the stream into a delivery stream, and saves how far it is delivered."""

    def __init__(
        self, delivery: DeliveryStream, stream: KinesisStream, checkpoints: CheckpointFile
    ) -> None:
        self._delivery = delivery
        self._stream = stream
        self._checkpoints = checkpoints
        self._saved = dict(checkpoints.load())
        self._readers: dict[str, ShardReader] = {}

    def step(self, now: float) -> None:
        """Read what there is, and transform and deliver what is due at a time (epoch seconds)."""
        self._find_shards()
        for shard_id, reader in self._readers.items():
            if reader.due_at <= now and not reader.closed:
                for record in reader.read(READ_RECORDS):
                    self._delivery.add(shard_id, record, now)
        self._delivery.advance(now)
        self._save()

    def finish(self, now: float) -> None:
        """Deliver what was read."""
        self._delivery.finish(now)
        self._save()

    def _find_shards(self) -> None:
        try:
            shards = self._stream.shards()
        except StreamError:
            return
        for shard in shards:
            if shard.shard_id not in self._readers:
                at = self._saved.get(shard.shard_id, Checkpoint(TrimHorizon())).position
                clock = SystemClock()
                self._readers[shard.shard_id] = ShardReader(shard.shard_id, at, self._stream, clock)

    def _save(self) -> None:
        for shard_id, sequence in self._delivery.delivered.items():
            checkpoint = Checkpoint(AfterSequence(sequence))
            if self._saved.get(shard_id) != checkpoint:
                self._saved[shard_id] = checkpoint
                self._checkpoints.save(shard_id, checkpoint)


def main() -> None:
    """Archive the stream until told to stop."""
    from headwater_sinks.archive.function import handler  # noqa: PLC0415 -- it reads its settings

    json_log.configure()
    endpoint, data_dir = os.environ["AWS_ENDPOINT_URL"], DataDir.at(Path(os.environ["DATA_DIR"]))
    s3 = aws_client.s3(endpoint)

    def put(key: str, body: bytes) -> None:
        s3.put_object(Bucket=names.BUCKET, Key=key, Body=body)

    archiver = Archiver(
        DeliveryStream(OPTIONS, lambda event: handler(event, None), put),
        KinesisStream(aws_client.kinesis(endpoint), names.STREAM),
        CheckpointFile(data_dir.checkpoints(names.ARCHIVE)),
    )
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, _exit)
    try:
        while True:
            archiver.step(time.time())
            DriverReport(function_ready=True).write(data_dir.driver_report(names.ARCHIVE))
            time.sleep(PAUSE_SECONDS)
    finally:
        archiver.finish(time.time())


def _exit(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)


if __name__ == "__main__":
    main()
