"""What a function's answer says about the batch it got."""

from collections.abc import Mapping, Sequence

from headwater_local.lambda_service.event_source.stream import Record


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
