"""What the doctor says of AWS's refusals and of a mapping, by botocore's own models."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.exceptions import (
    BotoCoreError,
    EndpointConnectionError,
    NoCredentialsError,
    NoRegionError,
)
from botocore.stub import Stubber

from headwater_local.doctor.aws import guarded
from headwater_local.doctor.consumer import examine_consumer
from headwater_local.doctor.finding import Finding, Health
from headwater_local.doctor.stack import Stack
from headwater_local.doctor.stream import examine_stream

UUID = "0a1b2c3d-0000-0000-0000-000000000000"
FUNCTION = "arn:aws:lambda:eu-west-1:000000000000:function:sample-writer:live"

_SESSION: Any = boto3.Session("a", "s", region_name="eu-west-1")


class Clients:
    """boto3 clients whose answers are given."""

    def __init__(self) -> None:
        self._clients: dict[str, Any] = {}
        self._stubs: list[Stubber] = []

    def stub(self, service: str) -> Stubber:
        client = _SESSION.client(service)
        self._clients[service] = client
        stub = Stubber(client)
        stub.activate()
        self._stubs.append(stub)
        return stub

    def stack(self) -> Stack:
        return Stack(
            api_url="https://api.example",
            stream="sample-events",
            database="sample",
            bucket="sample-data",
            given_up_prefix="aws/lambda/",
            client=self._clients.__getitem__,
            mapping=UUID,
        )


@pytest.fixture
def clients() -> Clients:
    return Clients()


def mapping(state: str, result: str = "OK") -> dict[str, str]:
    return {"UUID": UUID, "FunctionArn": FUNCTION, "State": state, "LastProcessingResult": result}


def ages(*seconds: float) -> dict[str, Any]:
    points = [
        {"Timestamp": datetime(2026, 3, 1, 0, minute, tzinfo=UTC), "Maximum": age * 1000.0}
        for minute, age in enumerate(seconds)
    ]
    return {"Datapoints": points[::-1]}


def consumer(
    clients: Clients, found: dict[str, str], age: dict[str, Any], given_up: int = 0
) -> list[Finding]:
    clients.stub("lambda").add_response("get_event_source_mapping", found, {"UUID": UUID})
    clients.stub("cloudwatch").add_response("get_metric_statistics", age)
    listed = {"KeyCount": given_up, "IsTruncated": given_up == 1000}
    asked = {"Bucket": "sample-data", "Prefix": "aws/lambda/"}
    clients.stub("s3").add_response("list_objects_v2", listed, asked)
    return [*examine_consumer(clients.stack())]


def test_finds_nothing_wrong_with_a_mapping_that_keeps_up(clients: Clients) -> None:
    findings = consumer(clients, mapping("Enabled"), ages(900, 40))

    assert {finding.health for finding in findings} == {Health.GOOD}
    assert findings[-1].said == "the oldest event has waited for 40 s"


def test_names_a_mapping_that_is_disabled(clients: Clients) -> None:
    disabled, _ = consumer(clients, mapping("Disabled"), ages(10))

    assert disabled.health is Health.FAULT
    assert disabled.remedy == f"aws lambda update-event-source-mapping --uuid {UUID} --enabled"


def test_names_what_keeps_lambda_from_calling_the_writer(clients: Clients) -> None:
    result = "PROBLEM: Function call failed"
    (problem,) = consumer(clients, mapping("Enabled", result), ages())

    assert problem.health is Health.FAULT
    assert result in problem.said


def test_names_a_writer_that_is_behind(clients: Clients) -> None:
    *_, lag = consumer(clients, mapping("Enabled"), ages(10, 4000))

    assert (lag.health, lag.said) == (Health.WARNING, "the oldest event has waited for 4,000 s")


def test_names_batches_that_were_given_up_on(clients: Clients) -> None:
    *_, given_up = consumer(clients, mapping("Enabled"), ages(), given_up=1000)

    assert given_up.health is Health.WARNING
    assert given_up.said.startswith("1,000 or more batches could not be written")


def test_names_a_mapping_that_is_gone(clients: Clients) -> None:
    clients.stub("lambda").add_client_error("get_event_source_mapping", "ResourceNotFoundException")
    clients.stub("s3").add_response("list_objects_v2", {"KeyCount": 0, "IsTruncated": False})

    (gone,) = examine_consumer(clients.stack())

    assert (gone.health, gone.remedy) == (Health.FAULT, "`terraform apply`")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("AccessDeniedException", "you may not call DescribeStreamSummary"),
        ("ExpiredTokenException", "the AWS credentials are not valid"),
        ("InvalidSignatureException", "AWS refuses the signature"),
        ("InternalFailure", "AWS refuses DescribeStreamSummary"),
    ],
)
def test_names_what_aws_refuses(clients: Clients, code: str, said: str) -> None:
    clients.stub("kinesis").add_client_error("describe_stream_summary", code)

    (finding,) = guarded("stream", examine_stream(clients.stack()))

    assert finding.health is Health.FAULT
    assert finding.said.startswith(said)
    assert finding.remedy


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (NoCredentialsError(), "there are no AWS credentials"),
        (NoRegionError(), "there is no AWS region"),
        (EndpointConnectionError(endpoint_url="https://kinesis"), "AWS cannot be reached"),
    ],
)
def test_names_what_keeps_from_asking_aws(error: BotoCoreError, said: str) -> None:
    def asking() -> Iterator[Finding]:
        yield Finding("stream", "so far")
        raise error

    first, second = guarded("stream", asking())

    assert first.said == "so far"
    assert second.said.startswith(said)
