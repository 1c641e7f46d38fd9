"""A message as the writer reads it: known fields decoded, objects kept as the bytes they were."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, ClassVar, Final

import msgspec

from headwater_contract.fields import MESSAGE_TYPES, READ_OF
from headwater_contract.message import ABSENT, Message, decode_members, decode_message
from headwater_contract.shared_objects import merged
from headwater_contract.undecodable import UNDECODABLE, UndecodableMessageError, explain

_NOTHING: Final = (ABSENT, msgspec.Raw(b"{}"))
_OF_THE_REQUEST: Final = frozenset({"writeKey"})


class UnshapeableError(Exception):
    """A message that cannot become a row: the text is the reason, ``stage`` where it failed."""

    stage: ClassVar[str] = "shape"


class PlainMessage(Message, frozen=True, gc=False, forbid_unknown_fields=True):
    """A message of which every field reaches a column, but for those that are skipped here.

    Segment's clients send ``integrations`` empty.
    """

    write_key: msgspec.Raw = ABSENT
    integrations: msgspec.Raw = ABSENT


def _plain_decoder(message_type: str) -> Callable[[bytes], Any]:
    """Return the decoder for messages of a type, which raises for a field that the type ignores.

    Such a field may be null.
    """
    fields = msgspec.structs.fields(Message)
    unread = [
        (field.name, None, None)
        for field in fields
        if field.encode_name not in READ_OF[message_type]
    ]
    name, bases = f"_Plain{message_type.title()}", (PlainMessage,)
    plain = msgspec.defstruct(name, unread, bases=bases, frozen=True, gc=False)
    return msgspec.json.Decoder(plain).decode


_decode_plain: Final[Mapping[str, Callable[[bytes], PlainMessage]]] = {
    message_type: _plain_decoder(message_type) for message_type in MESSAGE_TYPES
}


def read(body: bytes, message_type: str) -> Message:
    """Return the message that ``body`` holds; ``message_type`` is one of the contract's.

    Raises:
        UndecodableMessageError: it is not a JSON object with fields of the contract's kinds.
    """
    # What the strict decoder refuses has other fields, or is not a message: the other can tell.
    return _read_plain(body, message_type) or decode_message(body, message_type)


def _read_plain(body: bytes, message_type: str) -> Message | None:
    try:
        message = _decode_plain[message_type](body)
    except UNDECODABLE:
        return None
    return message if message.integrations in _NOTHING and not _says_twice(message) else None


def _says_twice(message: Message) -> bool:
    """Return whether a message says when it happened twice: only one of them has a column."""
    return bool(message.timestamp and message.original_timestamp)


def others_text(body: bytes, message: Message, message_type: str) -> str | None:
    """Return the fields of a message that reach no column, as an object's JSON text.

    None if there are none, or only empty ones.

    Raises:
        UndecodableMessageError: a field cannot be decoded.
    """
    if isinstance(message, PlainMessage):
        return None
    read = _OF_THE_REQUEST | READ_OF[message_type]
    if _says_twice(message):
        read -= {"originalTimestamp"}
    others = ",".join(_other_fields(body, read))
    return f"{{{others}}}" if others else None


def with_integrations(others: str | None, integrations: str | None) -> str | None:
    """Return a message's other fields, as an object's JSON text, with its batch's integrations."""
    return merged(others, f'{{"integrations":{integrations}}}') if integrations else others


def with_others(context: str | None, others: str | None) -> str | None:
    """Return the context's JSON text, with the fields that reach no column added to it.

    They go under ``$message``, so that nothing that a client sends is lost or can become a column.
    Both are the JSON texts of objects, or None.
    """
    if others is None:
        return context
    inside = context[1:].lstrip() if context else "}"
    return f'{{"$message":{others}{"" if inside.startswith("}") else ","}{inside}'


def _other_fields(body: bytes, read: Collection[str]) -> list[str]:
    try:
        return [
            f"{msgspec.json.encode(name).decode()}:{bytes(raw).strip().decode()}"
            for name, raw in decode_members(body).items()
            if name not in read and raw not in _NOTHING
        ]
    except UNDECODABLE as error:
        # Reading the message skips over what it does not know, so this is the first look at it.
        raise UndecodableMessageError(explain(error, body)) from error
