"""A delivery stream with Firehose's documented semantics: buffer, transform, buffer, deliver.

The rules are those of the Amazon Data Firehose developer guide, "Transform source data", "Handle
failure in data transformation", "Configure buffering hints" and "Configure Amazon S3 object name
format": records wait for an invocation until there are enough bytes or seconds; an invocation that
fails is repeated three times; what is answered as ``ProcessingFailed``, not answered, or was in an
invocation that failed for good is delivered to the error prefix; what is ``Ok`` waits again, and is
delivered as one object, compressed.
"""

import base64
import gzip
import json
import logging
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

from headwater_local.lambda_service.event_source.stream import Record

_log = logging.getLogger(__name__)

MAX_PAYLOAD_BYTES: Final = 6 * 1024 * 1024
"""Of a synchronous invocation, and of its answer ("Lambda quotas", AWS Lambda developer guide)."""

RETRIES: Final = 3
RECORD_BYTES: Final = 512
"""What a record takes in an invocation besides its data."""

Invoke: TypeAlias = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""Invokes the transformation; whatever it raises is a failed invocation."""

Put: TypeAlias = Callable[[str, bytes], None]
"""Writes an object, by its key, and returns when it is durable."""


@dataclass(frozen=True, slots=True)
class Hints:
    """When a buffer is full: after so many bytes, or so many seconds after its first record."""

    size: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Options:
    """How a delivery stream is configured."""

    name: str
    source_arn: str
    prefix: str
    error_prefix: str
    transformation: Hints
    delivery: Hints


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A record of the stream in the buffer of the transformation."""

    record_id: str
    shard_id: str
    record: Record


@dataclass
class _Buffer:
    hints: Hints
    size: int = 0
    since: float | None = None

    def add(self, size: int, now: float) -> None:
        self.size += size
        self.since = now if self.since is None else self.since

    def is_due(self, now: float) -> bool:
        if self.since is None:
            return False
        return self.size >= self.hints.size or now - self.since >= self.hints.seconds

    def clear(self) -> None:
        self.size, self.since = 0, None


@dataclass
class DeliveryStream:
    """Takes records, and knows for each shard up to which of them all is delivered."""

    options: Options
    invoke: Invoke
    put: Put
    delivered: dict[str, str] = field(default_factory=dict)
    _waiting: list[_Waiting] = field(default_factory=list)
    _payload: int = 0
    _lines: list[bytes] = field(default_factory=list)
    _failed: list[dict[str, Any]] = field(default_factory=list)
    _oldest: float | None = None
    _reached: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._in = _Buffer(self.options.transformation)
        self._out = _Buffer(self.options.delivery)

    def add(self, shard_id: str, record: Record, now: float) -> None:
        """Take a record of a shard; those of a shard come in its order."""
        size = len(record.data)
        if self._payload + _encoded(size) > MAX_PAYLOAD_BYTES:
            self._transform(now)
        self._payload += _encoded(size)
        record_id = f"{shard_id}:{record.sequence_number}"
        self._waiting.append(_Waiting(record_id, shard_id, record))
        self._in.add(size, now)

    def advance(self, now: float) -> None:
        """Transform and deliver what is due at a time (epoch seconds)."""
        if self._in.is_due(now):
            self._transform(now)
        if self._out.is_due(now):
            self._deliver(now)

    def finish(self, now: float) -> None:
        """Transform and deliver everything."""
        self._transform(now)
        self._deliver(now)

    def _transform(self, now: float) -> None:
        given, self._waiting, self._payload = self._waiting, [], 0
        self._in.clear()
        if not given:
            return
        answers = self._answers(given)
        for each in given:
            self._oldest = min(self._oldest or now, each.record.arrived_at)
            self._reached[each.shard_id] = each.record.sequence_number
            self._take(each, answers.get(each.record_id), now)

    def _take(self, given: _Waiting, answer: Mapping[str, Any] | None, now: float) -> None:
        data = base64.b64decode((answer or {}).get("data") or "")
        match answer:
            case {"result": "Ok"}:
                self._lines.append(data)
            case {"result": "Dropped"}:
                data = b""
            case _:
                self._failed.append(_failed(given, answer))
                data = given.record.data
        self._out.add(len(data), now)

    def _answers(self, given: Sequence[_Waiting]) -> Mapping[str, Mapping[str, Any]]:
        event = _event(given, self.options)
        for _ in range(1 + RETRIES):
            try:
                answer = self.invoke(event)
                _require_small(answer)
            except Exception:  # noqa: BLE001 -- whatever fails in a function, it is invoked again
                _log.warning("invocation failed", exc_info=True)
                continue
            return {each["recordId"]: each for each in answer["records"]}
        return {}

    def _deliver(self, now: float) -> None:
        if self._lines:
            self._put(self.options.prefix, self._lines, now)
        if self._failed:
            lines = [json.dumps(each).encode() + b"\n" for each in self._failed]
            self._put(f"{self.options.error_prefix}processing-failed/", lines, now)
            _log.warning("records failed", extra={"fields": {"records": len(lines)}})
        if self._lines:
            _log.info("records delivered", extra={"fields": {"records": len(self._lines)}})
        self._out.clear()
        self._lines, self._failed, self._oldest = [], [], None
        self.delivered.update(self._reached)

    def _put(self, prefix: str, lines: Sequence[bytes], now: float) -> None:
        self.put(self._key(prefix, now), gzip.compress(b"".join(lines)))

    def _key(self, prefix: str, now: float) -> str:
        hour = datetime.fromtimestamp(self._oldest or now, UTC)
        at = datetime.fromtimestamp(now, UTC)
        name = f"{self.options.name}-1-{at:%Y-%m-%d-%H-%M-%S}-{uuid.uuid4()}"
        return f"{prefix}{hour:%Y/%m/%d/%H}/{name}.gz"


def _event(given: Sequence[_Waiting], options: Options) -> Mapping[str, Any]:
    return {
        "invocationId": str(uuid.uuid4()),
        "deliveryStreamArn": f"arn:aws:firehose:::deliverystream/{options.name}",
        "sourceKinesisStreamArn": options.source_arn,
        "region": options.source_arn.split(":")[3],
        "records": [_given(each) for each in given],
    }


def _given(waiting: _Waiting) -> Mapping[str, Any]:
    record = waiting.record
    milliseconds = int(record.arrived_at * 1000)
    return {
        "recordId": waiting.record_id,
        "approximateArrivalTimestamp": milliseconds,
        "data": base64.b64encode(record.data).decode(),
        "kinesisRecordMetadata": {
            "shardId": waiting.shard_id,
            "partitionKey": record.partition_key,
            "approximateArrivalTimestamp": milliseconds,
            "sequenceNumber": record.sequence_number,
            "subsequenceNumber": "",
        },
    }


def _require_small(answer: Mapping[str, Any]) -> None:
    size = len(json.dumps(answer))
    if size > MAX_PAYLOAD_BYTES:
        raise ValueError(f"the answer has {size} bytes: Lambda takes {MAX_PAYLOAD_BYTES}")


def _failed(given: _Waiting, answer: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return a line of the error prefix, as "Delivered data" of the guide has it."""
    code = "Lambda.FunctionError" if answer is None else "Lambda.ProcessingFailedStatus"
    return {
        "attemptsMade": 1 + RETRIES if answer is None else 1,
        "arrivalTimestamp": int(given.record.arrived_at * 1000),
        "errorCode": code,
        "rawData": base64.b64encode(given.record.data).decode(),
    }


def _encoded(size: int) -> int:
    return (size + 2) // 3 * 4 + RECORD_BYTES
