"""The function that batches are handed to."""

from typing import Protocol

from headwater_local.lambda_service.event_source.event import KinesisEvent


class FunctionUnavailableError(Exception):
    """The batch did not reach the function; nothing of it ran.

    "Before invocation" in AWS's page on discarded Kinesis batches: tried again
    until the records expire, without using up a retry.
    """


class FunctionError(Exception):
    """The function was invoked and failed: it raised, timed out, died or said too much.

    What ran before the failure may have had its effects.
    """

    def __init__(self, error_type: str, message: str) -> None:
        super().__init__(f"{error_type}: {message}")
        self.error_type = error_type
        self.message = message


class Function(Protocol):
    """A Lambda function, invoked synchronously."""

    def invoke(self, event: KinesisEvent) -> object:
        """Hand over one event and return the JSON value answered, None for nothing.

        Raises:
            FunctionError: the function failed.
            FunctionUnavailableError: the function was not invoked.
        """
        ...
