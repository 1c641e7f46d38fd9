"""What is told of a message: what it is, what became of it and where it is. Never its content."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

import msgspec

from headwater_contract.event import event_type_of
from headwater_contract.kinesis_event import Failure, Position, Received
from headwater_contract.message import decode_message
from headwater_contract.times import format_time
from headwater_contract.undecodable import UndecodableMessageError

_MARKS: Final = {"accepted": "✓", "refused": "✗", "failed": "✗"}


class Fate(StrEnum):
    """What became of a message.

    ``FAILED`` is what was not refused and yet could not become a row.
    """

    ACCEPTED = "accepted"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Seen:
    """A message on its route.

    ``at`` is when it was received or, if it failed, when it did. ``message_type``, ``event_type``
    and ``event_id`` are None where they cannot be told, ``reason`` is None if it was accepted.
    """

    at: datetime
    fate: Fate
    position: Position
    app_id: str | None = None
    message_type: str | None = None
    event_type: str | None = None
    event_id: str | None = None
    reason: str | None = None

    @property
    def text(self) -> str:
        """One line for people. What a client wrote cannot steer the terminal."""
        what = " ".join(filter(None, (self.message_type, self.event_type)))
        parts = (
            f"{self.at:%H:%M:%S}.{self.at.microsecond // 1000:03}",
            f"{_MARKS[self.fate]} {self.fate}",
            printable(what) or "?",
            f"app {printable(self.app_id)}" if self.app_id else "",
            printable(self.event_id or ""),
            place(self.position),
            printable(self.reason or ""),
        )
        return "  ".join(filter(None, parts))

    @property
    def json(self) -> str:
        """One line for programs."""
        fields: dict[str, Any] = {
            "at": format_time(self.at),
            "fate": self.fate.value,
            "app_id": self.app_id,
            "message_type": self.message_type,
            "event_type": self.event_type,
            "event_id": self.event_id,
            "reason": self.reason,
            "shard": self.position.shard,
            "sequence": self.position.sequence,
            "index": self.position.index,
        }
        return msgspec.json.encode(fields).decode()


def of_stream(found: Received | Failure, arrived_at: datetime) -> Seen:
    """Return what is told of a message that the stream has."""
    if isinstance(found, Received):
        return _told(found, found.envelope.received_at)
    if found.message is None:
        return Seen(arrived_at, Fate.REFUSED, found.position, reason=found.reason)
    return _told(found.message, found.message.envelope.received_at, found.reason)


def place(position: Position) -> str:
    """Return a position as a word: shard, sequence number and index."""
    return f"{position.shard.rpartition('/')[2]}:{position.sequence}:{position.index}"


def printable(text: str) -> str:
    """Return a text with what would move a terminal's cursor, or more, escaped."""
    return "".join(each if each.isprintable() else repr(each)[1:-1] for each in text)


def kind_of(text: bytes, message_type: str | None) -> tuple[str | None, str | None]:
    """Return the message type and the event type of a message, as far as it says them.

    ``message_type`` is what its route says, which counts more; None if that is not known.
    """
    try:
        message = decode_message(text, message_type)
    except UndecodableMessageError:
        return message_type, None
    found = message_type or message.type or ("track" if message.event else None)
    return found, event_type_of(found, message) if found else None


def _told(message: Received, at: datetime, reason: str | None = None) -> Seen:
    entry = message.entry
    message_type, event_type = kind_of(entry.body, entry.message_type)
    return Seen(
        at=at,
        fate=Fate.REFUSED if reason else Fate.ACCEPTED,
        position=message.position,
        app_id=message.envelope.app_id,
        message_type=message_type,
        event_type=event_type,
        event_id=entry.event_id,
        reason=reason,
    )
