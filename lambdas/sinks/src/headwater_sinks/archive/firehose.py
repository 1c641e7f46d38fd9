"""What Firehose hands to a transformation, and what it takes back.

The shapes, and the results a record may have, are those of "Transform source data" in the Amazon
Data Firehose developer guide.
"""

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from headwater_contract.kinesis_event import ReceivedRecord, stream_name

Result = Literal["Ok", "Dropped"]
"""``Dropped`` records are left out on purpose: what they hold is elsewhere."""


@dataclass(frozen=True, slots=True)
class Given:
    """A stream record by the id that Firehose gives it, and when the stream took it (UTC)."""

    record_id: str
    record: ReceivedRecord
    arrived_at: datetime


def given_records(event: Mapping[str, Any]) -> Iterator[Given]:
    """Yield the records of an invocation, in order.

    Raises:
        KeyError: its source is not a Kinesis stream.
        ValueError: its source's ARN is not one of a Kinesis stream.
    """
    stream = stream_name(event["sourceKinesisStreamArn"])
    for each in event["records"]:
        of_stream = each["kinesisRecordMetadata"]
        arrived_at = datetime.fromtimestamp(of_stream["approximateArrivalTimestamp"] / 1000, UTC)
        shard, data = f"{stream}/{of_stream['shardId']}", base64.b64decode(each["data"])
        record = ReceivedRecord(shard, of_stream["sequenceNumber"], data, arrived_at)
        yield Given(each["recordId"], record, arrived_at)


def answered(record_id: str, result: Result, data: str) -> dict[str, str]:
    """Return a record as it is answered; ``data`` is encoded as base64."""
    return {"recordId": record_id, "result": result, "data": data}
