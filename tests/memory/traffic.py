"""A candidate's traffic: requests to the real collector, and the invocation that they become."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain, count, islice
from random import Random
from typing import Any, Final

from headwater_contract.kinesis_event import ReceivedRecord
from headwater_contract.limits import (
    MAX_ENVELOPE_CHARACTERS,
    MAX_MESSAGE_BYTES,
    MAX_REQUEST_BYTES,
    MAX_STREAM_RECORD_BYTES,
)
from headwater_contract.stream_record import unpack
from headwater_writer.chunks import chunks
from headwater_writer.handler import MAX_CHUNK_BYTES
from memory.candidate import PLACES, Candidate, Script
from unit.collector.client import NOW, Client
from unit.writer.builders import SHARD, kinesis_event

CHUNKS: Final = 2
"""Chunks of a candidate's records: the second finds what the first has left behind."""

MAX_RECORDS: Final = 10_000
"""Of an invocation, as are the bytes ("Lambda quotas" and "Kinesis", AWS Lambda developer guide).
"""
MAX_PAYLOAD_BYTES: Final = 6 * 1024 * 1024
_AROUND_DATA: Final = 500
"""Bytes of an invocation's JSON around a record's data, at most."""

_UNITS: Final[dict[Script, str]] = {
    "ascii": "x",
    "latin-1": "\u00ff",
    "cyrillic": "\u044f",
    "emoji": "\U0001f600",
    "one emoji": "x",
    "escaped": "\x01",
}
_CAPTURED: Final = ("x-first", "x-second")


@dataclass(frozen=True, slots=True)
class Traffic:
    """An invocation, and how many rows it is to become in ``events`` and ``failed_records``."""

    event: dict[str, Any]
    rows: int


def traffic_of(candidate: Candidate) -> Traffic:
    """Return as much of a candidate's traffic as fills ``CHUNKS``, in a full invocation."""
    made = _unreadable(candidate) if candidate.fate == "unreadable" else _collected(candidate)
    records = _within_an_invocation(made)
    kept = [*chain.from_iterable(islice(chunks(records, MAX_CHUNK_BYTES), CHUNKS))]
    rest = [*_rest(kept)]
    return Traffic(kinesis_event([*kept, *rest]), _rows(candidate, kept) + len(rest))


def _rest(records: Sequence[ReceivedRecord]) -> Iterator[ReceivedRecord]:
    """Yield what makes an invocation full that has a candidate's records.

    It is as heavy as more of them and soon written: records of a megabyte that cannot be read.
    """
    left = MAX_PAYLOAD_BYTES - sum(map(_in_payload, records))
    for number in count(len(records) + 1):
        size = min(MAX_STREAM_RECORD_BYTES, (left - _AROUND_DATA) * 3 // 4)
        if size <= 0:
            return
        record = ReceivedRecord(SHARD, str(number), bytes(size))
        left -= _in_payload(record)
        yield record


def _within_an_invocation(records: Iterator[ReceivedRecord]) -> Iterator[ReceivedRecord]:
    left = MAX_PAYLOAD_BYTES
    for record in islice(records, MAX_RECORDS):
        left -= _in_payload(record)
        if left < 0:
            return
        yield record


def _in_payload(record: ReceivedRecord) -> int:
    return len(record.data) * 4 // 3 + _AROUND_DATA


def _collected(candidate: Candidate) -> Iterator[ReceivedRecord]:
    client = Client(CAPTURE_HEADERS=json.dumps({"*": _CAPTURED}))
    sequence = count(1)
    for first in islice(count(0, candidate.messages), candidate.requests):
        client.post("/v1/batch", _body(candidate, first), _headers(candidate))
        for record in client.stream.records:
            yield ReceivedRecord(SHARD, str(next(sequence)), record.data)
        client.stream.records.clear()


def _unreadable(candidate: Candidate) -> Iterator[ReceivedRecord]:
    chance = Random(0)  # noqa: S311 -- to be had again, not to be kept secret
    for number in range(1, candidate.requests + 1):
        yield ReceivedRecord(SHARD, str(number), b"\x00" + chance.randbytes(candidate.text_bytes))


def _headers(candidate: Candidate) -> dict[str, str]:
    unit = _UNITS[candidate.header_script]
    captured = dict.fromkeys(_CAPTURED, unit * candidate.header) if candidate.header else {}
    return {**captured, "user-agent": unit * candidate.agent}


def _body(candidate: Candidate, first: int) -> bytes:
    one = len(_encoded(_message(candidate, first)))
    fitting = min(candidate.messages, (MAX_REQUEST_BYTES - 50) // (one + 10))
    messages = [_message(candidate, first + number) for number in range(max(1, fitting))]
    return _encoded({"writeKey": "shop", "batch": messages} | _shared(candidate))


def _shared(candidate: Candidate) -> dict[str, Any]:
    """Return the context of a batch, as long as the collector takes it."""
    if candidate.shared == "nothing":
        return {}
    batch: dict[str, Any] = {}
    _put_text(batch, candidate.shared, "")
    room = MAX_ENVELOPE_CHARACTERS - len(_encoded(batch["context"]))
    _put_text(batch, candidate.shared, _text_of(candidate.script, room))
    return batch


def _encoded(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _message(candidate: Candidate, number: int) -> object:
    number = 0 if candidate.repeated else number
    if candidate.fate == "refused" or (candidate.fate == "both" and number % 2):
        return _text(candidate) if candidate.text_bytes else 1
    day = NOW - timedelta(days=number % candidate.days)
    message: dict[str, Any] = {"type": candidate.kind, "messageId": f"m-{number}"}
    message |= {"timestamp": day.isoformat(), "userId": "u", "event": "e", "previousId": "p"}
    for place in candidate.places:
        _put_text(message, place, _text(candidate, len(candidate.places)))
    return message


def _text(candidate: Candidate, parts: int = 1) -> str:
    size = min(candidate.text_bytes, MAX_MESSAGE_BYTES - 1000) // parts
    return _text_of(candidate.script, size)


def _text_of(script: Script, size: int) -> str:
    unit = _UNITS[script]
    first = "\U0001f600" if script == "one emoji" and size else ""
    of_unit = len(_encoded(unit)) - 2
    return first + unit * ((size - len(first.encode())) // of_unit)


def _put_text(message: dict[str, Any], place: str, text: str) -> None:
    keys, form = PLACES[place]
    _put(message, keys, form.format(text))


def _put(message: dict[str, Any], keys: Sequence[str], text: str) -> None:
    *parents, last = keys
    for key in parents:
        message = message.setdefault(key, {})
    message[last] = text


def _rows(candidate: Candidate, records: list[ReceivedRecord]) -> int:
    """Return how many rows there are to be: of what is repeated, one, and every refusal."""
    if candidate.fate == "unreadable":
        return len(records)
    entries = [entry for record in records for entry in unpack(record.data).entries]
    refused = sum(entry.refusal is not None for entry in entries)
    ids = {entry.event_id for entry in entries if entry.refusal is None}
    return refused + len(ids)
