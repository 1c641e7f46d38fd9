"""What a browser saw of a page and of its snippet."""

from dataclasses import dataclass

import httpx
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

    def endpoints(self, page_url: str, api_url: str) -> frozenset[str]:
        """Return where the page's snippets may send, and where those of this stack would.

        Another product may send to the same path: Segment to ``https://api.segment.io/v1/b``.
        """
        addresses = {api_url, *(tag.api_url for tag in self.tags)}
        # As browser-sdk/src/index.ts names a client: its address and then its key.
        of_tags = {f"{tag.api_url}{tag.write_key or 'undefined'}" for tag in self.tags}
        for client in set(self.clients) - of_tags:  # Where its address ends cannot be told.
            addresses.update(client[:end] for end in range(1, len(client) + 1))
        return frozenset(endpoint_of(address, page_url) for address in addresses) - {""}


class Violation(msgspec.Struct, frozen=True):
    """What the page's Content Security Policy kept from an address."""

    directive: str
    blocked: str


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
    ``unfit`` says why it could not be looked at. ``blocked`` are the violations that kept the SDK
    from sending. ``was_called``: it recorded nothing by itself, and ``headwater.track`` was called.
    """

    asked_url: str
    url: str = ""
    status: int | None = None
    failure: str = ""
    unfit: str = ""
    look: Look = Look()  # noqa: RUF009 -- frozen
    scripts: tuple[Exchange, ...] = ()
    sent: tuple[Exchange, ...] = ()
    blocked: tuple[Violation, ...] = ()
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


def endpoint_of(api_url: str, page_url: str) -> str:
    """Return where an SDK with this address sends (browser-sdk/src/transport.ts); empty if not."""
    try:
        url = httpx.URL(page_url).join(api_url.strip())
    except httpx.InvalidURL:
        return ""
    if not api_url or url.scheme not in {"http", "https"} or not url.host:
        return ""
    return f"{str(url).rstrip('/')}{BATCH_PATH}"


def origin_of(url: str) -> str:
    """Return scheme, host and port of a URL, as browsers write them; empty if it is not valid."""
    try:
        parts = httpx.URL(url)
    except httpx.InvalidURL:
        return ""
    return f"{parts.scheme}://{parts.netloc.decode()}"
