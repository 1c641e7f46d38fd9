"""The collector as AWS loads it, on a stream of the AWS stand-in."""

import importlib
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from headwater_contract.envelope import Entry
from headwater_contract.stream_record import unpack
from unit.collector.client import recorded_event

if TYPE_CHECKING:
    from mypy_boto3_kinesis import KinesisClient

STREAM = "events"


@pytest.fixture
def kinesis(aws_endpoint: str, monkeypatch: pytest.MonkeyPatch) -> "KinesisClient":
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws_endpoint)
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("STREAM_NAME", STREAM)
    return boto3.client("kinesis", region_name="us-east-1")


@pytest.fixture
def handler(kinesis: "KinesisClient") -> Callable[..., dict[str, Any]]:
    """The entry point, loaded as in a new process."""
    kinesis.create_stream(StreamName=STREAM, ShardCount=2)
    kinesis.get_waiter("stream_exists").wait(StreamName=STREAM)
    sys.modules.pop("headwater_collector.lambda_function", None)
    module = importlib.import_module("headwater_collector.lambda_function")
    entry: Callable[..., dict[str, Any]] = module.handler
    return entry


def entries_on_stream(kinesis: "KinesisClient") -> list[list[Entry]]:
    """Return the entries of each record, shard after shard."""
    shards = kinesis.list_shards(StreamName=STREAM)["Shards"]
    iterators = [
        kinesis.get_shard_iterator(
            StreamName=STREAM, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        for shard in shards
    ]
    return [
        list(unpack(record["Data"]).entries)
        for iterator in iterators
        for record in kinesis.get_records(ShardIterator=iterator)["Records"]
    ]


def test_a_confirmed_event_is_on_the_stream(
    kinesis: "KinesisClient", handler: Callable[..., dict[str, Any]]
) -> None:
    event = recorded_event("http_api.json")

    response = handler(event, None)

    assert (response["statusCode"], response["body"]) == (200, '{"success":true}')
    assert entries_on_stream(kinesis) == [[Entry(event["body"].encode(), "track", "m-1")]]


def test_events_of_one_device_share_a_shard_in_order(
    kinesis: "KinesisClient", handler: Callable[..., dict[str, Any]]
) -> None:
    event = recorded_event("http_api.json")
    bodies = [
        f'{{"event":"e","anonymousId":"device","messageId":"m-{number}"}}' for number in range(20)
    ]

    responses = [handler(event | {"body": body}, None) for body in bodies]

    assert {response["statusCode"] for response in responses} == {200}
    assert [entry.body.decode() for (entry,) in entries_on_stream(kinesis)] == bodies


def test_a_stream_that_is_gone_is_a_503(
    kinesis: "KinesisClient", handler: Callable[..., dict[str, Any]]
) -> None:
    kinesis.delete_stream(StreamName=STREAM)
    kinesis.get_waiter("stream_not_exists").wait(StreamName=STREAM)

    response = handler(recorded_event("http_api.json"), None)

    assert (response["statusCode"], response["headers"]["retry-after"]) == (503, "5")


@pytest.mark.usefixtures("handler")
def test_settings_that_cannot_be_read_stop_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WRITE_KEYS", "{")

    with pytest.raises(ValueError, match="WRITE_KEYS is not valid JSON"):
        importlib.reload(sys.modules["headwater_collector.lambda_function"])
