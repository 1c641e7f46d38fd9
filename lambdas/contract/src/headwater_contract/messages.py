"""The messages that clients send: Segment's HTTP tracking protocol.

Fields and required combinations follow Segment's public specification ("Spec: Common Fields" and
the page of each call); where its own clients are looser than the text, so is this.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, Protocol, get_args

from headwater_contract.limits import MAX_MESSAGE_BYTES
from headwater_contract.quoting import quoted
from headwater_contract.times import parse_time

MessageType = Literal["track", "page", "screen", "identify", "group", "alias"]
MESSAGE_TYPES: Final[tuple[MessageType, ...]] = get_args(MessageType)

CHANNELS: Final = ("browser", "server", "mobile", "poller", "import")
"""Where a message may come from."""

CONSENTS: Final = ("granted", "denied", "gpc", "cookieless")
"""What a visitor chose; ``gpc``: by the browser's Global Privacy Control; ``cookieless``: to be
counted with nothing stored on the device."""

Kind = Literal["string", "id", "time", "number", "object"]
"""What a field holds; an ``id`` is a string, or a whole number that is read as one."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """Fields of which a message needs at least one, and the sentence for one that has none."""

    one_of: Sequence[str]
    sentence: str


_SOMEBODY = Requirement(
    ("userId", "anonymousId"),
    "userId and anonymousId are both missing: send at least one of them",
)
_EVENT = Requirement(("event",), "event is missing: a track call needs the event's name")
_GROUP = Requirement(("groupId",), "groupId is missing: a group call needs it")
_NEW_ID = Requirement(("userId",), "userId is missing: an alias call needs the new id")
_OLD_ID = Requirement(
    ("previousId", "anonymousId"),
    "previousId is missing: an alias call needs the id that userId replaces",
)

REQUIREMENTS: Final[Mapping[str, Sequence[Requirement]]] = {
    "track": (_SOMEBODY, _EVENT),
    "page": (_SOMEBODY,),
    "screen": (_SOMEBODY,),
    "identify": (_SOMEBODY,),
    "group": (_SOMEBODY, _GROUP),
    "alias": (_SOMEBODY, _NEW_ID, _OLD_ID),
}
"""What a message of each type needs; the first that is not met refuses it."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a message or of its context; every field may be absent or null.

    ``read_of`` are the types of message of which it reaches a column.
    """

    name: str
    kind: Kind
    meaning: str
    fields: Sequence["Field"] = ()
    read_of: Sequence[MessageType] = MESSAGE_TYPES


def listed(values: Sequence[str]) -> str:
    """Return values as prose: ``a, b or c``."""
    *others, last = values
    return f"{', '.join(others)} or {last}"


MESSAGE_FIELDS: Final = (
    Field("type", "string", "which call this is; the single-message routes set it themselves"),
    Field("messageId", "id", "the client's own id of the message; made up where absent"),
    Field("timestamp", "time", "when it happened, by the client's clock"),
    Field("anonymousId", "id", "the device"),
    Field("userId", "id", "the known user"),
    Field("event", "string", "track: the event's name", read_of=("track",)),
    Field("name", "string", "page and screen: its name", read_of=()),
    Field("category", "string", "page and screen: its category", read_of=()),
    Field("groupId", "id", "group: the account"),
    Field(
        "previousId",
        "id",
        "alias: the id that userId replaces",
        read_of=("identify", "alias"),
    ),
    Field(
        "properties",
        "object",
        "track, page and screen: anything else, kept byte for byte",
        read_of=("track", "page", "screen"),
    ),
    Field(
        "traits",
        "object",
        "identify, group and alias: anything else, kept byte for byte",
        read_of=("identify", "group", "alias"),
    ),
    Field("context", "object", "circumstances, kept byte for byte; the fields below are also read"),
)

CONTEXT_FIELDS: Final = (
    Field("channel", "string", listed(CHANNELS)),
    Field("consent", "string", listed(CONSENTS)),
    Field("groupId", "id", "the account that the user acts for"),
    Field("ip", "string", "the user's address, where a server sends on a user's behalf"),
    Field("locale", "string", "language tag"),
    Field("pageViewId", "id", "joins everything that happened on one page view"),
    Field("sessionId", "id", "the visit"),
    Field("sessionNumber", "number", "this device's n-th visit"),
    Field("timezone", "string", "IANA name"),
    Field("userAgent", "string", "where it differs from the request's own"),
    Field(
        "campaign",
        "object",
        "UTM parameters",
        (
            Field("name", "string", "utm_campaign"),
            Field("source", "string", "utm_source"),
            Field("medium", "string", "utm_medium"),
            Field("term", "string", "utm_term"),
            Field("content", "string", "utm_content"),
        ),
    ),
    Field(
        "library",
        "object",
        "the client",
        (Field("name", "string", "its name"), Field("version", "string", "its version")),
    ),
    Field(
        "page",
        "object",
        "the page; where a page call has none, its properties are read instead",
        (
            Field("path", "string", "path of its URL"),
            Field("referrer", "string", "URL of the page before"),
            Field("search", "string", "query of its URL, with the question mark"),
            Field("title", "string", "its title"),
            Field("url", "string", "its whole URL"),
        ),
    ),
    Field(
        "screen",
        "object",
        "the display",
        (
            Field("width", "number", "in CSS pixels"),
            Field("height", "number", "in CSS pixels"),
            Field("density", "number", "device pixels to a CSS pixel"),
        ),
    ),
)


class Message(Protocol):
    """A decoded message, as far as the rules look at it."""

    timestamp: str | None
    anonymous_id: str | int | None
    user_id: str | int | None
    event: str | None
    group_id: str | int | None
    previous_id: str | int | None


def id_text(value: str | int | None) -> str | None:
    """Return an id as text, or None where it is absent.

    An empty text counts as absent; the number 0 is an id like any other.
    """
    return None if value is None or value == "" else str(value)


def violation(message_type: str, message: Message) -> str | None:
    """Return the sentence that says why a message is refused, or None where it is accepted."""
    if message_type not in REQUIREMENTS:
        return f"type {quoted(message_type)} is unknown: use one of {', '.join(MESSAGE_TYPES)}"
    for requirement in REQUIREMENTS[message_type]:
        if not _is_met(requirement, message):
            return requirement.sentence
    return _violation_of_time(message.timestamp)


def _is_met(requirement: Requirement, message: Message) -> bool:
    values = (getattr(message, _attribute(name)) for name in requirement.one_of)
    return any(id_text(value) is not None for value in values)


@cache
def _attribute(name: str) -> str:
    return re.sub("[A-Z]", lambda capital: f"_{capital[0].lower()}", name)


def size_violation(size: int) -> str | None:
    """Return why a message of ``size`` bytes of JSON is refused, or None where it is not."""
    if size <= MAX_MESSAGE_BYTES:
        return None
    return f"the message has {size} bytes: send at most {MAX_MESSAGE_BYTES}"


def _violation_of_time(timestamp: str | None) -> str | None:
    try:
        if timestamp:
            parse_time(timestamp)
    except ValueError as error:
        return f"timestamp {error}: send one like 2026-01-31T13:37:00.000Z, or none"
    return None
