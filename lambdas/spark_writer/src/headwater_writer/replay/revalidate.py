"""A failed record, validated again by the present contract."""

import hashlib
import re
import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

import msgspec

from headwater_contract.messages import id_text, size_violation, violation
from headwater_contract.stream_record import Entry, Envelope, unpack
from headwater_writer.decode import Failure, Position, Received, ReceivedRecord, decode
from headwater_writer.rows.message import UNDECODABLE
from headwater_writer.rows.rows import Row


class _Fields(msgspec.Struct, rename="camel"):
    type: str | None = None
    message_id: str | int | None = None
    timestamp: str | None = None
    anonymous_id: str | int | None = None
    user_id: str | int | None = None
    event: str | None = None
    group_id: str | int | None = None
    previous_id: str | int | None = None


_decode: Final = msgspec.json.Decoder(_Fields).decode
_decode_list: Final = msgspec.json.Decoder(list[msgspec.Raw]).decode

_REST_OF_BATCH: Final = re.compile(r"\d+ messages from here on: a batch takes at most \d+")
"""Why the collector refuses what a batch has beyond its limit: as one entry, a JSON array, and the
last of its request (``headwater_collector.validation``)."""


def revalidate(row: Row) -> Iterator[Received | Failure]:
    """Yield what a row of ``failed_records`` is now: messages, or failures that remain.

    Every message keeps the position that it had on the stream.
    """
    position = Position(row["ingest_shard"], row["ingest_sequence"], row["ingest_index"])
    if row["stage"] == "decode":
        items = decode(ReceivedRecord(position.shard, position.sequence, row["raw"]))
    else:
        items = iter([_message(row, position)])
    for item in items:
        yield from _reconsider(item)


def _message(row: Row, position: Position) -> Received | Failure:
    line: str | None = row["envelope"]
    if line is None:
        # Written before envelopes were kept: the row's other columns have to suffice.
        envelope = Envelope(row["server_event_time"].replace(tzinfo=UTC), row["app_id"])
        return _refused(Received(Entry(row["raw"]), envelope, position), row["reason"])
    record = unpack(line.encode() + b"\n" + row["raw"])
    [entry] = record.entries
    message = Received(entry, record.envelope, position)
    return message if entry.refusal is None else _refused(message, entry.refusal)


def _reconsider(item: Received | Failure) -> Iterator[Received | Failure]:
    if isinstance(item, Received) or item.message is None:
        yield item
        return
    for message in _messages_in(item.message, item.reason):
        yield _accept(message, item.reason)


def _messages_in(message: Received, reason: str) -> Sequence[Received]:
    """Return the message, or those of the rest of a batch, one position after the other.

    Nothing follows the rest of a batch, so no other message has the positions after it.
    """
    if not _REST_OF_BATCH.fullmatch(reason):
        return [message]
    try:
        bodies = _decode_list(message.entry.body)
    except UNDECODABLE:
        return [message]
    first = message.position
    return [
        Received(
            Entry(bytes(body)),
            message.envelope,
            Position(first.shard, first.sequence, first.index + number),
        )
        for number, body in enumerate(bodies)
    ]


def _accept(message: Received, reason: str) -> Received | Failure:
    """Return a refused message with the type and the id that the collector would give it now.

    The route of a single message, which implies its type, is not known here; only a track call can
    be told, by its event. Any other message without a type stays refused for its old reason.
    """
    body = message.entry.body
    if refusal := size_violation(len(body)):
        return _refused(message, refusal)
    try:
        fields = _decode(body)
    except UNDECODABLE as error:
        return _refused(message, f"the message cannot be read: {error}")
    message_type = fields.type or ("track" if fields.event else "")
    if not message_type:
        return _refused(message, reason)
    if refusal := violation(message_type, fields):
        return _refused(message, refusal)
    event_id = id_text(fields.message_id) or made_up_id(
        message.envelope.received_at, message.position
    )
    return Received(Entry(body, message_type, event_id), message.envelope, message.position)


def made_up_id(received_at: datetime, position: Position) -> str:
    """Return a UUIDv7 that is the same each time: its random bits are a digest of the position.

    Layout: RFC 9562, section 5.7.
    """
    text = f"{position.shard}/{position.sequence}/{position.index}"
    digest = int.from_bytes(hashlib.sha256(text.encode()).digest()[:10], "big")
    milliseconds = int(received_at.timestamp() * 1000)
    bits = milliseconds << 80 | digest & ~(0xF << 76) | 0x7 << 76
    return str(uuid.UUID(int=bits & ~(0x3 << 62) | 0x2 << 62))


def _refused(message: Received, reason: str) -> Failure:
    return Failure("collector", reason, message.entry.body, message.position, message)
