"""A stream record becomes lines of JSON: one for each message, accepted or refused."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from headwater_contract.accept import Refused, accept
from headwater_contract.archive_line import Archived, archive_line
from headwater_contract.ip_policy import IpPolicy
from headwater_contract.kinesis_event import Failure, Received, ReceivedRecord, decode
from headwater_contract.redaction import envelope_by_policy, message_by_policy
from headwater_contract.times import format_time


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its end; ``is_refused`` says that it is not of the archive but of its errors."""

    text: bytes
    is_refused: bool = False


def lines_of(record: ReceivedRecord, policy: IpPolicy) -> Iterator[Line]:
    """Yield a line for each message of a record; one if it cannot be read.

    Addresses are kept by the policy, as the writer keeps them.
    """
    for item in decode(record):
        if isinstance(item, Failure):
            yield _refused(item, policy)
        else:
            yield _judged(item, policy)


def _judged(item: Received, policy: IpPolicy) -> Line:
    # Whoever may write to the stream may have written it.
    verdict = accept(item.entry.body, item.entry.message_type)
    if isinstance(verdict, Refused):
        body = item.entry.body
        return _refused(Failure("collector", verdict.reason, body, item.position, item), policy)
    envelope = envelope_by_policy(item.envelope, policy)
    entry = msgspec.structs.replace(
        item.entry, body=message_by_policy(item.entry.body.strip(), policy)
    )
    position = item.position
    archived = Archived(envelope, entry, position.shard, position.sequence, position.index)
    return Line(archive_line(archived))


def _refused(failure: Failure, policy: IpPolicy) -> Line:
    message = failure.message
    raw = failure.raw if message is None else message_by_policy(failure.raw, policy)
    fields = {
        "stage": failure.stage,
        "reason": failure.reason,
        "app_id": message and message.envelope.app_id,
        "received_at": message and format_time(message.envelope.received_at),
        "shard": failure.position.shard,
        "sequence": failure.position.sequence,
        "index": failure.position.index,
        **_text(raw),
    }
    return Line(json.dumps(fields, ensure_ascii=False).encode() + b"\n", is_refused=True)


def _text(raw: bytes) -> dict[str, Any]:
    try:
        return {"raw_encoding": "utf-8", "raw": raw.decode()}
    except UnicodeDecodeError:
        return {"raw_encoding": "base64", "raw": base64.b64encode(raw).decode()}
