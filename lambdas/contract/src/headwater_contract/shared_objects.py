"""Objects that a batch says once for all of its messages: its ``context`` and ``integrations``.

Segment's specification merges a batch's context with each message's own ("HTTP Tracking API",
"Batch").
"""

from typing import Any, Final

import msgspec

from headwater_contract.limits import MAX_MESSAGE_BYTES
from headwater_contract.message import object_text
from headwater_contract.undecodable import UNDECODABLE, UndecodableMessageError, explain

_NOTHING: Final = (None, "{}")

_decode_members: Final = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_encode: Final = msgspec.json.Encoder().encode


def shared_object(name: str, raw: msgspec.Raw) -> str | None:
    """Return the JSON text of an object that a batch shares, or None if nothing is in it.

    Raises:
        UndecodableMessageError: it is no object, not UTF-8, or longer than a message may be.
    """
    text = object_text(name, raw)
    if text in _NOTHING:
        return None
    size = len(bytes(raw))
    if size > MAX_MESSAGE_BYTES:
        raise UndecodableMessageError(
            f"{name} has {size} bytes: a batch shares at most {MAX_MESSAGE_BYTES}"
        )
    return text


def merged(own: str | None, shared: str | None) -> str | None:
    """Return the JSON text of an object with what a shared one has beside it.

    What the object says itself counts. Objects in both are merged alike, and what is in these is
    taken whole. Values stay byte for byte.

    Raises:
        UndecodableMessageError: one of them is no JSON object.
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


def _either(own: msgspec.Raw, shared: msgspec.Raw) -> Any:  # noqa: ANN401 -- JSON of any kind
    if not (bytes(own).startswith(b"{") and bytes(shared).startswith(b"{")):
        return own
    return _decode_members(shared) | _decode_members(own)
