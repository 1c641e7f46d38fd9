from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.stub import Stubber

from headwater_collector.kinesis import CLIENT_CONFIG, KinesisStream
from headwater_collector.stream import Record, Rejection

if TYPE_CHECKING:
    from mypy_boto3_kinesis import KinesisClient

RECORDS = [Record(b"0", "a"), Record(b"1", "b")]
REQUEST: dict[str, object] = {
    "StreamName": "events",
    "Records": [{"Data": b"0", "PartitionKey": "a"}, {"Data": b"1", "PartitionKey": "b"}],
}
TAKEN = {"SequenceNumber": "1", "ShardId": "shardId-000000000000"}


def client(endpoint_url: str | None = None) -> "KinesisClient":
    return boto3.client(
        "kinesis",
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=CLIENT_CONFIG,
        endpoint_url=endpoint_url,
    )


class Stubbed:
    """A stream whose client answers what it was told to."""

    def __init__(self) -> None:
        kinesis = client()
        self.stream = KinesisStream(kinesis, "events")
        self.stubber = Stubber(kinesis)


@pytest.fixture
def stubbed() -> Iterator[Stubbed]:
    stubbed = Stubbed()
    with stubbed.stubber as stubber:
        yield stubbed
        stubber.assert_no_pending_responses()


def test_puts_all_records_in_one_call(stubbed: Stubbed) -> None:
    stubbed.stubber.add_response("put_records", {"Records": [TAKEN, TAKEN]}, REQUEST)

    assert stubbed.stream.put(RECORDS) == []


def test_tells_which_records_were_not_taken(stubbed: Stubbed) -> None:
    throttled = {"ErrorCode": "ProvisionedThroughputExceededException", "ErrorMessage": "slow"}
    stubbed.stubber.add_response(
        "put_records", {"FailedRecordCount": 1, "Records": [TAKEN, throttled]}, REQUEST
    )

    assert stubbed.stream.put(RECORDS) == [
        Rejection(RECORDS[1], "ProvisionedThroughputExceededException", is_throttled=True)
    ]


def test_a_call_that_is_throttled_took_nothing(stubbed: Stubbed) -> None:
    code = "ProvisionedThroughputExceededException"
    stubbed.stubber.add_client_error("put_records", code, http_status_code=400)

    assert stubbed.stream.put(RECORDS) == [
        Rejection(record, code, is_throttled=True) for record in RECORDS
    ]


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("ResourceNotFoundException", 400),
        ("AccessDeniedException", 400),
        ("ExpiredTokenException", 403),
        ("InternalFailure", 500),
        ("ServiceUnavailable", 503),
    ],
)
def test_a_call_that_failed_took_nothing(stubbed: Stubbed, code: str, status: int) -> None:
    stubbed.stubber.add_client_error("put_records", code, http_status_code=status)

    assert stubbed.stream.put(RECORDS) == [Rejection(record, code) for record in RECORDS]


def test_a_stream_that_cannot_be_reached_took_nothing() -> None:
    nowhere = client(endpoint_url="http://127.0.0.1:1")

    assert KinesisStream(nowhere, "events").put(RECORDS) == [
        Rejection(record, "EndpointConnectionError") for record in RECORDS
    ]
