"""The stand-in's semantics, and the real transformation behind it."""

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from aws_lambda_powertools import Logger

from headwater_contract.envelope import Entry
from headwater_local.firehose.delivery_stream import (
    MAX_PAYLOAD_BYTES,
    DeliveryStream,
    Hints,
    Invoke,
    Options,
)
from headwater_local.lambda_service.event_source.stream import Record
from headwater_sinks.archive.transform import transform
from unit.sinks.archive.memory_bucket import ARCHIVE, REFUSED, MemoryBucket
from unit.sinks.archive.test_transform import ARRIVED, BAD, big, data
from unit.writer.builders import entry

SHARD = "shardId-000000000000"
FAILED = "archive-errors/processing-failed/"
NOW = ARRIVED.timestamp()
OPTIONS = Options(
    name="archive",
    source_arn="arn:aws:kinesis:us-east-1:123456789012:stream/clicks",
    prefix=ARCHIVE,
    error_prefix="archive-errors/",
    transformation=Hints(1024 * 1024, 60),
    delivery=Hints(5 * 1024 * 1024, 300),
)
QUIET = Logger(service="test", level="CRITICAL")


def real(bucket: MemoryBucket) -> Invoke:
    """Return the real transformation."""
    return lambda event: transform(event, bucket.bucket, "full", QUIET)


def record(number: int, content: bytes) -> Record:
    return Record(str(number), "k", content, NOW)


def delivery(bucket: MemoryBucket, invoke: Invoke | None = None) -> DeliveryStream:
    return DeliveryStream(OPTIONS, invoke or real(bucket), bucket.put)


def add(stream: DeliveryStream, *contents: bytes, now: float = NOW) -> None:
    for number, content in enumerate(contents, 1):
        stream.add(SHARD, record(number, content), now)


def ids(bucket: MemoryBucket) -> list[str]:
    return sorted(line["event_id"] for line in bucket.lines(ARCHIVE))


class Scripted:
    """Answers invocations one after the other as it is told, the last one for ever."""

    def __init__(self, *results: str) -> None:
        self.results = list(results)
        self.events: list[Mapping[str, Any]] = []

    def __call__(self, event: Mapping[str, Any]) -> Mapping[str, Any]:
        self.events.append(event)
        result = self.results.pop(0) if len(self.results) > 1 else self.results[0]
        if result == "raise":
            raise RuntimeError("the function failed")
        size = MAX_PAYLOAD_BYTES if result == "too much" else 0
        text = base64.b64encode(b'{"event_id":"x"}\n' + b" " * size).decode()
        known = [] if result == "forget" else event["records"]
        return {
            "records": [
                {"recordId": each["recordId"], "result": _name(result), "data": text}
                for each in known
            ]
        }


def _name(result: str) -> str:
    return "Ok" if result == "too much" else result


def test_waits_for_enough_bytes_or_seconds() -> None:
    bucket, function = MemoryBucket(), Scripted("Ok")
    stream = delivery(bucket, function)

    add(stream, b"a")
    stream.advance(NOW + 59)
    assert not function.events
    stream.advance(NOW + 60)
    stream.advance(NOW + 359)
    assert (len(function.events), bucket.objects, stream.delivered) == (1, {}, {})
    stream.advance(NOW + 360)

    assert len(bucket.objects) == 1
    assert stream.delivered == {SHARD: "1"}


def test_hands_over_at_most_what_an_invocation_takes() -> None:
    function = Scripted("Ok")
    stream = delivery(MemoryBucket(), function)

    add(stream, *(b"x" * 1_000_000 for _ in range(12)))
    stream.finish(NOW)

    assert [len(event["records"]) for event in function.events] == [4, 4, 4]
    assert all(len(json.dumps(event)) <= MAX_PAYLOAD_BYTES for event in function.events)


@pytest.mark.parametrize("fails", ["raise", "too much"])
def test_invokes_again_what_failed_three_times(fails: str) -> None:
    bucket, function = MemoryBucket(), Scripted(fails, fails, fails, "Ok")
    stream = delivery(bucket, function)

    add(stream, b"a")
    stream.finish(NOW)

    assert len(function.events) == 4
    assert ids(bucket) == ["x"]
    assert bucket.lines(FAILED) == []


@pytest.mark.parametrize(
    ("result", "attempts"),
    [("raise", 4), ("too much", 4), ("forget", 1), ("ProcessingFailed", 1), ("Perhaps", 1)],
)
def test_delivers_what_fails_to_the_error_prefix(result: str, attempts: int) -> None:
    bucket, function = MemoryBucket(), Scripted(result)
    stream = delivery(bucket, function)

    add(stream, b"a", b"b")
    stream.finish(NOW)

    assert len(function.events) == attempts
    assert [base64.b64decode(line["rawData"]) for line in bucket.lines(FAILED)] == [b"a", b"b"]
    assert ids(bucket) == []
    assert stream.delivered == {SHARD: "2"}


def test_delivers_nothing_that_was_dropped() -> None:
    bucket = MemoryBucket()
    stream = delivery(bucket, Scripted("Dropped"))

    add(stream, b"a")
    stream.finish(NOW)

    assert bucket.objects == {}
    assert stream.delivered == {SHARD: "1"}


def test_names_objects_by_the_hour_of_arrival() -> None:
    bucket = MemoryBucket()
    stream = delivery(bucket)

    add(stream, data(entry("a")))
    stream.finish(NOW + 3600)

    [key] = bucket.objects
    assert key.startswith("archive/2026/01/31/13/archive-1-2026-01-31-14-59-59-")
    assert key.endswith(".gz")


def messages(records: Sequence[Sequence[Entry]]) -> list[str]:
    return sorted(each.event_id or "" for own in records for each in own if not each.refusal)


RECORDS = [
    *([entry(f"s-{number}"), BAD] for number in range(20)),
    *([big(f"b-{number}-{each}", 30_000) for each in range(40)] for number in range(8)),
    [entry(f"many-{number}") for number in range(2500)],
]


def test_archives_every_message_once_with_the_real_transformation() -> None:
    bucket = MemoryBucket()
    stream = delivery(bucket)

    add(stream, *(data(*own) for own in RECORDS))
    stream.finish(NOW)

    assert ids(bucket) == messages(RECORDS)
    assert len(bucket.lines(REFUSED)) == 20
    assert bucket.lines(FAILED) == []


@pytest.mark.parametrize("failures", [1, 3])
def test_archives_once_though_the_bucket_is_down_for_some_attempts(failures: int) -> None:
    bucket = MemoryBucket()
    bucket.failures = failures
    stream = delivery(bucket)

    add(stream, *(data(*own) for own in RECORDS))
    stream.finish(NOW)

    assert ids(bucket) == messages(RECORDS)
    assert len(bucket.lines(REFUSED)) == 20


def test_keeps_the_records_if_the_bucket_stays_down_for_the_transformation() -> None:
    bucket = MemoryBucket()
    bucket.failures = 4
    stream = delivery(bucket)
    sent = [data(*own) for own in RECORDS]

    add(stream, *sent)
    stream.finish(NOW)

    assert [base64.b64decode(line["rawData"]) for line in bucket.lines(FAILED)] == sent
