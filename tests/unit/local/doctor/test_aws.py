"""What the doctor says of AWS's refusals, by botocore's own models."""

from collections.abc import Iterator

import pytest
from botocore.exceptions import (
    BotoCoreError,
    EndpointConnectionError,
    NoCredentialsError,
    NoRegionError,
    ProfileNotFound,
    UnauthorizedSSOTokenError,
)

from headwater_local.doctor.aws import guarded
from headwater_local.doctor.finding import Finding, Health
from headwater_local.doctor.stream import examine_stream
from unit.local.doctor.stubbed import Clients


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("AccessDeniedException", "you may not call DescribeStreamSummary"),
        ("ExpiredTokenException", "the AWS credentials are not valid"),
        ("InvalidSignatureException", "AWS refuses the signature"),
        ("RequestTimeTooSkewed", "AWS refuses the time of the request"),
        ("InternalFailure", "AWS refuses DescribeStreamSummary"),
    ],
)
def test_names_what_aws_refuses(code: str, said: str) -> None:
    clients = Clients()
    clients.stub("kinesis").add_client_error("describe_stream_summary", code)

    (finding,) = guarded("stream", examine_stream(clients.stack()))

    assert finding.health is Health.FAULT
    assert finding.said.startswith(said)
    assert finding.remedy


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (NoCredentialsError(), "there are no AWS credentials"),
        (ProfileNotFound(profile="work"), "there are no AWS credentials"),
        (UnauthorizedSSOTokenError(), "there are no AWS credentials"),
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
