"""What a stream record carries: the messages of a request, and what they share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One message of a request: its JSON text and what the collector decided about it.

    An accepted message has a type and an id. A refused one has a refusal, the sentence why, and a
    type if its route said it.
    """

    body: bytes
    message_type: str | None = None
    event_id: str | None = None
    refusal: str | None = None


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the messages of one request share.

    ``context`` and ``integrations`` are JSON objects that a batch says for all of its messages.
    ``is_import`` says that they are history, which keeps its times.
    ``gpc`` says that a browser sent them under Global Privacy Control.
    ``headers`` holds the captured request headers by event type, ``"*"`` standing for any other.
    """

    received_at: datetime
    app_id: str
    sent_at: datetime | None = None
    context: str | None = None
    integrations: str | None = None
    is_import: bool = False
    gpc: bool = False
    ip: str | None = None
    user_agent: str | None = None
    country: str | None = None
    city: str | None = None
    headers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StreamRecord:
    """An envelope and its entries, in the order of the request."""

    envelope: Envelope
    entries: Sequence[Entry]
