"""The messages of a visit, as the browser SDK writes them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from headwater_contract.times import format_time
from headwater_local.demo import shop
from headwater_local.demo.visitors import Visit

LIBRARY: Final = {"name": "headwater.js", "version": "0.1.0"}


@dataclass
class Page:
    """A page view that goes on."""

    begun: datetime
    path: str
    view: str = ""
    referrer: str = ""
    search: str = ""

    @property
    def url(self) -> str:
        """Its whole URL."""
        return f"{shop.HOST}{self.path}{self.search}"

    def told(self) -> dict[str, str]:
        """Return what the context says of it."""
        told = {"path": self.path, "url": self.url, "title": shop.TITLES[self.path]}
        return told | {"referrer": self.referrer, "search": self.search}


@dataclass
class Recorder:
    """Writes down what happens on a visit, as its clock goes on.

    ``now`` is the time (UTC), ``clock_error`` by how much the device's clock is ahead of it.
    """

    visit: Visit
    now: datetime
    is_known: bool
    clock_error: timedelta
    page: Page
    messages: list[bytes] = field(default_factory=list)
    views: int = 0

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(milliseconds=int(seconds * 1000))

    def track(self, event: str, **properties: object) -> None:
        """Write down an event on the page."""
        self._send("track", event=event, properties=properties)

    def view(self, path: str, search: str = "", referrer: str | None = None) -> None:
        """Write down the view of another page, from the one before unless a referrer is given."""
        self.views += 1
        view = f"{self.visit.key}-{self.views}"
        before = self.page.url if referrer is None else referrer
        self.page = Page(self.now, path, view, before, search)
        self._send("page")

    def identify(self) -> None:
        """Write down that the visitor signed in."""
        self.is_known = True
        self._send("identify", traits={"plan": "water"})

    def _send(self, kind: str, **content: object) -> None:
        message: dict[str, Any] = {
            "type": kind,
            "messageId": f"demo-{self.visit.key}-{len(self.messages) + 1}",
            "timestamp": format_time(self.now + self.clock_error),
            **self._ids(),
            **content,
            "context": self._context(),
        }
        self.messages.append(msgspec.json.encode(message))

    def _ids(self) -> dict[str, str]:
        who = self.visit.visitor
        if who.consent == "gpc":  # Its ids end with the page.
            return {"anonymousId": self.page.view}
        known = {"userId": f"customer-{who.key}"} if self.is_known else {}
        return {"anonymousId": f"{who.key}-{self.visit.device.name}", **known}

    def _context(self) -> dict[str, object]:
        who = self.visit.visitor
        width, height = self.visit.device.screen
        lasting = {"sessionId": self.visit.key, "sessionNumber": self.visit.number}
        optional = {"consent": who.consent, "campaign": self.visit.source.told}
        return {
            "channel": "browser",
            "library": LIBRARY,
            "locale": who.place.locale,
            "timezone": who.place.time_zone,
            "screen": {"width": width, "height": height},
            "page": self.page.told(),
            "pageViewId": self.page.view,
            **({} if who.consent == "gpc" else lasting),
            **{name: value for name, value in optional.items() if value},
        }
