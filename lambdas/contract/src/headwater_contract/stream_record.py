"""How the messages of one request travel on the stream: packed into as few records as fit.

A record is text that a person can read: a line of JSON (the header), then the body of each entry
on a line of its own. The header gives every body's size in bytes, so that no body has to be parsed
to find the next, and any bytes can be carried untouched. Longer records are compressed with gzip,
whose first two bytes tell them apart.
"""

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Annotated, Any, Final, TypeAlias

import msgspec

from headwater_contract.envelope import Entry, Envelope, StreamRecord
from headwater_contract.limits import (
    MAX_CAPTURED_HEADERS_BYTES,
    MAX_ENVELOPE_CHARACTERS,
    MAX_PACKED_REPEATS,
    MAX_RECORD_ENTRIES,
    MAX_REPEATED_BYTES,
    MAX_STREAM_RECORD_BYTES,
    MAX_UNPACKED_RECORD_BYTES,
)
from headwater_contract.message import decode_members
from headwater_contract.times import format_time, parse_time

VERSION: Final = 1
EXTENDED_VERSION: Final = 2
"""The version of a record whose envelope has fields that version 1 lacks: a writer that does not
know them must refuse the record rather than ignore them."""

COMPRESSED_FROM_BYTES: Final = 1024
"""Below this a record costs the same compressed or not: Kinesis on demand bills whole KB."""

_GZIP_MAGIC = b"\x1f\x8b"
_HEADER_BYTES: Final = 64 * 1024
"""Inflated at a time to find a header's end: most headers end within."""

_NOT_OURS = (msgspec.MsgspecError, ValueError, RecursionError)
"""What reading a header raises if it is not Headwater's; an invalid time is a ``ValueError``."""


class UnreadableRecordError(Exception):
    """A stream record that the collector did not write, or that arrived damaged."""


_Text: TypeAlias = Annotated[str, msgspec.Meta(max_length=MAX_ENVELOPE_CHARACTERS)]


class _EntryHeader(msgspec.Struct, gc=False):
    size: Annotated[int, msgspec.Meta(ge=0, le=MAX_UNPACKED_RECORD_BYTES)]
    type: str | None = None
    id: str | None = None
    refusal: str | None = None


class _Header(msgspec.Struct, rename={"is_import": "import"}):
    v: int
    received_at: _Text
    app_id: _Text
    sent_at: _Text | None
    ip: _Text | None
    user_agent: _Text | None
    country: _Text | None
    city: _Text | None
    headers: dict[str, dict[str, str]]
    entries: Annotated[list[_EntryHeader], msgspec.Meta(max_length=MAX_RECORD_ENTRIES)]
    context: _Text | None = None
    integrations: _Text | None = None
    is_import: bool = False
    gpc: bool = False


class _AnyVersion(msgspec.Struct):
    v: Any


_encode: Final = json.JSONEncoder(separators=(",", ":")).encode
_decode_header: Final = msgspec.json.Decoder(_Header).decode
_decode_version: Final = msgspec.json.Decoder(_AnyVersion).decode


def pack(
    envelope: Envelope, entries: Sequence[Entry], limit: int = MAX_STREAM_RECORD_BYTES
) -> Iterator[bytes]:
    """Yield the records that carry ``entries``: one, or more if one would exceed the limit.

    ``limit`` is in bytes of a record's data. What ``unpack`` would refuse is split too, and
    captured headers that it would refuse are left out: better an event without them than none.

    Raises:
        ValueError: a single entry exceeds the limit.
    """
    if not _is_within_limit(envelope.headers):
        envelope = replace(envelope, headers={})
    yield from _packed(_opening(envelope), entries, limit)


def _packed(opening: str, entries: Sequence[Entry], limit: int) -> Iterator[bytes]:
    plain = _serialize(opening, entries)
    data = _compress(plain)
    if len(data) <= limit and _can_be_unpacked(plain, opening, entries):
        yield data
    elif len(entries) > 1:
        middle = len(entries) // 2
        yield from _packed(opening, entries[:middle], limit)
        yield from _packed(opening, entries[middle:], limit)
    else:
        raise ValueError(f"one entry takes {len(data)} bytes of at most {limit}")


