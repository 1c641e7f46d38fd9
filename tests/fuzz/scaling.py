"""Whether four times as much input takes four times as long, and not sixteen times.

A thread's own processor time is compared with the same, never with a clock on the wall, and without
garbage collection. An input counts as superlinear only if it is so each time that it is measured: a
busy machine fails nothing.
"""

import base64
import gzip
import itertools
import json
import time
import timeit
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any, Final

from fuzz.collector_requests import collector
from fuzz.corpus import TEXTS, cases
from fuzz.mutation import TOKENS, mutated, text_of
from fuzz.target import Checked, Target
from headwater_contract.envelope import Entry, Envelope
from headwater_contract.stream_record import UnreadableRecordError, unpack
from headwater_local.api_gateway.payload_v2 import Request as Http
from headwater_local.api_gateway.payload_v2 import to_event
from headwater_writer.rows.message import UnshapeableError
from headwater_writer.rows.rows import Rules, shape
from unit.collector.client import NOW, recorded_event

FACTOR: Final = 4
LIMIT: Final = 9.0
"""How many times as long the larger input may take: linear is 4, quadratic 16."""

MEASURABLE_SECONDS: Final = 0.004
"""Processor time below which no ratio says anything."""

TRIES: Final = 4
REQUEST_BYTES: Final = 400_000
SYSTEMATIC_BYTES: Final = 64_000
HEAD_BYTES: Final = 400_000
MESSAGE_BYTES: Final = 32_000

PREFIXES: Final = (b"", b'{"', b'{"batch":[', b'{"batch":[{"type":"', b'[{"a":1},', b'"batch"')
SUFFIXES: Final = (b"", b'"}]}', b"]}", b"\\", b'","writeKey":"key-1"}')
PATHS: Final = ("/v1/b", "/v1/t", "/track", "/identify")
PLACES: Final = (
    *("plain", "base64", "gzip", "members", "path", "settings", "method", "cookie", "cookies"),
    *("preflight", "authorization", "content-encoding", "header", "headers"),
    "cloudfront-viewer-address",
)
_EVENT: Final = recorded_event("http_api.json")
_OPEN: Final = {"TRUST_CLOUDFRONT": "true"}
_unique: Final = itertools.count()


