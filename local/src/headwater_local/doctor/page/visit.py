"""What a browser saw of a page and of its snippet."""

from dataclasses import dataclass
from urllib.parse import urlsplit

import msgspec

BATCH_PATH = "/v1/b"
"""Where the SDK sends, below the address that it was given (browser-sdk/src/transport.ts)."""


class Tag(msgspec.Struct, frozen=True):
    """A ``<script data-api-url>`` of the page; what it does not say is empty."""

    src: str
    type: str
    api_url: str
    write_key: str
    consent: str
    capture: str | None


class Look(msgspec.Struct, frozen=True):
    """What the page holds once it has settled.

    ``clients`` are the SDK's that run, each by its address and key in one text; ``consent`` is the
    choice that the device keeps; ``has_login``: it asks for a password.
    """

    tags: tuple[Tag, ...] = ()
    clients: tuple[str, ...] = ()
    consent: str = ""
    has_login: bool = False


class Violation(msgspec.Struct, frozen=True):
    """What the page's Content Security Policy kept from an address."""

    directive: str
    blocked: str

    @property
    def is_of_batch(self) -> bool:
        """Whether it kept the SDK from sending."""
        return self.blocked.endswith(BATCH_PATH)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request of the page.

    ``status`` is None if there was no answer; ``failure`` says, in Chromium's words, why the page
    did not get it.
    """

    url: str
    status: int | None = None
    failure: str = ""
    body: str = ""

    @property
    def is_accepted(self) -> bool:
        """Whether it was answered well."""
        return self.status is not None and self.status < 300 and not self.failure


@dataclass(frozen=True, slots=True)
class Visit:
    """A page that was opened.

    ``url`` is where it ended and ``status`` the document's; ``failure`` says why there is none.
    ``was_called``: it recorded nothing by itself, and ``headwater.track`` was called.
    """

    asked_url: str
    url: str = ""
    status: int | None = None
    failure: str = ""
    look: Look = Look()  # noqa: RUF009 -- frozen
    scripts: tuple[Exchange, ...] = ()
    sent: tuple[Exchange, ...] = ()
    violations: tuple[Violation, ...] = ()
    errors: tuple[str, ...] = ()
    console: tuple[str, ...] = ()
    was_called: bool = False

    @property
    def origin(self) -> str:
        """The origin that the page sends from."""
        return origin_of(self.url or self.asked_url)

    @property
    def write_key(self) -> str:
        """The key of the page's first snippet."""
        return next((tag.write_key for tag in self.look.tags), "")

    @property
    def accepted_ids(self) -> list[str]:
        """The ids of the messages in requests that were answered well."""
        return [
            message.messageId
            for exchange in self.sent
            if exchange.is_accepted
            for message in batch_of(exchange.body).batch
        ]


class Message(msgspec.Struct):
    """What is read of a message."""

    messageId: str  # noqa: N815 -- the contract's name


class Batch(msgspec.Struct):
    """What is read of a request's body."""

    batch: list[Message]


def batch_of(body: str) -> Batch:
    """Return the messages of a request; none if it is not the SDK's."""
    try:
        return msgspec.json.decode(body, type=Batch)
    except msgspec.DecodeError:
        return Batch([])


def origin_of(url: str) -> str:
    """Return scheme, host and port of a URL."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
