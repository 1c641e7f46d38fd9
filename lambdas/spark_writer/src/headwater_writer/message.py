"""A message as the writer reads it: known fields decoded, objects kept as the bytes they were."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

import msgspec

from headwater_contract.messages import MESSAGE_FIELDS, MESSAGE_TYPES

_ABSENT = msgspec.Raw(b"null")
_OF_THE_REQUEST: Final = frozenset({"writeKey", "sentAt"})
_READ_OF: Final[Mapping[str, frozenset[str]]] = {
    message_type: frozenset(field.name for field in MESSAGE_FIELDS if message_type in field.read_of)
    for message_type in MESSAGE_TYPES
}
"""The fields of a message that reach a column, by its type."""


class UnshapeableError(Exception):
    """A message that cannot become a row; the text says why, ``stage`` where it ended."""

    stage: ClassVar[str] = "shape"


class Message(msgspec.Struct, rename="camel", frozen=True):
    """The fields of the contract that have columns; an object is raw JSON text."""

    timestamp: str | None = None
    anonymous_id: str | int | None = None
    user_id: str | int | None = None
    event: str | None = None
    group_id: str | int | None = None
    previous_id: str | int | None = None
    properties: msgspec.Raw = _ABSENT
    traits: msgspec.Raw = _ABSENT
    context: msgspec.Raw = _ABSENT


UNDECODABLE: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What msgspec raises for the texts that clients can send."""

_decode_message = msgspec.json.Decoder(Message).decode
_decode_fields = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_decode_object = msgspec.json.Decoder(dict[str, Any]).decode


def read(body: bytes) -> Message:
    """Return the message that ``body`` holds.

    Raises:
        UnshapeableError: it is not a JSON object with fields of the contract's kinds.
    """
    try:
        return _decode_message(body)
    except UNDECODABLE as error:
        raise UnshapeableError(f"the message cannot be decoded: {error}") from error


def read_object(raw: msgspec.Raw) -> Mapping[str, Any]:
    """Return an object, decoded; empty where it is null.

    Raises:
        UnshapeableError: it is neither a JSON object nor null.
    """
    text = object_text(raw)
    try:
        return _decode_object(text) if text else {}
    except UNDECODABLE as error:
        raise UnshapeableError(f"an object cannot be decoded: {error}") from error


def object_text(raw: msgspec.Raw) -> str | None:
    """Return an object's JSON text byte for byte, or None where it is null.

    Raises:
        UnshapeableError: it is neither an object nor null, or not UTF-8.
    """
    data = bytes(raw).strip()
    if data == b"null":
        return None
    if not data.startswith(b"{"):
        raise UnshapeableError(f"an object was expected, not {data[:40]!r}")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise UnshapeableError(f"the text is not UTF-8: {error}") from error


def context_text(body: bytes, message: Message, message_type: str) -> str | None:
    """Return the context's JSON text, with what has no column of its own added to it.

    Fields that reach no column go under ``$message``, so that nothing a client sends is lost and
    none of it can become a column.

    Raises:
        UnshapeableError: the context is not an object, or a field cannot be decoded.
    """
    context = object_text(message.context)
    extra = ",".join(_extra_fields(body, message_type))
    if not extra:
        return context
    inside = context[1:].lstrip() if context else "}"
    return f'{{"$message":{{{extra}}}{"" if inside.startswith("}") else ","}{inside}'


def _extra_fields(body: bytes, message_type: str) -> list[str]:
    read = _OF_THE_REQUEST | _READ_OF[message_type]
    try:
        return [
            f"{msgspec.json.encode(name).decode()}:{bytes(raw).strip().decode()}"
            for name, raw in _decode_fields(body).items()
            if name not in read and bytes(raw) not in (b"null", b"{}")
        ]
    except UNDECODABLE as error:
        # Reading the message skips over what it does not know, so this is the first look at it.
        raise UnshapeableError(f"a field cannot be decoded: {error}") from error
