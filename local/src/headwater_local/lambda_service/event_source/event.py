"""The event that a function receives: Kinesis records in Lambda's JSON."""

import json
from base64 import b64encode
from collections.abc import Iterable
from typing import TypedDict

from headwater_local.lambda_service.event_source.mapping import EventSourceMapping
from headwater_local.lambda_service.event_source.stream import Record

PAYLOAD_LIMIT_BYTES = 6 * 1024 * 1024
"""The most that a synchronous invocation carries ("Lambda quotas", developer guide)."""

EMPTY_EVENT_BYTES = len('{"Records":[]}')
"""What the event around the records weighs."""


class KinesisData(TypedDict):
    """The stream's part of a record; ``data`` is base64, the timestamp in epoch seconds."""

    kinesisSchemaVersion: str
    partitionKey: str
    sequenceNumber: str
    data: str
    approximateArrivalTimestamp: float


class KinesisEventRecord(TypedDict):
    """One element of an event's ``Records``."""

    kinesis: KinesisData
    eventSource: str
    eventVersion: str
    eventID: str
    eventName: str
    invokeIdentityArn: str
    awsRegion: str
    eventSourceARN: str


class KinesisEvent(TypedDict):
    """An invocation: records of one shard, in sequence order."""

    Records: list[KinesisEventRecord]


def kinesis_event(
    mapping: EventSourceMapping, shard_id: str, records: Iterable[Record]
) -> KinesisEvent:
    """Return the event for a batch, as Lambda shapes it.

    The example in "Using Lambda to process records from Amazon Kinesis Data
    Streams" (AWS Lambda developer guide) has every field.
    """
    return {"Records": [_event_record(mapping, shard_id, record) for record in records]}


def encode(event: object) -> bytes:
    """Return an event as the compact JSON that is sent and counted."""
    return json.dumps(event, separators=(",", ":")).encode()


class PayloadMeter:
    """Counts what records of one shard weigh in an invocation, without building it.

    The limit holds for the JSON with its base64: a third and some 500 bytes a
    record more than the stream's own bytes.
    """

    def __init__(self, mapping: EventSourceMapping, shard_id: str) -> None:
        blank = _event_record(mapping, shard_id, Record("", "", b"", 0.0))
        self._fixed_bytes = len(encode(blank)) - len(encode(0.0)) + len(",")

    def bytes_of(self, record: Record) -> int:
        """Return the bytes that one more record adds to a payload."""
        base64_bytes = 4 * ((len(record.data) + 2) // 3)
        partition_key_bytes = len(encode(record.partition_key)) - len('""')
        # The sequence number stands twice: on its own and in the event id.
        named_bytes = partition_key_bytes + 2 * len(record.sequence_number)
        return self._fixed_bytes + base64_bytes + named_bytes + len(encode(record.arrived_at))


def _event_record(mapping: EventSourceMapping, shard_id: str, record: Record) -> KinesisEventRecord:
    return {
        "kinesis": {
            "kinesisSchemaVersion": "1.0",
            "partitionKey": record.partition_key,
            "sequenceNumber": record.sequence_number,
            "data": b64encode(record.data).decode(),
            "approximateArrivalTimestamp": record.arrived_at,
        },
        "eventSource": "aws:kinesis",
        "eventVersion": "1.0",
        "eventID": f"{shard_id}:{record.sequence_number}",
        "eventName": "aws:kinesis:record",
        "invokeIdentityArn": mapping.invoke_identity_arn,
        "awsRegion": mapping.region,
        "eventSourceARN": mapping.stream_arn,
    }
