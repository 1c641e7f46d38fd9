"""The function that batches are handed to, and what its answer says of them."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from headwater_local.lambda_service.event_source.event import KinesisEvent
from headwater_local.lambda_service.event_source.stream import Record


class FunctionUnavailableError(Exception):
    """The batch did not reach the function; nothing of it ran.

    "Before invocation" in AWS's page on discarded Kinesis batches: attempted
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


class ResponseError(Exception):
    """An answer that names failed items in a way Lambda does not take."""


def first_failed(response: object, records: Sequence[Record]) -> int | None:
    """Return the index of the first record to retry, None when all succeeded.

    The conditions are those of "Configuring partial batch response with
    Kinesis Data Streams and Lambda" (AWS Lambda developer guide): a missing,
    null or empty answer or list is success; of several items the lowest
    sequence number counts, and all records from there on are retried.

    Raises:
        ResponseError: an item that is empty, null, has another key or is not
            of this batch, or an answer of another shape: the whole batch failed.
    """
    indices = {record.sequence_number: index for index, record in enumerate(records)}
    failed = [_index(item, indices) for item in _failures(response)]
    return min(failed, default=None)


def _failures(response: object) -> Sequence[object]:
    if response is None:
        return ()
    if not isinstance(response, Mapping):
        raise ResponseError("the answer is not an object")
    failures = response.get("batchItemFailures")
    if failures is None:
        return ()
    if not isinstance(failures, list):
        raise ResponseError("batchItemFailures is not a list")
    return failures


def _index(item: object, indices: Mapping[str, int]) -> int:
    identifier = item.get("itemIdentifier") if isinstance(item, Mapping) else None
    if not isinstance(identifier, str) or identifier not in indices:
        raise ResponseError(f"itemIdentifier {identifier!r} is not a record of this batch")
    return indices[identifier]
