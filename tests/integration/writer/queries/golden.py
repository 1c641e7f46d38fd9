"""Messages of a small website with what is hard about its numbers, as the collector sends them on.

Each visitor is a case; the questions' answers that were worked out by hand are in
``by_hand.py``.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Final

from headwater_contract.canary import CANARY_APP
from headwater_contract.envelope import Entry, Envelope
from headwater_contract.kinesis_event import ReceivedRecord
from headwater_contract.stream_record import pack

BROWSER: Final = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"
BOT: Final = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
SHARDS: Final = ("clicks/shardId-000000000000", "clicks/shardId-000000000001")


@dataclass(frozen=True)
class Sent:
    """A message as it reached the collector."""

    kind: str
    event_id: str
    body: dict[str, Any]
    received_at: datetime
    app: str = "web"
    user_agent: str = BROWSER
    refusal: str | None = None

    def record(self, sequence: int, shard: str) -> ReceivedRecord:
        """Return the stream record that carries it."""
        envelope = Envelope(self.received_at, self.app, user_agent=self.user_agent)
        kind, event_id = (None, None) if self.refusal else (self.kind, self.event_id)
        entry = Entry(json.dumps(self.body).encode(), kind, event_id, self.refusal)
        [data] = pack(envelope, [entry])
        return ReceivedRecord(shard, str(sequence), data)


@dataclass
class Visitor:
    """A device, and what it does at times of UTC."""

    device: str
    session: str | None = None
    user: str | None = None
    app: str = "web"
    user_agent: str = BROWSER
    consent: str | None = None
    sent: list[Sent] = field(default_factory=list)

    def page(
        self, at: str, path: str, *, url: str = "", referrer: str = "", view: str = ""
    ) -> None:
        """View a page; ``url`` is its query."""
        page = {"url": f"https://shop.example{path}{url}", "referrer": referrer}
        self._send("page", at, {}, {"page": page, "pageViewId": view})

    def track(self, at: str, event: str, path: str = "/", view: str = "", **told: object) -> None:
        """Do something on a page."""
        page = {"url": f"https://shop.example{path}"}
        body = {"event": event, "properties": told}
        self._send("track", at, body, {"page": page, "pageViewId": view})

    def screen(self, at: str, name: str) -> None:
        """View a screen of an app, which has a name and no path."""
        self._send("screen", at, {"name": name}, {})

    def identify(self, at: str, user: str, **traits: object) -> None:
        """Become known."""
        self.user = user
        self._send("identify", at, {"traits": traits} if traits else {}, {})

    def _send(self, kind: str, at: str, body: dict[str, Any], context: dict[str, Any]) -> None:
        moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
        library = {"name": "headwater.js"}  # A browser: else its user agent is not looked at.
        context |= {"sessionId": self.session, "consent": self.consent, "library": library}
        ids = {"anonymousId": self.device, "userId": self.user}
        message = {"timestamp": moment.isoformat(), "context": context, **ids, **body}
        event_id = f"{self.device}-{len(self.sent)}"
        received = moment + timedelta(seconds=1)
        self.sent.append(Sent(kind, event_id, message, received, self.app, self.user_agent))


def visitors() -> Iterator[Visitor]:  # noqa: PLR0915 -- a story
    """Return everybody."""
    # Over midnight of UTC, and twice as long as the rest between sessions without ever resting.
    owl = Visitor("owl", "s-owl")
    owl.page("2026-03-28T23:50", "/", referrer="https://www.google.com/", view="owl-1")
    owl.track("2026-03-28T23:58", "page_leave", "/", "owl-1", engaged_ms=8000, scroll_depth=40)
    owl.page("2026-03-29T00:10", "/a", view="owl-2")
    owl.track("2026-03-29T00:20", "page_leave", "/a", "owl-2", engaged_ms=61_500, scroll_depth=90)
    owl.track("2026-03-29T00:25", "page_leave", "/a", "owl-2", engaged_ms=500, scroll_depth=95)
    yield owl

    # Without session ids: 29:59 minutes are one session, 30:00 are two; Berlin's clock goes from
    # two to three between them.
    late = Visitor("late")
    late.page("2026-03-29T00:30", "/a")
    late.page("2026-03-29T00:59:59", "/b")
    late.page("2026-03-29T01:29:59", "/a")
    yield late

    # At the edges of days in Kolkata (18:30 UTC), St John's (02:30), Apia (11:00).
    for number, at in enumerate(
        ("18:29:59", "18:30:00", "02:29:59", "02:30:00", "10:59:59", "11:00:00")
    ):
        edge = Visitor(f"edge-{number}", f"s-edge-{number}")
        edge.page(f"2026-03-30T{at}", "/edge")
        yield edge

    # Two days that are one and none in Apia, which left out 30 December 2011.
    for number, day in enumerate((29, 30, 31)):
        apia = Visitor(f"apia-{number}")
        apia.page(f"2011-12-{day}T12:00", "/apia")
        yield apia

    # Becomes known, comes back on another device, and was there before the range.
    ada = Visitor("ada-laptop", "s-ada-1")
    ada.page("2026-02-10T09:00", "/", url="?utm_source=News&utm_medium=email&utm_campaign=spring")
    ada.session = "s-ada-2"
    ada.page("2026-03-30T09:00", "/", url="?gclid=x", view="ada-1")
    ada.track("2026-03-30T09:01", "link_click", "/", href="https://other.example/", outbound=True)
    ada.identify("2026-03-30T09:02", "ada", plan="free", **{"the team": "core; 'one'"})
    ada.track("2026-03-30T09:03", "order_paid", "/a", total=12.5, **{"delivery type": "express"})
    yield ada
    phone = Visitor("ada-phone", "s-ada-3", user="ada", app="app", consent="granted")
    phone.page("2026-04-02T09:00", "/a", referrer="https://chatgpt.com/")
    phone.track("2026-04-02T09:01", "order_paid", "/a", total="7", **{"delivery type": "post"})
    phone.identify("2026-04-02T09:02", "ada", plan="pro")
    yield phone

    # One device of two people: what was done before either was known is nobody's of them.
    shared = Visitor("shared", "s-shared", consent="gpc")
    shared.page("2026-03-31T10:00", "/b")
    shared.identify("2026-03-31T10:01", "bob", plan=None)
    shared.page("2026-03-31T10:02", "/a")
    shared.identify("2026-03-31T10:03", "cleo")
    shared.page("2026-03-31T10:04", "/a")
    yield shared

    # An old id that was replaced: device, old, new are one.
    renamed = Visitor("renamed-device", "s-renamed")
    renamed.page("2026-03-31T11:00", "/")
    renamed.identify("2026-03-31T11:01", "dora-old")
    renamed._send("alias", "2026-03-31T11:02", {"userId": "dora", "previousId": "dora-old"}, {})
    renamed.user = "dora"
    renamed.page("2026-03-31T11:03", "/b", referrer="https://shop.example/")
    yield renamed

    # Funnels: A→B→C; A→B→A; A→A→A; B at the instant of A; C a second after the window.
    for name, steps in FUNNEL_PEOPLE.items():
        walker = Visitor(f"f-{name}", f"s-f-{name}")
        for minutes, event in steps:
            moment = datetime(2026, 3, 31, 12) + timedelta(minutes=minutes)  # noqa: DTZ001
            walker.track(moment.isoformat(), event)
        yield walker

    bot = Visitor("bot", user_agent=BOT)
    for second in range(5):
        bot.page(f"2026-03-31T13:00:0{second}", "/a", referrer="https://example.org/")
    yield bot

    vitals = Visitor("vitals", "s-vitals")
    for number, lcp in enumerate((100, 200, 300, 4000)):
        vitals.track(f"2026-03-31T14:0{number}", "web_vitals", lcp=lcp, cls=lcp / 10_000)
    vitals.track("2026-03-31T14:05", "heartbeat", nonInteraction=True)
    yield vitals

    odd = Visitor("odd 'quotes; -- \" ünï✓", "s-odd")
    odd.track("2026-03-31T15:00", 'it\'s; "ünï" ✓ --', "/it's", "", **{"delivery type": [1]})
    odd.track("2026-03-31T15:01", 'it\'s; "ünï" ✓ --', "/it's", "", **{"delivery type": 4})
    yield odd

    # Comes by mail, and buys three days later.
    buyer = Visitor("buyer", "s-buyer-1")
    buyer.page("2026-03-20T08:00", "/", url="?utm_source=News&utm_medium=email&utm_campaign=spring")
    buyer.session = "s-buyer-2"
    buyer.page("2026-03-23T08:00", "/a", view="buyer-1")
    buyer.track("2026-03-23T08:05", "order_paid", "/a", total=3)
    yield buyer

    # A property that is a text, empty, null, a number, a number as text, an object, or absent.
    planner = Visitor("planner", "s-planner")
    for minute, plan in enumerate(PLANS):
        planner.track(f"2026-03-31T16:0{minute}", "planned", plan=plan)
    planner.track("2026-03-31T16:09", "planned")
    yield planner

    # Screens of an app, one of them with the name of a page.
    app = Visitor("app-phone", "s-app", app="app")
    for second, name in enumerate(("Basket", "Home", "/a", "Basket", "Home")):
        app.screen(f"2026-04-01T09:00:0{second}", name)
    yield app

    yield from readers()

    # Whether collector and writer still work: nobody's visit.
    canary = Visitor("canary", "s-canary", app=CANARY_APP)
    canary.page("2026-03-24T10:00", "/a")
    yield canary


def readers() -> Iterator[Visitor]:
    """Return those whose sessions are close to a bounce."""
    for number, (engaged, page, event) in enumerate(NEAR_BOUNCES):
        reader = Visitor(f"reader-{number}", f"s-reader-{number}")
        back = "https://shop.example/"
        reader.page("2026-03-24T09:00", "/read", referrer=back, view=f"reader-{number}")
        if page:
            reader.page("2026-03-24T09:00:01", page, view=f"reader-{number}b")
        if event:
            # What only `page_leave` measures, told by another event.
            reader.track("2026-03-24T09:00:02", event, "/read", "", engaged_ms=70_000)
        told = {"engaged_ms": engaged, "scroll_depth": 50}
        reader.track("2026-03-24T09:00:20", "page_leave", "/read", f"reader-{number}", **told)
        yield reader


NEAR_BOUNCES: Final = (
    (8_000, "", ""),
    (12_000, "", ""),
    (8_000, "/next", ""),
    (8_000, "", "link_click"),
)
"""How long a page was read, another page, and another event."""

PLANS: Final = ("pro", "", None, 7, "7", {"a": [1]}, 'it\'s; "ünï" ✓ --', True)

FUNNEL_PEOPLE: Final[dict[str, Sequence[tuple[int, str]]]] = {
    "abc": ((0, "A"), (1, "B"), (2, "C")),
    "aba": ((0, "A"), (1, "B"), (2, "A")),
    "aaa": ((0, "A"), (1, "A"), (2, "A")),
    "tie": ((0, "A"), (0, "B"), (2, "C")),
    "again": ((0, "A"), (1, "B"), (30 * 60, "A"), (30 * 60 + 5, "B"), (30 * 60 + 9, "C")),
    "slow": ((0, "A"), (1, "B"), (24 * 60 + 1, "C")),
    "exact": ((0, "A"), (1, "B"), (24 * 60, "C")),
}


def messages() -> list[Sent]:
    """Return all messages, in no order of time."""
    sent = [message for visitor in visitors() for message in visitor.sent]
    first = sent[0]
    # Sent from a tunnel, received two days later; and by a clock of the year 2031.
    late = _changed(first, "late-1", "2026-03-29T08:00", "2026-03-31T08:00")
    future = _changed(first, "future-1", "2031-01-01T00:00", "2026-03-31T08:00")
    refused = Sent("track", "", {"event": "nobody"}, first.received_at, refusal="nobody did it")
    return [*sent, late, future, refused]


def records() -> list[ReceivedRecord]:
    """Return the stream: each message once; one in five and the refused again by another shard."""
    numbers = count(1)
    *accepted, refused = messages()
    once = [message.record(next(numbers), SHARDS[0]) for message in (*accepted, refused)]
    again = [message.record(next(numbers), SHARDS[1]) for message in (*accepted[::5], refused)]
    return [*once, *again]


def _changed(message: Sent, event_id: str, at: str, received: str) -> Sent:
    body = {**message.body, "timestamp": f"{at}:00Z"}
    moment = datetime.fromisoformat(received).replace(tzinfo=UTC)
    return Sent(message.kind, event_id, body, moment, message.app, message.user_agent)
