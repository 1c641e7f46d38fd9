import base64
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from aws_lambda_powertools import Logger

from headwater_contract.envelope import Entry
from headwater_contract.ip_policy import IpPolicy
from headwater_contract.stream_record import pack
from headwater_sinks.archive.transform import transform
from unit.sinks.archive.memory_bucket import ARCHIVE, REFUSED, MemoryBucket
from unit.writer.builders import ENVELOPE, body, entry

ARRIVED = datetime(2026, 1, 31, 13, 59, 59, 999_000, tzinfo=UTC)
ANSWER_BYTES = 6 * 1024 * 1024
BAD = Entry(b'{"ip":"203.0.113.9"}', refusal="it is not a message")
SHARD_ID = "shardId-000000000000"


def data(*entries: Entry, **envelope: Any) -> bytes:  # noqa: ANN401 -- of any field
    [packed] = pack(replace(ENVELOPE, received_at=ARRIVED, **envelope), entries)
    return packed


def event(*records: bytes) -> Mapping[str, Any]:
    """Return an invocation of the shape that AWS documents for a Kinesis source."""
    milliseconds = int(ARRIVED.timestamp() * 1000)
    given = [
        {
            "recordId": f"{number:056}",
            "approximateArrivalTimestamp": milliseconds,
            "data": base64.b64encode(record).decode(),
            "kinesisRecordMetadata": {
                "shardId": SHARD_ID,
                "partitionKey": "k",
                "approximateArrivalTimestamp": milliseconds,
                "sequenceNumber": str(number),
                "subsequenceNumber": "",
            },
        }
        for number, record in enumerate(records)
    ]
    stream = "arn:aws:kinesis:us-east-1:123456789012:stream/clicks"
    return {"invocationId": "i", "sourceKinesisStreamArn": stream, "records": given}


def transformed(
    bucket: MemoryBucket, *records: bytes, policy: IpPolicy = "full"
) -> Sequence[Mapping[str, str]]:
    logger = Logger(service="test", level="CRITICAL")
    answer = transform(event(*records), bucket.bucket, policy, logger)
    assert len(json.dumps(answer)) <= ANSWER_BYTES
    assert [each["recordId"] for each in answer["records"]] == [
        f"{number:056}" for number in range(len(records))
    ]
    found: Sequence[Mapping[str, str]] = answer["records"]
    return found


def lines(record: Mapping[str, str]) -> list[Mapping[str, Any]]:
    return [json.loads(line) for line in base64.b64decode(record["data"]).splitlines()]


def test_makes_a_line_of_each_message() -> None:
    bucket = MemoryBucket()

    [record] = transformed(bucket, data(entry("a"), entry("b", "identify", traits={"n": 1})))

    assert record["result"] == "Ok"
    assert [(line["event_id"], line["index"]) for line in lines(record)] == [("a", 0), ("b", 1)]
    assert {line["shard"] for line in lines(record)} == {f"clicks/{SHARD_ID}"}
    assert lines(record)[1]["message"] == json.loads(body(traits={"n": 1}))
    assert bucket.objects == {}


def test_keeps_apart_what_was_refused_or_cannot_be_read() -> None:
    bucket = MemoryBucket()
    not_json = Entry(b"{", "track", "c")

    mixed, unreadable, refused = transformed(
        bucket, data(entry("a"), BAD, not_json), b"\xffpoison", data(BAD)
    )

    assert [line["event_id"] for line in lines(mixed)] == ["a"]
    assert [unreadable["result"], refused["result"]] == ["Dropped", "Dropped"]
    [key] = bucket.objects
    assert key.startswith(f"{REFUSED}2026/01/31/13/")
    kept = bucket.lines(REFUSED)
    assert [(line["stage"], line["sequence"], line["index"]) for line in kept] == [
        ("collector", "0", 1),
        ("collector", "0", 2),
        ("decode", "1", 0),
        ("collector", "2", 0),
    ]
    assert base64.b64decode(kept[2]["raw"]) == b"\xffpoison"
    assert kept[0]["raw"].encode() == BAD.body


@pytest.mark.parametrize(("policy", "kept"), [("truncated", "203.0.113.0"), ("none", None)])
def test_keeps_addresses_by_the_policy(policy: IpPolicy, kept: str | None) -> None:
    bucket = MemoryBucket()
    sent = entry("a", context={"ip": "203.0.113.9"})

    [record] = transformed(bucket, data(sent, BAD, ip="203.0.113.9"), policy=policy)

    [line] = lines(record)
    assert line.get("ip") == kept
    assert line["message"]["context"]["ip"] == kept
    assert "203.0.113.9" not in str([line, bucket.lines(REFUSED)])


def big(name: str, size: int) -> Entry:
    return entry(name, properties={"x": "x" * size})


def of_sizes(sizes: Sequence[Sequence[int]]) -> list[bytes]:
    """Return a record for each list of sizes of messages."""
    return [
        data(*(big(f"{number}-{each}", size) for each, size in enumerate(own)))
        for number, own in enumerate(sizes)
    ]


def test_writes_what_does_not_fit_into_the_answer_beside_it() -> None:
    bucket = MemoryBucket()
    records = [
        data(*(big(f"{number}-{each}", 30_000) for each in range(30))) for number in range(9)
    ]

    answer = transformed(bucket, *records)

    written = [line["event_id"] for record in answer for line in lines(record)]
    beside = [line["event_id"] for line in bucket.lines(f"{ARCHIVE}2026/01/31/13/")]
    assert sorted(written + beside) == sorted(f"{n}-{each}" for n in range(9) for each in range(30))
    assert {record["result"] for record in answer} == {"Ok", "Dropped"}
    assert len(beside) == 30 * sum(record["result"] == "Dropped" for record in answer)


def test_writes_a_record_that_is_too_large_by_itself() -> None:
    bucket = MemoryBucket()
    # 2,500 messages that each repeat 6 KB of their envelope: 17 MB of a record of some KB.
    headers = {"*": {"x": "y" * 6000}}
    record = data(*(entry(str(number)) for number in range(2500)), headers=headers)

    answer = transformed(bucket, record, data(entry("small")))

    assert [each["result"] for each in answer] == ["Dropped", "Ok"]
    assert len(bucket.lines(ARCHIVE)) == 2500


def test_loses_nothing_of_any_mixture() -> None:
    chosen = random.Random(7)  # noqa: S311 -- no secret
    for _ in range(5):
        bucket = MemoryBucket()
        sizes = [
            [chosen.randrange(30_000) for _ in range(chosen.randrange(1, 60))] for _ in range(20)
        ]
        records = [
            data(*(big(f"{number}-{each}", size) for each, size in enumerate(own)))
            for number, own in enumerate(sizes)
        ]

        answer = transformed(bucket, *records)

        found = [line["event_id"] for record in answer for line in lines(record)]
        found += [line["event_id"] for line in bucket.lines(ARCHIVE)]
        expected = [
            f"{number}-{each}" for number, own in enumerate(sizes) for each in range(len(own))
        ]
        assert sorted(found) == sorted(expected)


def test_answers_nothing_as_dropped_before_it_is_written() -> None:
    bucket = MemoryBucket()
    bucket.failures = 1

    with pytest.raises(ConnectionError):
        transformed(bucket, data(BAD))


def test_replaces_its_objects_if_it_is_invoked_again() -> None:
    bucket = MemoryBucket()
    records = [
        data(*(big(f"{number}-{each}", 30_000) for each in range(30))) for number in range(9)
    ]
    first = transformed(bucket, *records)
    before = dict(bucket.objects)

    assert transformed(bucket, *records) == first
    assert bucket.objects == before
