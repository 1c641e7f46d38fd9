"""How the messages of one request travel on the stream: packed into as few records as fit.

A record is text that a person can read: a line of JSON (the header), then the body of each entry
on a line of its own. The header gives every body's size in bytes, so that no body has to be parsed
to find the next, and any bytes can be carried untouched. Longer records are compressed with gzip,
whose first two bytes tell them apart.
"""

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from headwater_contract.limits import MAX_STREAM_RECORD_BYTES, MAX_UNPACKED_RECORD_BYTES
from headwater_contract.times import format_time, parse_time

VERSION: Final = 1
COMPRESSED_FROM_BYTES: Final = 1024
"""Below this a record costs the same compressed or not: Kinesis on demand bills whole KB."""

_GZIP_MAGIC = b"\x1f\x8b"
_NOT_OURS = (KeyError, TypeError, AttributeError, ValueError, OverflowError, RecursionError)
"""What reading a header raises where it is not one of ours; JSON can say a size of Infinity."""


class UnreadableRecordError(Exception):
    """A stream record that the collector did not write, or that arrived damaged."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One message of a request: its JSON text and what the collector decided about it.

    An accepted message has a type and an id; a refused one has a refusal, the sentence why.
    """

    body: bytes
    message_type: str | None = None
    event_id: str | None = None
    refusal: str | None = None


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the messages of one request share.

    ``headers`` holds the captured request headers by event type, ``"*"`` standing for any other.
    """

    received_at: datetime
    app_id: str
    sent_at: datetime | None = None
    ip: str | None = None
    user_agent: str | None = None
    country: str | None = None
    city: str | None = None
    headers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StreamRecord:
    """An envelope and its entries, in the order of the request."""

    envelope: Envelope
    entries: Sequence[Entry]


def pack(
    envelope: Envelope, entries: Sequence[Entry], limit: int = MAX_STREAM_RECORD_BYTES
) -> Iterator[bytes]:
    """Yield the records that carry ``entries``: one, or more where one would exceed the limit.

    ``limit`` is in bytes of a record's data; what ``unpack`` would refuse to unpack is split too.

    Raises:
        ValueError: a single entry exceeds the limit.
    """
    plain = _serialize(envelope, entries)
    data = _compress(plain)
    if len(data) <= limit and len(plain) <= MAX_UNPACKED_RECORD_BYTES:
        yield data
    elif len(entries) > 1:
        middle = len(entries) // 2
        yield from pack(envelope, entries[:middle], limit)
        yield from pack(envelope, entries[middle:], limit)
    else:
        raise ValueError(f"one entry takes {len(data)} bytes of at most {limit}")


def header_line(envelope: Envelope, entries: Sequence[Entry]) -> str:
    """Return the first line of the record that carries these entries; each body is one more.

    Where a message is kept apart from its record, this line keeps what the record said of it.
    """
    header = {
        "v": VERSION,
        "received_at": format_time(envelope.received_at),
        "app_id": envelope.app_id,
        "sent_at": format_time(envelope.sent_at) if envelope.sent_at else None,
        "ip": envelope.ip,
        "user_agent": envelope.user_agent,
        "country": envelope.country,
        "city": envelope.city,
        "headers": envelope.headers,
        "entries": [_header_of(entry) for entry in entries],
    }
    return json.dumps(header, separators=(",", ":"))


def unpack(data: bytes) -> StreamRecord:
    """Return the envelope and the entries of a stream record.

    Raises:
        UnreadableRecordError: it is not one of ours, or it is damaged; the text says how.
    """
    header_line, _, bodies = _decompress(data).partition(b"\n")
    try:
        header = json.loads(header_line)
        _check_version(header["v"])
        entries = list(_read_entries(header["entries"], bodies))
        return StreamRecord(_read_envelope(header), entries)
    except _NOT_OURS as error:
        # What an error quotes of a damaged record can be as long as the record.
        problem = f"{error!r:.200}"
        raise UnreadableRecordError(f"the record's header is not one of ours: {problem}") from error


def unpacked_size(data: bytes) -> int:
    """Return how many bytes a stream record takes when unpacked, without unpacking it.

    A gzip stream ends with that number (RFC 1952, 2.3.1). One that is damaged or hostile may say
    anything, but ``unpack`` makes no more of it than ``MAX_UNPACKED_RECORD_BYTES``.
    """
    if not data.startswith(_GZIP_MAGIC):
        return len(data)
    said = int.from_bytes(data[-4:], "little")
    return max(len(data), min(said, MAX_UNPACKED_RECORD_BYTES))


def _serialize(envelope: Envelope, entries: Sequence[Entry]) -> bytes:
    line = header_line(envelope, entries).encode()
    return b"\n".join([line, *(entry.body for entry in entries)])


def _header_of(entry: Entry) -> dict[str, Any]:
    if entry.refusal is not None:
        return {"size": len(entry.body), "refusal": entry.refusal}
    return {"size": len(entry.body), "type": entry.message_type, "id": entry.event_id}


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


def _check_version(version: object) -> None:
    if version != VERSION:
        raise UnreadableRecordError(f"the record has version {version!r:.40}, not {VERSION}")


def _read_envelope(header: Mapping[str, Any]) -> Envelope:
    sent_at = _text(header["sent_at"])
    return Envelope(
        received_at=parse_time(header["received_at"]),
        app_id=_required_text(header["app_id"]),
        sent_at=parse_time(sent_at) if sent_at else None,
        ip=_text(header["ip"]),
        user_agent=_text(header["user_agent"]),
        country=_text(header["country"]),
        city=_text(header["city"]),
        headers={
            _required_text(event_type): {
                _required_text(name): _required_text(value) for name, value in captured.items()
            }
            for event_type, captured in header["headers"].items()
        },
    )


def _read_entries(headers: Sequence[Mapping[str, Any]], bodies: bytes) -> Iterator[Entry]:
    if not headers:
        raise UnreadableRecordError("the record has no entries")
    sizes = [int(header["size"]) for header in headers]
    for header, body in zip(headers, _split(bodies, sizes), strict=True):
        refusal = _text(header.get("refusal"))
        if refusal is None:
            yield Entry(body, _required_text(header["type"]), _required_text(header["id"]))
        else:
            yield Entry(body, refusal=refusal)


def _split(bodies: bytes, sizes: Sequence[int]) -> Iterator[bytes]:
    expected = sum(sizes) + max(len(sizes) - 1, 0)
    if len(bodies) != expected or min(sizes, default=0) < 0:
        said = str(expected)[:40]  # A hostile header says a number of thousands of digits.
        raise UnreadableRecordError(f"the record has {len(bodies)} bytes of bodies, not {said}")
    start = 0
    for size in sizes:
        yield bodies[start : start + size]
        start += size + 1


def _text(value: object) -> str | None:
    return None if value is None else _required_text(value)


def _required_text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r:.40} is not text")
    value.encode()  # A lone surrogate has no UTF-8, so no table could hold it.
    return value
