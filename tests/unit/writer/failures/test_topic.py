"""A notice on its way to SNS."""

from typing import TYPE_CHECKING, cast

import pytest
from botocore.exceptions import ReadTimeoutError

from headwater_writer.failures.topic import NotPublishedError, SnsTopic

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient


class Client:
    """What is asked of SNS."""

    def __init__(self, *, answers: bool) -> None:
        self._answers = answers
        self.is_connected = False

    def publish(self, **_notice: str) -> None:
        self.is_connected = True
        if not self._answers:
            raise ReadTimeoutError(endpoint_url="sns")

    def close(self) -> None:
        self.is_connected = False


def topic(client: Client) -> SnsTopic:
    return SnsTopic(cast("SNSClient", client), "arn")


def test_keeps_no_connection_until_the_next_notice() -> None:
    client = Client(answers=True)

    topic(client).send("subject", "text")

    assert not client.is_connected


def test_says_that_nobody_answered_and_hangs_up() -> None:
    client = Client(answers=False)

    with pytest.raises(NotPublishedError):
        topic(client).send("subject", "text")

    assert not client.is_connected
