"""Changing a message so that it is still almost one: as a tree, as text, and as bytes."""

import json
import re
from collections.abc import Callable, Sequence
from copy import deepcopy
from random import Random
from typing import Final

from fuzz.corpus import KEYS, VALUES, Value

TOKENS: Final = (
    *(b'"', b"\\", b'\\"', b"[", b"]", b"{", b"}", b",", b":", b" ", b"\n", b"\x00", b"\xff"),
    *(b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\\ud800", b"\\u", b"NaN", b"null", b"1e", b"-", b"/*"),
    *(b'"batch":[', b'"batch"', b'"sentAt":"', b'"writeKey":"', b'{"batch":[', b"]}", b'"a":'),
)

_RAW: Final = re.compile(rb'"@((?:[^"\\]|\\.)*)"')


def mutated(rng: Random, value: Value) -> Value:
    """Return a value that differs in up to four places."""
    changed = deepcopy(value)
    for _ in range(rng.choice((0, 0, 0, 1, 1, 1, 2, 4))):
        changed = _changed(rng, changed)
    return changed


def hostile(rng: Random) -> Value:
    """Return a value that nobody would send."""
    return rng.choice(VALUES)(rng)


def text_of(rng: Random, value: Value) -> bytes:
    """Return a value as JSON text in one of the ways in which it can be written."""
    text = json.dumps(
        value,
        ensure_ascii=rng.random() < 0.5,
        separators=rng.choice(((",", ":"), (", ", ": "), (" ,\n", "\t: "))),
    ).encode(errors="surrogatepass")
    return _RAW.sub(_unquoted, text)


def damaged(rng: Random, data: bytes) -> bytes:
    """Return bytes that differ in up to four places."""
    for _ in range(rng.choice((1, 1, 2, 4))):
        data = rng.choice(_DAMAGES)(rng, data)
    return data


def _unquoted(match: re.Match[bytes]) -> bytes:
    return match[1].replace(b'\\"', b'"')


def _changed(rng: Random, value: Value) -> Value:
    if isinstance(value, dict) and value and rng.random() < 0.9:
        return _changed_object(rng, value)
    if isinstance(value, list) and value and rng.random() < 0.9:
        index = rng.randrange(len(value))
        return [*value[:index], _changed(rng, value[index]), *value[index + rng.randrange(2) :]]
    return hostile(rng)


def _changed_object(rng: Random, value: dict[str, Value]) -> dict[str, Value]:
    key = rng.choice(list(value))
    match rng.randrange(6):
        case 0:
            return {name: each for name, each in value.items() if name != key}
        case 1:
            return {rng.choice(KEYS) if name == key else name: value[name] for name in value}
        case 2:
            return value | {rng.choice(KEYS): hostile(rng)}
        case 3:
            return value | {key: rng.choice(([value[key]], {key: value[key]}))}
        case _:
            return value | {key: _changed(rng, value[key])}


def _cut(rng: Random, data: bytes) -> tuple[bytes, bytes, bytes]:
    """Return what is before a short stretch, the stretch, and what is behind it."""
    start = rng.randrange(len(data) + 1)
    end = min(len(data), start + rng.choice((0, 1, 4, 40)))
    return data[:start], data[start:end], data[end:]


def _without(rng: Random, data: bytes) -> bytes:
    before, _, behind = _cut(rng, data)
    return before + behind


def _doubled(rng: Random, data: bytes) -> bytes:
    before, stretch, behind = _cut(rng, data)
    return before + stretch * rng.choice((2, 30)) + behind


def _with_token(rng: Random, data: bytes) -> bytes:
    before, _, behind = _cut(rng, data)
    return before + rng.choice(TOKENS) * rng.choice((1, 1, 2, 60)) + behind


def _flipped(rng: Random, data: bytes) -> bytes:
    before, stretch, behind = _cut(rng, data)
    return before + bytes(byte ^ 1 << rng.randrange(8) for byte in stretch) + behind


def _truncated(rng: Random, data: bytes) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


_DAMAGES: Final[Sequence[Callable[[Random, bytes], bytes]]] = (
    _without,
    _doubled,
    _with_token,
    _with_token,
    _flipped,
    _truncated,
)
