"""From a request's body to the messages in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from headwater_collector import salvage
from headwater_contract.client_times import sent_at
from headwater_contract.undecodable import UNDECODABLE, explain


@dataclass(frozen=True, slots=True)
class Body:
    """A request's body.

    ``messages`` are JSON texts, byte for byte. Where no messages can be told apart, the whole body
    is the only one, and ``refusal`` says why.
    """

    messages: Sequence[bytes]
    sent_at: datetime | None = None
    write_key: str | None = None
    refusal: str | None = None


_NOTHING = msgspec.Raw(b"null")


class _Fields(msgspec.Struct, rename="camel"):
    sent_at: msgspec.Raw = _NOTHING
    write_key: msgspec.Raw = _NOTHING


class _BatchFields(_Fields, kw_only=True, rename="camel"):
    batch: list[msgspec.Raw]


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

    Where it is not valid JSON, the messages of what looks like the batch are told apart all the
    same.
    """
    try:
        fields = _BATCH.decode(content)
    except UNDECODABLE as error:
        return _salvage_batch(content, error)
    return _body([bytes(raw) for raw in fields.batch], fields)


def _salvage_batch(content: bytes, error: Exception) -> Body:
    split = salvage.split_batch(content)
    if split is None:
        refusal = f'the body cannot be read: {explain(error, content)}; send {{"batch": [...]}}'
        return _body([content], _salvaged_fields(content), refusal)
    messages, around = split
    try:
        return _body(messages, _BATCH.decode(around))
    except UNDECODABLE:
        # Perhaps there are messages in what is around: as one more, it is refused and kept.
        return _body([*messages, around], _salvaged_fields(around))


def _salvaged_fields(text: bytes) -> _Fields:
    fields = salvage.text_fields(text)
    return _Fields(*(msgspec.Raw(fields.get(name, b"null")) for name in (b"sentAt", b"writeKey")))


def _body(messages: Sequence[bytes], fields: _Fields, refusal: str | None = None) -> Body:
    return Body(messages, sent_at(_text(fields.sent_at)), _text(fields.write_key), refusal)


def _text(value: msgspec.Raw) -> str | None:
    try:
        return _TEXT.decode(value)
    except UNDECODABLE:
        return None  # Of another type: as good as absent, and no reason to lose the messages.
