"""What happens on a visit: pages, clicks, a basket, perhaps an order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from headwater_local.demo import shop
from headwater_local.demo.chance import Chance
from headwater_local.demo.population import PHONES
from headwater_local.demo.recorder import Page, Recorder
from headwater_local.demo.visitors import Visit

MAX_PAGES: Final = 25

LATE_SHARE: Final = 0.03
"""Of the visits with a phone: it loses its network, and sends what it kept days later."""

WRONG_CLOCK_SHARE: Final = 0.002
"""Of the visits with a phone: its clock is years ahead."""

WRONG_BY: Final = timedelta(days=5 * 365)


@dataclass(frozen=True)
class Request:
    """The messages of a visit, in JSON, and when they reached the collector (aware UTC)."""

    visit: Visit
    received: datetime
    messages: Sequence[bytes]


def request_of(visit: Visit) -> Request:
    """Return what the browser sends of a visit, in the order in which it happened."""
    chance = Chance("visit", visit.key)
    recorder = _recorder(visit, chance)
    if visit.visitor.is_bot:
        _crawl(recorder, chance)
    else:
        _browse(recorder, chance)
    return Request(visit, recorder.now + _delay(visit, chance), recorder.messages)


def _recorder(visit: Visit, chance: Chance) -> Recorder:
    is_wrong = visit.device in PHONES and chance.happens(WRONG_CLOCK_SHARE)
    return Recorder(
        visit=visit,
        now=visit.begins,
        is_known=visit.is_known,
        clock_error=WRONG_BY * is_wrong,
        page=Page(visit.begins, "/"),
    )


def _delay(visit: Visit, chance: Chance) -> timedelta:
    is_late = visit.device in PHONES and chance.happens(LATE_SHARE)
    return timedelta(seconds=chance.uniform(0.3, 3), hours=chance.uniform(26, 90) * is_late)


def _crawl(recorder: Recorder, chance: Chance) -> None:
    for path in chance.sample([*shop.TITLES], chance.randrange(3, len(shop.TITLES))):
        recorder.view(path, referrer="")
        recorder.wait(chance.uniform(0.5, 2))


def _browse(recorder: Recorder, chance: Chance) -> None:
    visit = recorder.visit
    interest = chance.betavariate(2, 2.2) * (1.3 if visit.number > 1 else 1)
    path = chance.one_of(shop.ENTRIES)
    recorder.view(path, visit.source.query, visit.source.referrer)
    _web_vitals(recorder, chance)
    for _ in range(MAX_PAGES):
        _look(recorder, interest, chance)
        if visit.signs_in and not recorder.is_known:
            recorder.identify()
        if recorder.page.path in shop.BOTTLES and _buys(recorder, interest, chance):
            return
        if not chance.happens(0.3 + 0.5 * min(interest, 1)):
            break
        _follow(recorder, chance.one_of(shop.LINKS[recorder.page.path]), chance)
    _leave(recorder, chance)


def _look(recorder: Recorder, interest: float, chance: Chance) -> None:
    """Stay on a page for a while."""
    if recorder.page.path in shop.BOTTLES:
        bottle = shop.BOTTLES[recorder.page.path]
        recorder.wait(0.1)
        recorder.track("product_viewed", **_told(bottle), nonInteraction=True)
    recorder.wait(1.5 + chance.lognormvariate(1 + 2 * interest, 0.8))


def _told(bottle: shop.Bottle) -> dict[str, object]:
    return {"product": bottle.name, "price": bottle.price}


def _buys(recorder: Recorder, interest: float, chance: Chance) -> bool:
    """Take the bottle on the page through basket and checkout as far as the visitor goes.

    Returned is whether the visit is over with that.
    """
    if not chance.happens(0.45 * interest):
        return False
    bottles = chance.one_of({1: 4, 2: 3, 6: 4, 12: 1})
    bottle = shop.BOTTLES[recorder.page.path]
    recorder.track("product_added", **_told(bottle), quantity=bottles)
    recorder.wait(chance.uniform(1, 4))
    _follow(recorder, "/basket", chance)
    recorder.wait(chance.uniform(4, 40))
    if chance.happens(0.25 + 0.5 * min(interest, 1)):
        _check_out(recorder, bottle, bottles, chance)
    _leave(recorder, chance)
    return True


def _check_out(recorder: Recorder, bottle: shop.Bottle, bottles: int, chance: Chance) -> None:
    recorder.track("checkout_started", quantity=bottles)
    recorder.wait(chance.uniform(0.5, 2))
    _follow(recorder, "/checkout", chance)
    recorder.wait(chance.uniform(15, 120))
    # Small screens and long forms.
    if chance.happens(0.55 if recorder.visit.device in PHONES else 0.75):
        total = round(bottle.price * bottles + (0 if bottles >= 6 else 4.9), 2)
        recorder.track(
            "order_paid",
            order=recorder.page.view,
            product=bottle.name,
            quantity=bottles,
            total=total,
            currency="EUR",
        )
        recorder.wait(chance.uniform(0.5, 2))
        _follow(recorder, "/thanks", chance)
        recorder.wait(chance.uniform(2, 20))


def _follow(recorder: Recorder, path: str, chance: Chance) -> None:
    """Click a link to another page of the shop."""
    recorder.track("link_click", href=f"{shop.HOST}{path}", text=shop.TITLES[path], outbound=False)
    _leave(recorder, chance, can_click=False)
    recorder.wait(chance.uniform(0.1, 0.9))
    recorder.view(path)


def _leave(recorder: Recorder, chance: Chance, *, can_click: bool = True) -> None:
    """Turn away from a page, from an article sometimes by one of its links."""
    if can_click and recorder.page.path in shop.ARTICLES and chance.happens(0.2):
        recorder.track("link_click", href=chance.choice(shop.ELSEWHERE), outbound=True)
    seconds = (recorder.now - recorder.page.begun).total_seconds() * chance.betavariate(6, 2)
    scrolled = int(100 * chance.betavariate(2.5, 1.5))
    if seconds > 1:
        recorder.track("page_leave", engaged_ms=int(seconds * 1000), scroll_depth=scrolled)


def _web_vitals(recorder: Recorder, chance: Chance) -> None:
    if chance.happens(0.5):
        slowness = 1.6 if recorder.visit.device in PHONES else 1.0
        recorder.wait(chance.uniform(0.5, 1))
        recorder.track(
            "web_vitals",
            ttfb=int(slowness * chance.lognormvariate(5.2, 0.5)),
            fcp=int(slowness * chance.lognormvariate(6.8, 0.4)),
            lcp=int(slowness * chance.lognormvariate(7.2, 0.5)),
            inp=int(slowness * chance.lognormvariate(4.6, 0.6)),
            cls=round(chance.betavariate(1, 20), 3),
        )
