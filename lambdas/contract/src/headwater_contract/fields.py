"""The fields of the messages that clients send: Segment's HTTP tracking protocol.

They follow Segment's public specification ("Spec: Common Fields" and the page of each call).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from headwater_contract.quoting import listed

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
class Field:
    """A field of a message or of its context; every field may be absent or null.

    ``read_of`` are the types of message of which it reaches a column.
    """

    name: str
    kind: Kind
    meaning: str
    fields: Sequence["Field"] = ()
    read_of: Sequence[MessageType] = MESSAGE_TYPES


MESSAGE_FIELDS: Final = (
    Field("type", "string", "which call this is; the single-message routes set it themselves"),
    Field("messageId", "id", "the client's own id of the message; made up if absent"),
    Field("timestamp", "time", "when it happened, by the client's clock"),
    Field("originalTimestamp", "time", "as RudderStack says it; `timestamp` takes precedence"),
    Field("sentAt", "time", "when it was sent, by that clock; takes precedence over the batch's"),
    Field("receivedAt", "time", "when another server got it: no clock is corrected", read_of=()),
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
        "identify (or `context.traits`), group and alias: anything else, kept byte for byte",
        read_of=("identify", "group", "alias"),
    ),
    Field("context", "object", "circumstances, kept byte for byte; the fields below are also read"),
)

CLICK_IDS: Final[Mapping[str, str]] = {
    "dclid": "Google's, of a display ad",
    "fbclid": "Meta's",
    "gbraid": "Google's, from the web into an app",
    "gclid": "Google's",
    "igshid": "Instagram's",
    "li_fat_id": "LinkedIn's",
    "msclkid": "Microsoft's",
    "rdt_cid": "Reddit's",
    "sccid": "Snapchat's",
    "ttclid": "TikTok's",
    "twclid": "X's",
    "wbraid": "Google's, from an app into the web",
    "yclid": "Yandex'",
}
"""Parameters by which advertising networks mark a click, in lower case, and whose they are."""

CONTEXT_FIELDS: Final = (
    Field("channel", "string", listed(CHANNELS)),
    Field("consent", "string", listed(CONSENTS)),
    Field("groupId", "id", "the account that the user acts for"),
    Field("ip", "string", "the user's address, if a server sends on their behalf"),
    Field("locale", "string", "language tag"),
    Field("pageViewId", "id", "joins everything that happened on one page view"),
    Field("sessionId", "id", "the visit"),
    Field("sessionNumber", "number", "this device's n-th visit"),
    Field("timezone", "string", "IANA name"),
    Field("userAgent", "string", "if it differs from the request's own"),
    Field(
        "campaign",
        "object",
        "UTM parameters and click ids",
        (
            Field("name", "string", "utm_campaign"),
            Field("source", "string", "utm_source"),
            Field("medium", "string", "utm_medium"),
            Field("term", "string", "utm_term"),
            Field("content", "string", "utm_content"),
            *(Field(name, "string", f"{whose} click id") for name, whose in CLICK_IDS.items()),
        ),
    ),
    Field(
        "device",
        "object",
        "the device that an app runs on, read if no user agent says it",
        (
            Field("type", "string", "`ios`, `android` and their like"),
            Field("model", "string", "like `iPad13,4`"),
            Field("name", "string", "like `iPad`"),
        ),
    ),
    Field(
        "library",
        "object",
        "the client",
        (Field("name", "string", "its name"), Field("version", "string", "its version")),
    ),
    Field(
        "os",
        "object",
        "the operating system that an app runs on, read if no user agent says it",
        (Field("name", "string", "like `iOS`"),),
    ),
    Field(
        "page",
        "object",
        "the page; if a page call has none, its properties are read instead",
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

READ_OF: Final[Mapping[str, frozenset[str]]] = {
    message_type: frozenset(field.name for field in MESSAGE_FIELDS if message_type in field.read_of)
    for message_type in MESSAGE_TYPES
}
"""The fields of a message that reach a column, by its type."""
