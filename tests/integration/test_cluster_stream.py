"""The stream as a cluster's tasks read it, on the stand-in's Kinesis."""

import pytest

from headwater_local import aws_client
from headwater_local.names import REGION
from headwater_writer.cluster.kinesis import KinesisSource
from headwater_writer.cluster.plan import Span
from headwater_writer.cluster.reading import Reading, SourceError

STREAM = "read-by-a-cluster"
SHARD = f"{STREAM}/shardId-000000000000"


@pytest.fixture
def source(aws_endpoint: str, monkeypatch: pytest.MonkeyPatch) -> KinesisSource:
    for name, value in aws_client.environment(aws_endpoint).items():
        monkeypatch.setenv(name, value)
    aws_client.kinesis(aws_endpoint).create_stream(StreamName=STREAM, ShardCount=1)
    return KinesisSource(STREAM, REGION, aws_endpoint)


@pytest.fixture
def numbers(aws_endpoint: str, source: KinesisSource) -> list[int]:
    """The numbers of five records, whose data is 0 to 4."""
    put = aws_client.kinesis(aws_endpoint).put_record
    return [
        int(
            put(StreamName=source.stream, Data=str(number).encode(), PartitionKey="k")[
                "SequenceNumber"
            ]
        )
        for number in range(5)
    ]


def read(source: KinesisSource, span: Span) -> str:
    return "".join(record.data.decode() for record in Reading(source, SHARD, [span]))


def test_reads_from_the_oldest_record(source: KinesisSource, numbers: list[int]) -> None:
    assert numbers == sorted(numbers)
    assert read(source, Span(None, None)) == "01234"


def test_reads_what_comes_after_a_record(source: KinesisSource, numbers: list[int]) -> None:
    assert read(source, Span(numbers[2], None)) == "34"


def test_reads_what_is_between_two_records(source: KinesisSource, numbers: list[int]) -> None:
    assert read(source, Span(numbers[0], numbers[3])) == "12"
    assert read(source, Span(numbers[0], numbers[1])) == ""


def test_reads_from_a_record_on(source: KinesisSource, numbers: list[int]) -> None:
    assert read(source, Span(numbers[1] - 1, numbers[3] + 1, numbers[1])) == "123"


def test_says_when_a_record_came_and_from_where(source: KinesisSource, numbers: list[int]) -> None:
    first = next(iter(Reading(source, SHARD, [Span(None, None)])))

    assert (first.shard, int(first.sequence)) == (SHARD, numbers[0])
    assert first.arrived_at is not None
    assert first.arrived_at.utcoffset() is not None


def test_names_the_shards_with_their_parents(aws_endpoint: str, source: KinesisSource) -> None:
    client = aws_client.kinesis(aws_endpoint)
    client.split_shard(
        StreamName=STREAM, ShardToSplit="shardId-000000000000", NewStartingHashKey=str(2**127)
    )

    # The stand-in drops the parent with its records at once, and Kinesis when they expire.
    assert [*source.shards().values()] == [[SHARD], [SHARD]]


def test_a_stream_that_is_not_there_is_named(source: KinesisSource) -> None:
    other = KinesisSource("another", source.region, source.endpoint)

    with pytest.raises(SourceError, match="cannot read the stream another"):
        other.shards()
