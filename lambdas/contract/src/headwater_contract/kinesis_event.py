"""A Lambda invocation's Kinesis records become messages, each with its position on the stream.

The writer and every sink read the stream with this, in runs of records that fit in memory.
"""

import base64
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec

from headwater_contract.envelope import Entry, Envelope
from headwater_contract.stream_record import UnreadableRecordError, unpack

MAX_TRANSIT: Final = timedelta(days=1)
"""How far a record's time of arrival at the collector may be from that at the stream."""

_STREAM_ARN: Final = re.compile(r"arn:[^:]+:kinesis:[^:]*:[^:]*:stream/(?P<name>[\w.-]+)(/.*)?")
"""A stream's ARN, or what AWS names after it: with enhanced fan-out a mapping reads through a
consumer, and its events may say ``…:stream/NAME/consumer/CONSUMER:EPOCH`` ("Resource types defined
by Amazon Kinesis Data Streams", Service Authorization Reference)."""


class Position(msgspec.Struct, frozen=True, gc=False):
    """A message's position: shard (``stream/shardId-…``), sequence number, index in the record."""

    shard: str
    sequence: str
    index: int


@dataclass(frozen=True, slots=True)
class ReceivedRecord:
    """A record as the stream delivered it.

    ``arrived_at`` is when the stream took it, by the stream's own clock; None if it is not known.
    """

    shard: str
    sequence: str
    data: bytes
    arrived_at: datetime | None = field(default=None, compare=False)


class Received(msgspec.Struct, frozen=True, gc=False):
    """A message of a readable record."""

    entry: Entry
    envelope: Envelope
    position: Position


@dataclass(frozen=True, slots=True)
class Failure:
    """What cannot become a row, with its bytes and the reason why.

    ``message`` is the message that failed; None if a whole record could not be read.
    """

    stage: str
    reason: str
    raw: bytes
    position: Position
    message: Received | None = None


def received_records(event: Mapping[str, Any]) -> list[ReceivedRecord]:
    """Return the records of an invocation, in the order of the stream.

    ``event`` has the shape that AWS documents under "Using Lambda to process records from Amazon
    Kinesis Data Streams".

    Raises:
        KeyError: it is not an invocation by a Kinesis event source mapping.
        ValueError: its records are not of a Kinesis stream.
    """
    return [_received_record(record) for record in event["Records"]]


def decode(record: ReceivedRecord) -> Iterator[Received | Failure]:
    """Yield the messages of a stream record; one failure if it cannot be read.

    The time of arrival that the record claims is believed within ``MAX_TRANSIT`` of the stream's
    own, so that nobody with access to the stream can scatter rows over partitions.
    """
    try:
        unpacked = unpack(record.data)
    except UnreadableRecordError as error:
        position = Position(record.shard, record.sequence, 0)
        yield Failure("decode", str(error), record.data, position)
        return
    envelope = _believable(unpacked.envelope, record.arrived_at)
    for index, entry in enumerate(unpacked.entries):
        position = Position(record.shard, record.sequence, index)
        yield _received(entry, envelope, position)


def _received_record(record: Mapping[str, Any]) -> ReceivedRecord:
    stream = stream_name(record["eventSourceARN"])
    shard_id = record["eventID"].partition(":")[0]
    kinesis = record["kinesis"]
    data = base64.b64decode(kinesis["data"])
    arrived_at = _time(kinesis.get("approximateArrivalTimestamp"))
    return ReceivedRecord(f"{stream}/{shard_id}", kinesis["sequenceNumber"], data, arrived_at)


def _time(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _believable(envelope: Envelope, arrived_at: datetime | None) -> Envelope:
    # The difference of two times always exists, but not every time that far from another.
    transit = arrived_at - envelope.received_at if arrived_at else timedelta()
    if arrived_at is None or abs(transit) <= MAX_TRANSIT:
        return envelope
    nearest = MAX_TRANSIT if transit < timedelta() else -MAX_TRANSIT
    return replace(envelope, received_at=arrived_at + nearest)


def stream_name(arn: str) -> str:
    """Return the name of the stream that an ARN, or that of one of its consumers, is of.

    Raises:
        ValueError: it is the ARN of something else.
    """
    # A consumer that is registered again gets another name; a ledger must go by the stream's.
    found = _STREAM_ARN.fullmatch(arn)
    if not found:
        raise ValueError(f"{arn!r:.200} is not the ARN of a Kinesis stream or one of its consumers")
    return found["name"]


def _received(entry: Entry, envelope: Envelope, position: Position) -> Received | Failure:
    message = Received(entry, envelope, position)
    if entry.refusal is None:
        return message
    return Failure("collector", entry.refusal, entry.body, position, message)


def cut(
    records: Iterable[ReceivedRecord], weigh: Callable[[bytes], int], limit: int
) -> Iterator[Sequence[ReceivedRecord]]:
    """Yield runs of records of one shard that weigh at most ``limit``, or of one record.

    A batch of 6 MB may unpack to a hundred, or to a million messages; what is worked on at once
    must fit in memory. ``weigh`` is given a record's data.
    """
    run: list[ReceivedRecord] = []
    weight = 0
    for record in records:
        own = weigh(record.data)
        if run and (weight + own > limit or record.shard != run[0].shard):
            yield run
            run, weight = [], 0
        run.append(record)
        weight += own
    if run:
        yield run
