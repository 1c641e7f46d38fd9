"""A message as the writer reads it: known fields decoded, objects kept as the bytes they were."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Final

import msgspec

from headwater_contract.messages import MESSAGE_FIELDS, MESSAGE_TYPES

_ABSENT = msgspec.Raw(b"null")
_NOTHING: Final = (_ABSENT, msgspec.Raw(b"{}"))
_OF_THE_REQUEST: Final = frozenset({"writeKey", "sentAt"})
_READ_OF: Final[Mapping[str, frozenset[str]]] = {
    message_type: frozenset(field.name for field in MESSAGE_FIELDS if message_type in field.read_of)
    for message_type in MESSAGE_TYPES
}
"""The fields of a message that reach a column, by its type."""


class UnshapeableError(Exception):
    """A message that cannot become a row: the text is the reason, ``stage`` where it failed."""

    stage: ClassVar[str] = "shape"


class Message(msgspec.Struct, rename="camel", frozen=True, gc=False):
    """The fields of the contract that have columns; an object is raw JSON text."""

    has_no_others: ClassVar[bool] = False

    timestamp: str | None = None
    anonymous_id: str | int | None = None
    user_id: str | int | None = None
    event: str | None = None
    group_id: str | int | None = None
    previous_id: str | int | None = None
    properties: msgspec.Raw = _ABSENT
    traits: msgspec.Raw = _ABSENT
    context: msgspec.Raw = _ABSENT


class _PlainMessage(Message, frozen=True, gc=False, forbid_unknown_fields=True):
    """A message whose fields all reach a column, except for those that are skipped here.

    The stream record has type and id too; Segment's clients send ``integrations`` empty.
    """

    has_no_others: ClassVar[bool] = True

    type: msgspec.Raw = _ABSENT
    message_id: msgspec.Raw = _ABSENT
    write_key: msgspec.Raw = _ABSENT
    sent_at: msgspec.Raw = _ABSENT
    integrations: msgspec.Raw = _ABSENT


UNDECODABLE: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What msgspec raises for the texts that clients can send."""


def _plain_decoder(message_type: str) -> Callable[[bytes], Any]:
    """Return the decoder for messages of a type, which raises for a field that the type ignores.

    Such a field may be null.
    """
    fields = msgspec.structs.fields(Message)
    unread = [
        (field.name, None, None)
        for field in fields
        if field.encode_name not in _READ_OF[message_type]
    ]
    name, bases = f"_Plain{message_type.title()}", (_PlainMessage,)
    plain = msgspec.defstruct(name, unread, bases=bases, frozen=True, gc=False)
    return msgspec.json.Decoder(plain).decode


_decode_plain: Final[Mapping[str, Callable[[bytes], _PlainMessage]]] = {
    message_type: _plain_decoder(message_type) for message_type in MESSAGE_TYPES
}
_decode_message = msgspec.json.Decoder(Message).decode
_decode_fields = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


def read(body: bytes, message_type: str) -> Message:
    """Return the message that ``body`` holds; ``message_type`` is one of the contract's.

    Raises:
        UnshapeableError: it is not a JSON object with fields of the contract's kinds.
    """
    # What the strict decoder refuses has other fields, or is not a message: the other can tell.
    return _read_plain(body, message_type) or _read_any(body)


def _read_plain(body: bytes, message_type: str) -> Message | None:
    try:
        message = _decode_plain[message_type](body)
    except UNDECODABLE:
        return None
    return message if message.integrations in _NOTHING else None


def _read_any(body: bytes) -> Message:
    try:
        return _decode_message(body)
    except UNDECODABLE as error:
        raise UnshapeableError(f"the message cannot be decoded: {error}") from error


def object_text(raw: msgspec.Raw) -> str | None:
    """Return an object's JSON text byte for byte, or None if it is null.

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


def others_text(body: bytes, message: Message, message_type: str) -> str | None:
    """Return the fields of a message that reach no column, as an object's JSON text.

    None if there are none, or only empty ones.

    Raises:
        UnshapeableError: a field cannot be decoded.
    """
    if message.has_no_others:
        return None
    others = ",".join(_other_fields(body, message_type))
    return f"{{{others}}}" if others else None


def with_others(context: str | None, others: str | None) -> str | None:
    """Return the context's JSON text, with the fields that reach no column added to it.

    They go under ``$message``, so that nothing that a client sends is lost or can become a column.
    Both are the JSON texts of objects, or None.
    """
    if others is None:
        return context
    inside = context[1:].lstrip() if context else "}"
    return f'{{"$message":{others}{"" if inside.startswith("}") else ","}{inside}'


def _other_fields(body: bytes, message_type: str) -> list[str]:
    read = _OF_THE_REQUEST | _READ_OF[message_type]
    try:
        return [
            f"{msgspec.json.encode(name).decode()}:{bytes(raw).strip().decode()}"
            for name, raw in _decode_fields(body).items()
            if name not in read and raw not in _NOTHING
        ]
    except UNDECODABLE as error:
        # Reading the message skips unknown fields, so this is the first time they are decoded.
        raise UnshapeableError(f"a field cannot be decoded: {error}") from error
