"""The stream as tasks and driver read it: ListShards, GetShardIterator and GetRecords."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC
from functools import cache, partial
from typing import TYPE_CHECKING, Final

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from headwater_contract.kinesis_event import ReceivedRecord
from headwater_writer.cluster.plan import Span
from headwater_writer.cluster.reading import Page, SourceError

if TYPE_CHECKING:
    from mypy_boto3_kinesis import KinesisClient
    from mypy_boto3_kinesis.type_defs import RecordTypeDef, ShardTypeDef

MAX_RECORDS: Final = 10_000
"""What GetRecords takes as its limit at most ("GetRecords", Kinesis API)."""

_CONFIG: Final = Config(
    connect_timeout=5, read_timeout=30, retries={"mode": "standard", "total_max_attempts": 10}
)
"""A shard may be asked five times a second, by all who read it: what is throttled is retried."""


@dataclass(frozen=True, slots=True)
class KinesisSource:
    """A stream by its name; it goes to the tasks as it is, and each process has its own client.

    ``endpoint`` is the address of the AWS stand-in, None for AWS itself.
    """

    stream: str
    region: str
    endpoint: str | None

    def shards(self) -> Mapping[str, Sequence[str]]:
        """Return the shards that still hold records, open or closed, each with its parents.

        Raises:
            SourceError: Kinesis did not answer.
        """
        with _translated(self.stream):
            pages = self._client.get_paginator("list_shards").paginate(StreamName=self.stream)
            listed = [each for page in pages for each in page["Shards"]]
        return {self._name(each["ShardId"]): self._parents(each) for each in listed}

    def pages(self, shard: str, span: Span) -> Iterator[Page]:
        """Yield what a shard holds from a span's start on, or a little before, page by page.

        Raises:
            SourceError: Kinesis did not answer.
        """
        iterator: str | None = self._iterator(shard.removeprefix(f"{self.stream}/"), span)
        # Most gaps are empty: the first record behind one tells, and no other is sent for it.
        limit = MAX_RECORDS if span.before is None else 1
        while iterator:
            with _translated(self.stream):
                answer = self._client.get_records(ShardIterator=iterator, Limit=limit)
            iterator, limit = answer.get("NextShardIterator"), MAX_RECORDS
            records = [_received(shard, record) for record in answer["Records"]]
            yield Page(records, answer.get("MillisBehindLatest", 0), not iterator)

    def _iterator(self, shard_id: str, span: Span) -> str:
        """Return where to read from: at a record, after one, or at the oldest that is left."""
        ask = partial(self._client.get_shard_iterator, StreamName=self.stream, ShardId=shard_id)
        with _translated(self.stream):
            try:
                if span.at is not None:
                    at = str(span.at)
                    answer = ask(ShardIteratorType="AT_SEQUENCE_NUMBER", StartingSequenceNumber=at)
                    return answer["ShardIterator"]
                if span.after is not None:
                    after = str(span.after)
                    answer = ask(
                        ShardIteratorType="AFTER_SEQUENCE_NUMBER", StartingSequenceNumber=after
                    )
                    return answer["ShardIterator"]
            except self._client.exceptions.InvalidArgumentException:
                # A rewind may cut a ledger at a number that no record has: then from the oldest.
                pass
            return ask(ShardIteratorType="TRIM_HORIZON")["ShardIterator"]

    @property
    def _client(self) -> "KinesisClient":
        return _client(self.region, self.endpoint)

    def _name(self, shard_id: str) -> str:
        return f"{self.stream}/{shard_id}"

    def _parents(self, shard: "ShardTypeDef") -> Sequence[str]:
        parents = (shard.get("ParentShardId"), shard.get("AdjacentParentShardId"))
        return [self._name(parent) for parent in parents if parent]


@cache
def _client(region: str, endpoint: str | None) -> "KinesisClient":
    return boto3.client("kinesis", region_name=region, endpoint_url=endpoint, config=_CONFIG)


def _received(shard: str, record: "RecordTypeDef") -> ReceivedRecord:
    arrived_at = record["ApproximateArrivalTimestamp"].astimezone(UTC)
    return ReceivedRecord(shard, record["SequenceNumber"], record["Data"], arrived_at)


@contextmanager
def _translated(stream: str) -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise SourceError(f"cannot read the stream {stream}: {error}") from error
