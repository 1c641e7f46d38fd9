"""From a request's body to the messages in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from headwater_collector import salvage
from headwater_contract.client_times import sent_at
from headwater_contract.message import ABSENT
from headwater_contract.shared_objects import shared_object
from headwater_contract.undecodable import UNDECODABLE, UndecodableMessageError, explain


@dataclass(frozen=True, slots=True)
class Body:
    """A request's body.

    ``messages`` are JSON texts, byte for byte. If no messages can be told apart, the whole body is
    the only one, and ``refusal`` says why. ``context`` and ``integrations`` are JSON objects, or
    None: what a batch says for all of its messages.
    """

    messages: Sequence[bytes]
    sent_at: datetime | None = None
    write_key: str | None = None
    context: str | None = None
    integrations: str | None = None
    refusal: str | None = None


class _Fields(msgspec.Struct, rename="camel"):
    sent_at: msgspec.Raw = ABSENT
    write_key: msgspec.Raw = ABSENT


class _BatchFields(_Fields, kw_only=True, rename="camel"):
    batch: list[msgspec.Raw]
    context: msgspec.Raw = ABSENT
    integrations: msgspec.Raw = ABSENT


_SINGLE = msgspec.json.Decoder(_Fields)
_BATCH = msgspec.json.Decoder(_BatchFields)
_TEXT = msgspec.json.Decoder(str)


def parse_single(content: bytes) -> Body:
    """Return the body of a route that takes one message: whatever it is, it is the message."""
    try:
        return _body([content], _SINGLE.decode(content))
    except UNDECODABLE:
        return _body([content], _salvaged_fields(content))


def parse_batch(content: bytes) -> Body:
    """Return the body of a route that takes ``{"batch": [...]}``.

    If it is not valid JSON, the messages of what looks like the batch are still separated.
    """
    try:
        fields = _BATCH.decode(content)
    except UNDECODABLE as error:
        return _salvage_batch(content, error)
    return _batch(content, [bytes(raw) for raw in fields.batch], fields)


def _salvage_batch(content: bytes, error: Exception) -> Body:
    split = salvage.split_batch(content)
    if split is None:
        refusal = f'the body cannot be read: {explain(error, content)}; send {{"batch": [...]}}'
        return _body([content], _salvaged_fields(content), refusal)
    messages, around = split
    try:
        return _batch(content, messages, _BATCH.decode(around))
    except UNDECODABLE:
        # Perhaps there are messages in what is around: as one more, it is refused and kept.
        return _body([*messages, around], _salvaged_fields(around))


def _salvaged_fields(text: bytes) -> _Fields:
    fields = salvage.text_fields(text)
    return _Fields(*(msgspec.Raw(fields.get(name, b"null")) for name in (b"sentAt", b"writeKey")))


def _body(
    messages: Sequence[bytes],
    fields: _Fields,
    refusal: str | None = None,
    context: str | None = None,
    integrations: str | None = None,
) -> Body:
    sent, write_key = sent_at(_text(fields.sent_at)), _text(fields.write_key)
    return Body(messages, sent, write_key, context, integrations, refusal)


def _batch(content: bytes, messages: Sequence[bytes], fields: _BatchFields) -> Body:
    if not messages:
        return _body(messages, fields)
    try:
        context = shared_object("context", fields.context)
        integrations = shared_object("integrations", fields.integrations)
    except UndecodableMessageError as error:
        # Whole: its messages would be replayed without what they share.
        return _body([content], fields, f"the batch cannot be read: {error}")
    return _body(messages, fields, context=context, integrations=integrations)


def _text(value: msgspec.Raw) -> str | None:
    try:
        return _TEXT.decode(value)
    except UNDECODABLE:
        return None  # Of another type: as good as absent, and no reason to lose the messages.
