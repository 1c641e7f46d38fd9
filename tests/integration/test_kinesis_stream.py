"""The stream port on the stand-in's Kinesis."""

from datetime import timedelta
from pathlib import Path

import pytest

from eventually import eventually
from headwater_local import aws_client
from headwater_local.lambda_service.event_source.kinesis_stream import KinesisStream
from headwater_local.lambda_service.event_source.stream import (
    AfterSequence,
    AtTimestamp,
    Position,
    StreamError,
    TrimHorizon,
)
from integration.conftest import StandIn
from integration.writer.wall_clock import COMPILER, WallClock

STREAM = "read-by-the-test"
SHARD = "shardId-000000000000"


@pytest.fixture
def stream(aws_endpoint: str) -> KinesisStream:
    aws_client.kinesis(aws_endpoint).create_stream(StreamName=STREAM, ShardCount=1)
    return KinesisStream(aws_client.kinesis(aws_endpoint), STREAM)


def _put(endpoint: str, *data: bytes) -> None:
    for item in data:
        aws_client.kinesis(endpoint).put_record(StreamName=STREAM, Data=item, PartitionKey="p")


def _read(stream: KinesisStream, position: Position, limit: int = 100) -> list[bytes]:
    return [record.data for record in stream.read(SHARD, position, limit).records]


def test_reads_from_the_oldest_record(aws_endpoint: str, stream: KinesisStream) -> None:
    _put(aws_endpoint, b"one", b"two")

    result = stream.read(SHARD, TrimHorizon(), 100)

    assert [record.data for record in result.records] == [b"one", b"two"]
    assert result.records[0].partition_key == "p"
    assert result.next_position == AfterSequence(result.records[1].sequence_number)
    assert not result.closed


def test_reads_on_after_what_it_read(aws_endpoint: str, stream: KinesisStream) -> None:
    _put(aws_endpoint, b"one", b"two", b"three")

    first = stream.read(SHARD, TrimHorizon(), 1)
    second = stream.read(SHARD, first.next_position, 1)

    assert [record.data for record in second.records] == [b"two"]
    assert second.millis_behind >= 0


def test_reads_after_a_sequence_number_that_another_reader_saw(
    aws_endpoint: str, stream: KinesisStream
) -> None:
    _put(aws_endpoint, b"one", b"two")
    position = stream.read(SHARD, TrimHorizon(), 1).next_position

    other = KinesisStream(aws_client.kinesis(aws_endpoint), STREAM)

    assert _read(other, position) == [b"two"]


def test_reads_from_a_time(aws_endpoint: str, stream: KinesisStream) -> None:
    _put(aws_endpoint, b"one", b"two")
    records = stream.read(SHARD, TrimHorizon(), 100).records

    assert _read(stream, AtTimestamp(records[0].arrived_at)) == [b"one", b"two"]
    assert _read(stream, AtTimestamp(records[1].arrived_at + 1)) == []


def test_stays_where_it_is_when_there_is_nothing(stream: KinesisStream) -> None:
    assert stream.read(SHARD, TrimHorizon(), 100).next_position == TrimHorizon()


def test_goes_on_after_a_failed_read(aws_endpoint: str, stream: KinesisStream) -> None:
    _put(aws_endpoint, b"one", b"two")
    position = stream.read(SHARD, TrimHorizon(), 1).next_position
    with pytest.raises(StreamError):
        stream.read(SHARD, position, 0)  # Below what GetRecords allows.

    assert _read(stream, position) == [b"two"]


def test_skips_no_record_when_older_ones_reach_the_end_of_their_retention(
    own_stand_in: StandIn,
) -> None:
    own_stand_in.start()
    client = aws_client.kinesis(own_stand_in.endpoint)
    client.create_stream(StreamName=STREAM, ShardCount=1)
    _put(own_stand_in.endpoint, *[b"old"] * 5)
    own_stand_in.stop()
    own_stand_in.age_records(seconds=24 * 60 * 60 - 3)
    own_stand_in.start()
    stream = KinesisStream(client, STREAM)
    position = stream.read(SHARD, TrimHorizon(), 100).next_position
    assert _read(stream, position) == []
    eventually(lambda: _read(stream, TrimHorizon()) == [], 30)

    _put(own_stand_in.endpoint, b"new")

    assert _read(stream, position) == [b"new"]


@pytest.mark.skipif(COMPILER is None, reason="moving the clock takes Linux and a C compiler")
def test_skips_no_record_that_comes_after_the_clock_was_set_back(
    own_stand_in: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = WallClock(tmp_path)
    for name, value in clock.environment.items():
        monkeypatch.setenv(name, value)
    own_stand_in.start()
    client = aws_client.kinesis(own_stand_in.endpoint)
    client.create_stream(StreamName=STREAM, ShardCount=1)
    stream = KinesisStream(client, STREAM)
    _put(own_stand_in.endpoint, b"one")
    position = stream.read(SHARD, TrimHorizon(), 100).next_position

    clock.move(timedelta(hours=-1))
    _put(own_stand_in.endpoint, b"two", b"three")
    own_stand_in.stop()
    own_stand_in.start()
    _put(own_stand_in.endpoint, b"four")
    clock.move(timedelta(hours=2))
    _put(own_stand_in.endpoint, b"five")

    assert _read(stream, position) == [b"two", b"three", b"four", b"five"]
    records = stream.read(SHARD, TrimHorizon(), 100).records
    numbers = [int(record.sequence_number) for record in records]
    assert numbers == sorted(set(numbers))


def test_lists_the_children_of_a_split(aws_endpoint: str, stream: KinesisStream) -> None:
    middle = str(2**127)
    aws_client.kinesis(aws_endpoint).split_shard(
        StreamName=STREAM, ShardToSplit=SHARD, NewStartingHashKey=middle
    )

    children = [shard for shard in stream.shards() if shard.parents == (SHARD,)]

    assert len(children) == 2


def test_a_missing_stream_may_come(aws_endpoint: str) -> None:
    missing = KinesisStream(aws_client.kinesis(aws_endpoint), "not-there-yet")

    with pytest.raises(StreamError, match="not found"):
        missing.shards()
    with pytest.raises(StreamError, match="not found"):
        missing.read(SHARD, TrimHorizon(), 1)


def test_an_unreachable_stream_may_come_back() -> None:
    unreachable = KinesisStream(aws_client.kinesis("http://127.0.0.1:1"), STREAM)

    with pytest.raises(StreamError):
        unreachable.shards()