def header_line(envelope: Envelope, entries: Sequence[Entry]) -> str:
    """Return the first line of the record that carries these entries; each body is one more.

    Where a message is kept apart from its record, this line keeps what the record said of it.
    """
    return _line(_opening(envelope), entries)


def _line(opening: str, entries: Iterable[Entry]) -> str:
    return f'{opening},"entries":{_encode([_header_of(entry) for entry in entries])}}}'


def _opening(envelope: Envelope) -> str:
    """Return the header's JSON up to its entries, which is the same for all of a request."""
    extension = _extension(envelope)
    shared = {
        "v": EXTENDED_VERSION if extension else VERSION,
        "received_at": format_time(envelope.received_at),
        "app_id": envelope.app_id,
        "sent_at": format_time(envelope.sent_at) if envelope.sent_at else None,
        "ip": envelope.ip,
        "user_agent": envelope.user_agent,
        "country": envelope.country,
        "city": envelope.city,
        "headers": envelope.headers,
        **extension,
    }
    return _encode(shared).removesuffix("}")


def _extension(envelope: Envelope) -> dict[str, Any]:
    fields = {
        "context": envelope.context,
        "integrations": envelope.integrations,
        "import": envelope.is_import or None,
        "gpc": envelope.gpc or None,
    }
    return {name: value for name, value in fields.items() if value is not None}


def unpack(data: bytes) -> StreamRecord:
    """Return the envelope and the entries of a stream record.

    What one record can hold is bounded by ``limits``: its texts, its captured headers, its entries
    with what each repeats and, through its sizes, its bodies.

    Raises:
        UnreadableRecordError: it is not Headwater's, or it is damaged; the text says how.
    """
    plain = _decompress(data)
    line = BytesIO(plain).readline()
    try:
        header = _read_header(line)
        envelope = _read_envelope(header)
        return StreamRecord(envelope, list(_read_entries(header.entries, plain, len(line))))
    except _NOT_OURS as error:
        # What an error quotes of a damaged record can be as long as the record.
        problem = f"{error!r:.200}"
        raise UnreadableRecordError(f"the record's header is not Headwater's: {problem}") from error


@dataclass(frozen=True, slots=True)
class Extent:
    """What a stream record takes in memory.

    ``size`` is in bytes when unpacked; ``envelope`` is in bytes as JSON, which each of its entries
    may repeat.
    """

    size: int
    entries: int
    envelope: int


def extent(data: bytes) -> Extent:
    """Return what a stream record takes, reading no more of it than its header.

    A gzip stream ends with its size (RFC 1952, 2.3.1). One that is damaged or hostile may say
    anything, but ``unpack`` makes no more of it than ``MAX_UNPACKED_RECORD_BYTES``. A record that
    cannot be read is one entry.
    """
    size = len(data)
    if data.startswith(_GZIP_MAGIC):
        size = max(size, min(int.from_bytes(data[-4:], "little"), MAX_UNPACKED_RECORD_BYTES))
    try:
        header = _decode_header(_first_line(data))
        return Extent(size, len(header.entries), _repeated(_opening(_read_envelope(header))))
    except (zlib.error, UnreadableRecordError, *_NOT_OURS):
        return Extent(size, 1, 0)


def _first_line(data: bytes) -> bytes:
    if not data.startswith(_GZIP_MAGIC):
        return BytesIO(data).readline()
    inflater = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    line = inflater.decompress(data, _HEADER_BYTES)
    while b"\n" not in line[-_HEADER_BYTES:] and inflater.unconsumed_tail:
        if len(line) > MAX_UNPACKED_RECORD_BYTES:
            break
        line += inflater.decompress(inflater.unconsumed_tail, _HEADER_BYTES)
    return line.partition(b"\n")[0]


def _can_be_unpacked(plain: bytes, opening: str, entries: Sequence[Entry]) -> bool:
    return (
        len(plain) <= MAX_UNPACKED_RECORD_BYTES
        and len(entries) <= MAX_RECORD_ENTRIES
        and _repeated(opening) * len(entries) <= MAX_PACKED_REPEATS
    )


def _repeated(opening: str) -> int:
    """Return the bytes that an entry takes which is kept with its envelope."""
    return len(_line(opening, ()))


