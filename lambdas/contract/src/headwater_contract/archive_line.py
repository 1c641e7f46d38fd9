"""A line of the raw archive: one accepted message, with what its stream record said of it.

A line is a JSON object of plain columns, so that any warehouse loads it: the envelope, the position
on the stream, and the message as the client sent it. It holds all that a row is made of.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final

import msgspec

from headwater_contract.envelope import Entry, Envelope
from headwater_contract.message import ABSENT
from headwater_contract.times import format_time, parse_time
from headwater_contract.undecodable import UNDECODABLE

VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Archived:
    """A message with its envelope and its position: shard, sequence number, index."""

    envelope: Envelope
    entry: Entry
    shard: str
    sequence: str
    index: int


class _Line(msgspec.Struct, kw_only=True, omit_defaults=True, gc=False):
    archive_version: int
    event_id: str
    message_type: str
    app_id: str
    received_at: str
    sent_at: str | None = None
    ip: str | None = None
    user_agent: str | None = None
    country: str | None = None
    city: str | None = None
    is_import: bool = False
    gpc: bool = False
    headers: Mapping[str, Mapping[str, str]] = {}
    context: msgspec.Raw = ABSENT
    integrations: msgspec.Raw = ABSENT
    shard: str
    sequence: str
    index: Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]
    message: msgspec.Raw


class _Version(msgspec.Struct):
    archive_version: Any = None


_SHARD: Final = re.compile(r"[\w.-]{1,128}/[\w.-]{1,128}", re.ASCII)
_SEQUENCE: Final = re.compile(r"\d{1,128}", re.ASCII)
"""Names and ids have up to 128 characters; a sequence number has some 56 digits."""

COLUMNS: Final = _Line.__struct_encode_fields__
"""The members of a line, in order."""

_decode: Final = msgspec.json.Decoder(_Line).decode
_decode_version: Final = msgspec.json.Decoder(_Version).decode
_encode: Final = msgspec.json.Encoder().encode


class UnreadableLineError(ValueError):
    """A line that says it is of an archive is damaged, or of a later version."""


def archive_line(archived: Archived) -> bytes:
    """Return the line, with its end, for an accepted message, whose body is valid JSON.

    The message stays byte for byte, except that a line break between its members is a blank: within
    a string JSON has none (RFC 8259, section 7).
    """
    envelope, entry = archived.envelope, archived.entry
    line = _Line(
        archive_version=VERSION,
        event_id=entry.event_id or "",
        message_type=entry.message_type or "",
        app_id=envelope.app_id,
        received_at=format_time(envelope.received_at),
        sent_at=format_time(envelope.sent_at) if envelope.sent_at else None,
        ip=envelope.ip,
        user_agent=envelope.user_agent,
        country=envelope.country,
        city=envelope.city,
        is_import=envelope.is_import,
        gpc=envelope.gpc,
        headers=envelope.headers,
        context=_raw(envelope.context),
        integrations=_raw(envelope.integrations),
        shard=archived.shard,
        sequence=archived.sequence,
        index=archived.index,
        message=msgspec.Raw(entry.body),
    )
    return _encode(line).translate(_ON_ONE_LINE) + b"\n"


def read_archive_line(text: bytes) -> Archived | None:
    """Return what a line of an archive holds, or None if it is anything else.

    Raises:
        UnreadableLineError: it is of an archive, and damaged or of another version.
    """
    try:
        version = _decode_version(text).archive_version
    except UNDECODABLE:
        return None
    if version is None:
        return None
    if version != VERSION:
        raise UnreadableLineError(f"the archive's line has version {version!r:.40}, not {VERSION}")
    try:
        return _archived(_decode(text))
    except (ValueError, *UNDECODABLE) as error:
        raise UnreadableLineError(f"the archive's line is damaged: {error!r:.200}") from error


def _archived(line: _Line) -> Archived:
    if not (_SHARD.fullmatch(line.shard) and _SEQUENCE.fullmatch(line.sequence)):
        raise ValueError("it does not say a position on a stream")
    envelope = Envelope(
        received_at=parse_time(line.received_at),
        app_id=line.app_id,
        sent_at=parse_time(line.sent_at) if line.sent_at else None,
        context=_text(line.context),
        integrations=_text(line.integrations),
        is_import=line.is_import,
        gpc=line.gpc,
        ip=line.ip,
        user_agent=line.user_agent,
        country=line.country,
        city=line.city,
        headers=line.headers,
    )
    entry = Entry(bytes(line.message), line.message_type, line.event_id)
    return Archived(envelope, entry, line.shard, line.sequence, line.index)


_ON_ONE_LINE: Final = bytes.maketrans(b"\n\r", b"  ")


def _raw(text: str | None) -> msgspec.Raw:
    return ABSENT if text is None else msgspec.Raw(text.encode())


def _text(raw: msgspec.Raw) -> str | None:
    return None if raw == ABSENT else bytes(raw).decode()
