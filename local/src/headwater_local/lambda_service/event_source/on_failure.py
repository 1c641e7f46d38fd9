"""The destination of discarded batches, and what is recorded about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Protocol

from headwater_local.lambda_service.event_source.event import encode, kinesis_event
from headwater_local.lambda_service.event_source.mapping import EventSourceMapping
from headwater_local.lambda_service.event_source.stream import Record


class DestinationError(Exception):
    """The destination did not accept the batch; a retry may help."""


class Condition(StrEnum):
    """Why a batch was given up on."""

    RETRY_ATTEMPTS_EXHAUSTED = "RetryAttemptsExhausted"
    RECORD_AGE_EXCEEDED = "RecordAgeExceeded"


@dataclass(frozen=True, slots=True)
class DiscardedBatch:
    """Records of one shard that will not be retried.

    ``function_failed`` tells an error of the function from an answer that
    named failed items; ``discarded_at`` is in epoch seconds.
    """

    shard_id: str
    records: Sequence[Record]
    condition: Condition
    invocations: int
    function_failed: bool
    discarded_at: float


class OnFailure(Protocol):
    """An on-failure destination."""

    def send(self, batch: DiscardedBatch) -> None:
        """Store a batch for good.

        Raises:
            DestinationError: it was not stored, or nobody knows.
        """
        ...


class NoDestination:
    """A mapping without a destination: discarded batches are dropped, as on AWS."""

    def send(self, batch: DiscardedBatch) -> None:
        """Forget the batch."""


def invocation_record(
    mapping: EventSourceMapping, batch: DiscardedBatch, request_id: str
) -> dict[str, object]:
    """Return the JSON document that an S3 destination receives.

    Its shape is "Example Amazon S3 invocation record" of "Retain discarded
    batch records for a Kinesis Data Streams event source in Lambda" (AWS
    Lambda developer guide): metadata, and the whole event as a JSON string.
    """
    return {
        "requestContext": {
            "requestId": request_id,
            "functionArn": mapping.function_arn,
            "condition": batch.condition,
            "approximateInvokeCount": batch.invocations,
        },
        "responseContext": _response_context(batch),
        "version": "1.0",
        "timestamp": _timestamp(batch.discarded_at),
        "KinesisBatchInfo": _batch_info(mapping, batch),
        "payload": encode(kinesis_event(mapping, batch.shard_id, batch.records)).decode(),
    }


def object_key(mapping_uuid: str, batch: DiscardedBatch, object_id: str) -> str:
    """Return the S3 key of an invocation record, by the naming convention of the same page."""
    at = datetime.fromtimestamp(batch.discarded_at, UTC)
    folder = f"aws/lambda/{mapping_uuid}/{batch.shard_id}/{at:%Y/%m/%d}"
    return f"{folder}/{at:%Y-%m-%dT%H.%M.%S}-{object_id}"


def _response_context(batch: DiscardedBatch) -> dict[str, object]:
    context: dict[str, object] = {"statusCode": 200, "executedVersion": "$LATEST"}
    return context | ({"functionError": "Unhandled"} if batch.function_failed else {})


def _batch_info(mapping: EventSourceMapping, batch: DiscardedBatch) -> dict[str, object]:
    first, last = batch.records[0], batch.records[-1]
    return {
        "shardId": batch.shard_id,
        "startSequenceNumber": first.sequence_number,
        "endSequenceNumber": last.sequence_number,
        "approximateArrivalOfFirstRecord": _timestamp(first.arrived_at),
        "approximateArrivalOfLastRecord": _timestamp(last.arrived_at),
        "batchSize": len(batch.records),
        "streamArn": mapping.stream_arn,
    }


def _timestamp(seconds: float) -> str:
    at = datetime.fromtimestamp(seconds, UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