@dataclass(frozen=True, slots=True)
class Repeated:
    """A token repeated between a prefix and a suffix, as far as a size in bytes allows."""

    token: bytes
    prefix: bytes = b""
    suffix: bytes = b""

    def of(self, size: int) -> bytes:
        """Return it with about so many bytes."""
        room = size - len(self.prefix) - len(self.suffix)
        return self.prefix + self.token * max(1, room // len(self.token)) + self.suffix


Work = Callable[[bytes], object]
"""What is done with an input."""


@dataclass(frozen=True, slots=True)
class Growth:
    """A work, and how what it gets grows up to a size in bytes; the name says which."""

    name: str
    work: Work
    repeated: Repeated
    size: int

    def is_superlinear(self) -> bool:
        """Tell whether the work grows faster than what it gets."""
        return all(self._ratio() > LIMIT for _ in range(TRIES))

    def _ratio(self) -> float:
        large = _seconds(self.work, self.repeated.of(self.size))
        if large < MEASURABLE_SECONDS:
            return 0.0
        return large / _seconds(self.work, self.repeated.of(self.size // FACTOR))


def _seconds(work: Work, data: bytes) -> float:
    timer = timeit.Timer(lambda: work(data), timer=time.thread_time)
    return max(min(timer.repeat(2, number=1)), 1e-6)


def asking(path: str, place: str) -> Work:
    """Return the work of answering a request that has the data in a place of its own."""

    def work(data: bytes) -> object:
        return collector(_OPEN)[0].handle(_request(path, place, data))

    return work


def shaping(field: Sequence[str]) -> Work:
    """Return the work of shaping a message that has the data as a text in a field."""

    def work(data: bytes) -> object:
        # No text comes twice, so that no cache answers.
        value: Any = data.decode(errors="replace") + str(next(_unique))
        for name in reversed(field):
            value = {name: value}
        message = {"userId": "u", "event": "e"} | value
        try:
            return shape(Entry(json.dumps(message).encode(), "track", "m-1"), _ENVELOPE, Rules())
        except UnshapeableError:
            return None

    return work


def unpacking(data: bytes) -> object:
    """Unpack a record."""
    try:
        return unpack(data)
    except UnreadableRecordError:
        return None


def through_the_gateway(part: str) -> Work:
    """Return the work of making a Lambda event of HTTP with the data as its query or headers."""

    def work(data: bytes) -> object:
        text = data.decode("latin-1")
        headers = [("accept", text[start : start + 4]) for start in range(0, len(text), 4)]
        query, headers = (text, []) if part == "query" else ("", headers)
        return to_event(Http("POST", "/v1/t", query, headers, b"", "127.0.0.1"), "id", NOW)

    return work


_ENVELOPE: Final = Envelope(received_at=NOW, app_id="shop")


def _request(path: str, place: str, data: bytes) -> dict[str, Any]:
    event = deepcopy(_EVENT)
    text = data.decode("latin-1")
    event |= {"rawPath": path, "body": "{}", "isBase64Encoded": False}
    match place:
        case "plain":
            event["body"] = data.decode(errors="replace")
        case "base64":
            event |= {"body": base64.b64encode(data).decode(), "isBase64Encoded": True}
        case "gzip" | "members":
            members = gzip.compress(data, 1) if place == "gzip" else _members(len(data))
            event |= {"body": base64.b64encode(members).decode(), "isBase64Encoded": True}
            event["headers"]["content-encoding"] = "gzip"
        case "path" | "settings":
            event["rawPath"] = text if place == "path" else f"/v1/projects/{text}/settings"
            event["requestContext"]["http"]["method"] = "GET"
        case "method":
            event["requestContext"]["http"]["method"] = text
        case "preflight":
            event["requestContext"]["http"]["method"] = "OPTIONS"
            event["headers"]["access-control-request-headers"] = text
        case "cookies":
            event["cookies"] = text.split("a") if "a" in text else [*text]
        case "headers":
            names = [text[start : start + 8] for start in range(0, len(text), 8)]
            event["headers"] |= {f"{name}{index}": name for index, name in enumerate(names)}
        case _:
            event["headers"][place] = f"Basic {text}" if place == "authorization" else text
    return event


def _members(size: int) -> bytes:
    empty = gzip.compress(b"", 1)
    return empty * (size // len(empty))


def every_growth(size: int) -> Iterator[Growth]:
    """Yield what may grow: requests of up to ``size`` bytes, records, and messages."""
    for path, token, prefix, suffix in itertools.product(PATHS, TOKENS, PREFIXES, SUFFIXES):
        yield Growth(path, asking(path, "base64"), Repeated(token, prefix, suffix), size)
    for place, token in itertools.product(PLACES, (b"a", b"/", b"\xff", b"; ", b",x-a", b'\\"')):
        yield Growth(place, asking("/v1/b", place), Repeated(token), size)
    for part, token in itertools.product(("query", "headers"), (b"a&", b"a=b&", b"&", b"%", b"+")):
        yield Growth(part, through_the_gateway(part), Repeated(token), HEAD_BYTES)
    for token, prefix in itertools.product(TOKENS, _RECORD_PREFIXES):
        yield Growth("record", unpacking, Repeated(token, prefix), size)
    for field, text in itertools.product(_FIELDS, filter(None, TEXTS)):
        token = text.encode(errors="replace")
        yield Growth(".".join(field), shaping(field), Repeated(token), MESSAGE_BYTES)


_RECORD_PREFIXES: Final = (
    b"",
    b'{"v":1,"app_id":"',
    b'{"v":1,"received_at":"2026-01-31T13:37:00Z","app_id":"a","entries":[',
)
_FIELDS: Final = (
    *(("event",), ("timestamp",), ("userId",), ("properties", "a"), ("context", "ip")),
    *(("context", "userAgent"), ("context", "locale"), ("context", "library", "name")),
    *(("context", "page", name) for name in ("url", "referrer", "search", "path", "title")),
    *(("context", "campaign", "source"), ("context", "timezone"), ("context", "consent")),
)


@cache
def _every_growth() -> Sequence[Growth]:
    return tuple(every_growth(SYSTEMATIC_BYTES))


def check(rng: Random) -> Checked:
    """Measure one of the systematic growths, or one of a message's own stretches."""
    growth = rng.choice(_every_growth()) if rng.random() < 0.75 else _random_growth(rng)
    problems = ("it takes longer than in proportion to its size",) * growth.is_superlinear()
    return Checked((growth.name, growth.repeated), "measured", problems)


def _random_growth(rng: Random) -> Growth:
    text = text_of(rng, mutated(rng, rng.choice(cases()).message)) or b" "
    start = rng.randrange(len(text))
    token = rng.choice((text[start : start + rng.randrange(1, 30)], rng.choice(TOKENS)))
    repeated = Repeated(token, text[: rng.choice((0, start))], rng.choice(SUFFIXES))
    path, place = rng.choice(PATHS), rng.choice(("base64", *PLACES))
    return Growth(f"{path}, {place}", asking(path, place), repeated, REQUEST_BYTES)


GROWTHS: Final = Target("scaling", check, share=0.01)
