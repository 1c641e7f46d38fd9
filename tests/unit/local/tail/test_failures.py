"""Following the files of failed records, as the writer names and writes them."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from headwater_local.tail.failures import LISTED_SECONDS, FailuresTail
from headwater_local.tail.seen import Fate
from headwater_writer.failures.lines import objects

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


def _objects(sequence: int, stage: str = "plan", raw: bytes = b"{}") -> Mapping[str, bytes]:
    row = {
        "failed_at": NOW,
        "stage": stage,
        "reason": "total is text",
        "raw": raw,
        "app_id": "shop",
        "server_event_time": NOW - timedelta(minutes=1),
        "ingest_shard": "events/shardId-000000000000",
        "ingest_sequence": str(sequence),
        "ingest_index": 2,
    }
    return objects([row])


@dataclass
class Bucket:
    """What is used of an S3 client, on objects in memory."""

    stored: dict[str, tuple[bytes, datetime]] = field(default_factory=dict)

    def put(self, files: Mapping[str, bytes], at: datetime) -> None:
        self.stored |= {key: (body, at) for key, body in files.items()}

    def get_paginator(self, _operation: str) -> "Bucket":
        return self

    def paginate(self, Bucket: str, Prefix: str, StartAfter: str) -> Iterator[Any]:  # noqa: ARG002, N803 -- boto3's
        found = sorted(key for key in self.stored if key.startswith(Prefix) and key > StartAfter)
        yield {"Contents": [{"Key": key, "LastModified": self.stored[key][1]} for key in found]}
        yield {}

    def get_object(self, Bucket: str, Key: str) -> Any:  # noqa: ANN401, ARG002, N803 -- boto3's
        return {"Body": io.BytesIO(self.stored[Key][0])}


def _tail(bucket: Bucket) -> FailuresTail:
    return FailuresTail(cast("S3Client", bucket), "data", NOW.timestamp())


def test_tells_what_failed_with_its_kind_and_place_each_once() -> None:
    bucket = Bucket()
    bucket.put(_objects(7, raw=b'{"userId":"u","event":"paid"}'), NOW)
    tail = _tail(bucket)

    [seen] = tail.read(NOW.timestamp())
    again = list(tail.read(NOW.timestamp() + LISTED_SECONDS))

    assert (seen.fate, seen.app_id, seen.at) == (Fate.FAILED, "shop", NOW)
    assert (seen.message_type, seen.event_type) == ("track", "paid")
    assert (seen.position.sequence, seen.position.index) == ("7", 2)
    assert seen.reason == "plan: total is text"
    assert again == []


def test_leaves_out_what_failed_before_and_what_the_stream_tells() -> None:
    bucket = Bucket()
    bucket.put(_objects(1), NOW - timedelta(seconds=1))
    bucket.put(_objects(2, stage="collector"), NOW)

    assert list(_tail(bucket).read(NOW.timestamp())) == []


def test_lists_the_files_no_more_often_than_need_be() -> None:
    bucket = Bucket()
    tail = _tail(bucket)
    assert list(tail.read(NOW.timestamp())) == []
    bucket.put(_objects(3), NOW)

    assert list(tail.read(NOW.timestamp() + LISTED_SECONDS - 1)) == []
    assert len(list(tail.read(NOW.timestamp() + LISTED_SECONDS))) == 1


def test_tells_of_a_message_that_cannot_be_read() -> None:
    bucket = Bucket()
    bucket.put(_objects(4, raw=b"\xff"), NOW)

    [seen] = _tail(bucket).read(NOW.timestamp())

    assert (seen.message_type, seen.event_type) == (None, None)
