"""Objects that a batch says once for all of its messages: its ``context`` and ``integrations``.

Segment's specification merges a batch's context with each message's own ("HTTP Tracking API",
"Batch").
"""

import re
from typing import Any, Final

import msgspec

from headwater_contract.limits import MAX_ENVELOPE_CHARACTERS
from headwater_contract.message import object_text
from headwater_contract.undecodable import (
    UNDECODABLE,
    UndecodableMessageError,
    explain,
    require_depth,
)

_NOTHING: Final = (None, "{}")
_ABSENT: Final = (msgspec.Raw(b"null"), msgspec.Raw(b'""'))
_EMPTY_LIST: Final = re.compile(rb"\[\s*\]")

_decode_members: Final = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_encode: Final = msgspec.json.Encoder().encode


def shared_object(name: str, raw: msgspec.Raw) -> str | None:
    """Return the JSON text of an object that a batch shares, or None if nothing is in it.

    Raises:
        UndecodableMessageError: it is not an object, not UTF-8, nested too deeply, or too long.
    """
    text = object_text(name, raw)
    if text in _NOTHING:
        return None
    size = len(bytes(raw))
    if size > MAX_ENVELOPE_CHARACTERS:
        raise UndecodableMessageError(
            f"{name} has {size} bytes: a batch shares at most {MAX_ENVELOPE_CHARACTERS}"
        )
    require_depth(bytes(raw))
    return text


def merged(own: str | None, shared: str | None) -> str | None:
    """Return the JSON text of an object with what a shared one has beside it.

    What the object says itself counts, unless it is null, empty text or an empty list. Objects in
    both are merged alike, and what is in these is taken whole. Values stay byte for byte.

    Raises:
        UndecodableMessageError: one of them is not a JSON object.
    """
    if shared is None or own is None:
        return own or shared
    try:
        return _encode(_members(own, shared)).decode()
    except UNDECODABLE as error:
        raise UndecodableMessageError(explain(error, own.encode())) from error


def _members(own: str, shared: str) -> dict[str, Any]:
    ours, theirs = _decode_members(own), _decode_members(shared)
    both = {name: _either(ours[name], theirs[name]) for name in ours.keys() & theirs.keys()}
    return theirs | ours | both


def _is_absent(raw: msgspec.Raw) -> bool:
    return raw in _ABSENT or _EMPTY_LIST.fullmatch(bytes(raw)) is not None


def _either(own: msgspec.Raw, shared: msgspec.Raw) -> Any:  # noqa: ANN401 -- JSON of any kind
    if _is_absent(own):
        return shared
    if not (bytes(own).startswith(b"{") and bytes(shared).startswith(b"{")):
        return own
    said = {name: raw for name, raw in _decode_members(own).items() if not _is_absent(raw)}
    return _decode_members(own) | _decode_members(shared) | said
