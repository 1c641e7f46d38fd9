"""A failed record, validated again by the present contract."""

import hashlib
import uuid
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final

import msgspec

from headwater_contract.accept import Refused, accept
from headwater_contract.envelope import Entry, Envelope
from headwater_contract.kinesis_event import Failure, Position, Received, ReceivedRecord, decode
from headwater_contract.message import decode_message
from headwater_contract.rest_of_batch import is_rest_of_batch
from headwater_contract.stream_record import unpack
from headwater_contract.undecodable import UNDECODABLE, UndecodableMessageError
from headwater_writer.rows.rows import Row

_decode_list: Final = msgspec.json.Decoder(list[msgspec.Raw]).decode


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
        yield _accept(message)


def _messages_in(message: Received, reason: str) -> Iterable[Received]:
    """Return the message, or those of the rest of a batch, one position after the other.

    Nothing follows the rest of a batch, so no other message has the positions after it.
    """
    if not is_rest_of_batch(reason):
        return [message]
    try:
        bodies = _decode_list(message.entry.body)
    except UNDECODABLE:
        return [message]
    first = message.position
    return (
        Received(
            Entry(bytes(body)),
            message.envelope,
            Position(first.shard, first.sequence, first.index + number),
        )
        for number, body in enumerate(bodies)
    )


def _accept(message: Received) -> Received | Failure:
    """Return a refused message with the type and the id that the collector would give it now."""
    entry = message.entry
    verdict = accept(entry.body, entry.message_type or _type_of_route(entry.body))
    if isinstance(verdict, Refused):
        return _refused(message, verdict.reason)
    event_id = verdict.event_id or made_up_id(message.envelope.received_at, message.position)
    accepted = Entry(entry.body, verdict.message_type, event_id)
    return Received(accepted, message.envelope, message.position)


def _type_of_route(body: bytes) -> str | None:
    """Return ``track`` for a message with an event and no type, else None.

    Records of earlier collectors do not say the route's type, and cannot be told from a batch's
    message that lacks one.
    """
    try:
        message = decode_message(body)
    except UndecodableMessageError:
        return None
    return "track" if message.event and not message.type else None


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
