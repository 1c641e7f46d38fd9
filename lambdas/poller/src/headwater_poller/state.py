"""How far an API has been polled."""

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from headwater_contract.times import format_time, parse_time
from headwater_poller.errors import StateError

IDENTITY_BYTES: Final = 16
MAX_SEEN: Final = 500_000
"""Records that are recognised when they are polled again: 11 MB of state, some 60 of memory."""


@dataclass(frozen=True, slots=True)
class State:
    """What a poll begins with; an empty one before the first.

    ``mark`` is the time up to which records were polled, ``cursor`` what the API gave. ``seen`` are
    identities of records that are on the stream, and that the API may give again.
    """

    mark: datetime | None = None
    cursor: str | None = None
    seen: frozenset[bytes] = frozenset()


class _Document(msgspec.Struct):
    version: int
    mark: str | None
    cursor: str | None
    seen: str


def encode(state: State) -> bytes:
    """Return a state as JSON."""
    seen = base64.b64encode(b"".join(sorted(state.seen))).decode()
    mark = format_time(state.mark) if state.mark else None
    return msgspec.json.encode(_Document(1, mark, state.cursor, seen))


def decode(text: bytes) -> State:
    """Return the state in a JSON text.

    Raises:
        StateError: it is not one, or of another version.
    """
    try:
        document = msgspec.json.decode(text, type=_Document)
        seen = base64.b64decode(document.seen, validate=True)
        mark = parse_time(document.mark) if document.mark else None
    except (msgspec.MsgspecError, binascii.Error, ValueError) as error:
        raise StateError(f"the saved state cannot be read ({error}): restore it") from error
    if document.version != 1 or len(seen) % IDENTITY_BYTES:
        raise StateError("the saved state is another version's: use the poller that wrote it")
    steps = range(0, len(seen), IDENTITY_BYTES)
    return State(
        mark, document.cursor, frozenset(seen[step : step + IDENTITY_BYTES] for step in steps)
    )
