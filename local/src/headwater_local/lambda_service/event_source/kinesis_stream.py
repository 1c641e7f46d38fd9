"""The stream port on Kinesis."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from headwater_local.lambda_service.event_source.stream import (
    AfterSequence,
    AtTimestamp,
    Position,
    ReadResult,
    Record,
    Shard,
    StreamError,
    TrimHorizon,
)

if TYPE_CHECKING:
    from mypy_boto3_kinesis import KinesisClient
    from mypy_boto3_kinesis.type_defs import RecordTypeDef, ShardTypeDef


class KinesisStream:
    """Reads a stream through ListShards, GetShardIterator and GetRecords.

    Each read asks for an iterator of its own, after the last sequence number: the stand-in's
    iterators count records from the oldest one, so that one kept over the end of a record's
    retention skips as many new records as old ones went.
    """

    def __init__(self, client: "KinesisClient", stream_name: str) -> None:
        self._client = client
        self._stream_name = stream_name

    def shards(self) -> Sequence[Shard]:
        """Return all shards, following the pages of ListShards.

        Raises:
            StreamError: try again later.
        """
        with _translated_errors():
            pages = self._client.get_paginator("list_shards").paginate(StreamName=self._stream_name)
            return [_shard(described) for page in pages for described in page["Shards"]]

    def read(self, shard_id: str, position: Position, limit: int) -> ReadResult:
        """Call GetShardIterator and GetRecords.

        Raises:
            StreamError: try again later.
        """
        with _translated_errors():
            iterator = self._iterator(shard_id, position)
            answer = self._client.get_records(ShardIterator=iterator, Limit=limit)
        records = tuple(_record(raw) for raw in answer["Records"])
        return ReadResult(
            records=records,
            next_position=AfterSequence(records[-1].sequence_number) if records else position,
            closed=not answer.get("NextShardIterator"),
            millis_behind=answer.get("MillisBehindLatest", 0),
        )

    def _iterator(self, shard_id: str, position: Position) -> str:
        ask = self._client.get_shard_iterator
        name = self._stream_name
        match position:
            case TrimHorizon():
                answer = ask(StreamName=name, ShardId=shard_id, ShardIteratorType="TRIM_HORIZON")
            case AtTimestamp(seconds):
                answer = ask(
                    StreamName=name,
                    ShardId=shard_id,
                    ShardIteratorType="AT_TIMESTAMP",
                    Timestamp=datetime.fromtimestamp(seconds, UTC),
                )
            case AfterSequence(sequence_number):
                answer = ask(
                    StreamName=name,
                    ShardId=shard_id,
                    ShardIteratorType="AFTER_SEQUENCE_NUMBER",
                    StartingSequenceNumber=sequence_number,
                )
        return answer["ShardIterator"]


def _shard(described: "ShardTypeDef") -> Shard:
    parents = (described.get("ParentShardId"), described.get("AdjacentParentShardId"))
    return Shard(described["ShardId"], tuple(parent for parent in parents if parent))


def _record(raw: "RecordTypeDef") -> Record:
    return Record(
        sequence_number=raw["SequenceNumber"],
        partition_key=raw["PartitionKey"],
        data=raw["Data"],
        arrived_at=raw["ApproximateArrivalTimestamp"].timestamp(),
    )


@contextmanager
def _translated_errors() -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise StreamError(str(error)) from error
