"""A message as the writer reads it: known fields decoded, objects kept as the bytes they were."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from headwater_contract.messages import MESSAGE_FIELDS

_ABSENT = msgspec.Raw(b"null")
_NOT_A_COLUMN = frozenset({"name", "category"})
_TRANSPORT = frozenset({"writeKey", "sentAt"})
_HAS_A_COLUMN: Final = (
    frozenset(field.name for field in MESSAGE_FIELDS) - _NOT_A_COLUMN | _TRANSPORT
)


class UnshapeableError(Exception):
    """A message that cannot become a row; the text says why."""


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
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UnshapeableError(f"the message cannot be decoded: {error}") from error


def read_object(raw: msgspec.Raw) -> Mapping[str, Any]:
    """Return an object, decoded; empty where it is null.

    Raises:
        UnshapeableError: it is neither a JSON object nor null.
    """
    text = object_text(raw)
    try:
        return _decode_object(text) if text else {}
    except (msgspec.DecodeError, RecursionError) as error:
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


def context_text(body: bytes, message: Message) -> str | None:
    """Return the context's JSON text, with what has no column of its own added to it.

    Fields of the message that the contract gives no column go under ``$message``, so that nothing
    a client sends is lost and none of it can become a column.
    """
    context = object_text(message.context)
    extra = ",".join(_extra_fields(body))
    if not extra:
        return context
    inside = context[1:].lstrip() if context else "}"
    return f'{{"$message":{{{extra}}}{"" if inside.startswith("}") else ","}{inside}'


def _extra_fields(body: bytes) -> list[str]:
    return [
        f"{msgspec.json.encode(name).decode()}:{bytes(raw).strip().decode()}"
        for name, raw in _decode_fields(body).items()
        if name not in _HAS_A_COLUMN and bytes(raw) not in (b"null", b"{}")
    ]
