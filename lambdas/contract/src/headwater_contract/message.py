"""A message: from JSON text to the fields that rules and columns look at."""

import re
from typing import Any, Final

import msgspec

from headwater_contract.fields import MESSAGE_FIELDS, READ_OF
from headwater_contract.undecodable import (
    UNDECODABLE,
    UndecodableMessageError,
    explain,
    json_kind,
    require_depth,
)

ABSENT: Final = msgspec.Raw(b"null")

_EXACT: Final = 2**53
"""Up to here every whole number is a double of its own."""

_IDS: Final = frozenset(field.name for field in MESSAGE_FIELDS if field.kind == "id")
_SENT_AND_RECEIVED: Final = frozenset({"sentAt", "receivedAt"})
"""These correct a clock or do not: what else they hold is no reason to refuse a message."""

_EMPTY_LIST: Final = re.compile(rb"\[\s*\]")


class Message(msgspec.Struct, rename="camel", frozen=True, gc=False):
    """The fields of the contract that rules or columns look at; an object is raw JSON text."""

    type: str | None = None
    message_id: str | int | None = None
    timestamp: str | None = None
    original_timestamp: str | None = None
    sent_at: str | None = None
    received_at: str | None = None
    anonymous_id: str | int | None = None
    user_id: str | int | None = None
    event: str | None = None
    group_id: str | int | None = None
    previous_id: str | int | None = None
    properties: msgspec.Raw = ABSENT
    traits: msgspec.Raw = ABSENT
    context: msgspec.Raw = ABSENT


_decode_message: Final = msgspec.json.Decoder(Message).decode
_decode_members: Final = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_decode_any: Final = msgspec.json.Decoder().decode
_encode: Final = msgspec.json.Encoder().encode


def decode_message(text: bytes, message_type: str | None = None) -> Message:
    """Return the fields of a message; without ``message_type`` its own ``type`` counts.

    All of the text is checked, what is not looked at too: tables keep it as it is. What its type
    has no column for may be anything. Of a key that comes twice the last counts.

    Raises:
        UndecodableMessageError: it is not an object of valid JSON in valid UTF-8, or a field has
            a type that the contract does not give it.
    """
    try:
        text.decode()  # msgspec skips over what it is not asked for without looking at its UTF-8.
        message = _decode(text, message_type)
    except UNDECODABLE as error:
        raise UndecodableMessageError(explain(error, text)) from error
    require_depth(text)
    return message


def _decode(text: bytes, message_type: str | None) -> Message:
    try:
        return _decode_message(text)
    except msgspec.ValidationError:
        return _decode_message(_encode(_plain(_decode_members(text), message_type)))


def _plain(members: dict[str, msgspec.Raw], message_type: str | None) -> dict[str, Any]:
    """Return the members that the message's type reads, ids in one of their two spellings."""
    counts = message_type or _value(members.get("type"))
    read = READ_OF.get(str(counts)) or frozenset(members)
    if message_type:
        read -= {"type"}
    sent = {name for name in _SENT_AND_RECEIVED if isinstance(_value(members.get(name)), str)}
    read = read - _SENT_AND_RECEIVED | sent
    return {
        name: _plain_id(raw) if name in _IDS else raw
        for name, raw in members.items()
        if name in read
    }


def _plain_id(raw: msgspec.Raw) -> msgspec.Raw | int:
    # JavaScript knows one kind of number, and some encoders write 7 as 7.0.
    value = _value(raw)
    is_whole = isinstance(value, float) and value.is_integer() and abs(value) <= _EXACT
    return int(value) if is_whole else raw


def _value(raw: msgspec.Raw | None) -> Any:  # noqa: ANN401 -- whatever a client sends
    try:
        return _decode_any(raw or ABSENT)
    except UNDECODABLE:
        return None


def object_text(name: str, raw: msgspec.Raw) -> str | None:
    """Return the JSON text of the object in a field, byte for byte, or None if it is null.

    Raises:
        UndecodableMessageError: it is neither an object nor null, or not UTF-8.
    """
    data = bytes(raw)
    try:
        if data.startswith(b"{"):
            return data.decode()
    except UnicodeDecodeError as error:
        raise UndecodableMessageError(explain(error, data)) from error
    if problem := object_violation(name, raw):
        raise UndecodableMessageError(problem)
    return None if data == b"null" else "{}"


def object_violation(name: str, raw: msgspec.Raw) -> str | None:
    """Return what is in a field in place of an object, or None if it is an object or null.

    An empty list is an empty object: PHP has one kind of array, and writes ``[]`` for both.
    """
    data = bytes(raw)
    if data.startswith(b"{") or data == b"null" or _EMPTY_LIST.fullmatch(data):
        return None
    return f"{name} must be an object, and is {json_kind(data)}"


def id_text(value: str | int | None) -> str | None:
    """Return an id as text, or None where it is absent.

    An empty text counts as absent; the number 0 is an id like any other.
    """
    return None if value is None or value == "" else str(value)
