"""A queue of offers on the AWS stand-in, and Lambda's mapping of it to a committer."""

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING, Any, Self, TypeAlias

import boto3

from headwater_local import aws_client

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

VISIBLE_AGAIN_SECONDS = 5
"""After that an offer comes again whose committer has died."""

Invoke = Callable[[Mapping[str, Any]], object]

Messages: TypeAlias = Mapping[str, Mapping[str, Any]]
"""Records of an invocation by their receipts."""


@dataclass(frozen=True)
class OffersQueue:
    """A queue, by its URL."""

    client: "SQSClient"
    url: str

    @classmethod
    def make(cls, endpoint: str, name: str) -> Self:
        """Create a queue."""
        client = boto3.client(
            "sqs",
            endpoint_url=endpoint,
            region_name="us-east-1",
            aws_access_key_id=aws_client.DUMMY_KEY,
            aws_secret_access_key=aws_client.DUMMY_KEY,
        )
        made = client.create_queue(
            QueueName=name, Attributes={"VisibilityTimeout": str(VISIBLE_AGAIN_SECONDS)}
        )
        return cls(client, made["QueueUrl"])

    def serve(self, invoke: Invoke, window: float, over: Event) -> None:
        """Invoke a function with what comes, until it is over; what it fails with comes again."""
        while not over.is_set():
            messages = self._gathered(window)
            if not messages:
                continue
            with suppress(Exception):
                invoke(invocation(messages))
                self.delete(messages)

    def _gathered(self, window: float) -> Messages:
        """Return the messages that come within a window from the first one, by their receipts."""
        found = {**self.received(1)}
        end = time.monotonic() + window
        while found and time.monotonic() < end:
            found |= self.received(0)
        return found

    def received(self, seconds: int) -> Messages:
        """Return what one answer has of what comes within so many seconds."""
        answer = self.client.receive_message(
            QueueUrl=self.url,
            AttributeNames=["SentTimestamp"],
            MaxNumberOfMessages=10,
            WaitTimeSeconds=seconds,
        )
        return {
            each["ReceiptHandle"]: {"body": each["Body"], "attributes": each["Attributes"]}
            for each in answer.get("Messages", [])
        }

    def delete(self, messages: Messages) -> None:
        """Take messages off the queue."""
        for receipt in messages:
            self.client.delete_message(QueueUrl=self.url, ReceiptHandle=receipt)


def invocation(messages: Messages) -> dict[str, Any]:
    """Return what a function is invoked with."""
    return {"Records": [*messages.values()]}