def _serialize(opening: str, entries: Sequence[Entry]) -> bytes:
    line = _line(opening, entries).encode()
    return b"\n".join([line, *(entry.body for entry in entries)])


def _header_of(entry: Entry) -> dict[str, Any]:
    if entry.refusal is None:
        return {"size": len(entry.body), "type": entry.message_type, "id": entry.event_id}
    of_route = {"type": entry.message_type} if entry.message_type else {}
    return {"size": len(entry.body), **of_route, "refusal": entry.refusal}


def _compress(data: bytes) -> bytes:
    # Level 6 costs some 0.2 ms for twenty events; mtime=0 makes equal requests equal records.
    return data if len(data) < COMPRESSED_FROM_BYTES else gzip.compress(data, 6, mtime=0)


def _decompress(data: bytes) -> bytes:
    if not data.startswith(_GZIP_MAGIC):
        return data
    inflater = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        plain = inflater.decompress(data, MAX_UNPACKED_RECORD_BYTES)
    except zlib.error as error:
        raise UnreadableRecordError(f"the record is not valid gzip: {error}") from error
    if inflater.unconsumed_tail:
        raise UnreadableRecordError(f"the record unpacks to over {MAX_UNPACKED_RECORD_BYTES} bytes")
    if not inflater.eof:
        raise UnreadableRecordError("the record is truncated")
    if inflater.unused_data:
        raise UnreadableRecordError("something follows the end of the record")
    return plain


def _read_header(line: bytes) -> _Header:
    try:
        header = _decode_header(line)
    except msgspec.ValidationError:
        _check_version(_decode_version(line).v)
        raise
    _check_version(header.v)
    return header


def _check_version(version: object) -> None:
    if version not in (VERSION, EXTENDED_VERSION):
        raise UnreadableRecordError(
            f"the record has version {version!r:.40}, not {VERSION} or {EXTENDED_VERSION}"
        )


def _read_envelope(header: _Header) -> Envelope:
    if not _is_within_limit(header.headers):
        raise UnreadableRecordError(
            f"the record's captured headers take over {MAX_CAPTURED_HEADERS_BYTES} bytes"
        )
    for shared in (header.context, header.integrations):
        if shared is not None:
            decode_members(shared)
    envelope = Envelope(
        received_at=parse_time(header.received_at),
        app_id=header.app_id,
        sent_at=parse_time(header.sent_at) if header.sent_at else None,
        context=header.context,
        integrations=header.integrations,
        is_import=header.is_import,
        gpc=header.gpc,
        ip=header.ip,
        user_agent=header.user_agent,
        country=header.country,
        city=header.city,
        headers=header.headers,
    )
    if _repeated(_opening(envelope)) * len(header.entries) > MAX_REPEATED_BYTES:
        raise UnreadableRecordError(
            f"the record's entries repeat over {MAX_REPEATED_BYTES} bytes of its envelope"
        )
    return envelope


def _is_within_limit(headers: Mapping[str, Mapping[str, str]]) -> bool:
    return not headers or len(msgspec.json.encode(headers)) <= MAX_CAPTURED_HEADERS_BYTES


def _read_entries(headers: Sequence[_EntryHeader], plain: bytes, start: int) -> Iterator[Entry]:
    """Yield the entries of a record whose bodies begin at ``start``, a byte between any two."""
    _check_sizes(headers, len(plain) - start)
    for header in headers:
        end = start + header.size
        yield _read_entry(header, plain[start:end])
        start = end + 1


def _check_sizes(headers: Sequence[_EntryHeader], size: int) -> None:
    if not headers:
        raise UnreadableRecordError("the record has no entries")
    expected = sum(header.size for header in headers) + len(headers) - 1
    if size != expected:
        raise UnreadableRecordError(f"the record has {size} bytes of bodies, not {expected}")


def _read_entry(header: _EntryHeader, body: bytes) -> Entry:
    if header.refusal is not None:
        return Entry(body, header.type, refusal=header.refusal)
    if header.type is None or header.id is None:
        raise UnreadableRecordError("the record has an entry without a type, an id or a refusal")
    return Entry(body, header.type, header.id)
