"""What a visitor is like, and when they visit."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from headwater_local.demo.chance import Chance
from headwater_local.demo.seasons import WEEKDAYS
from headwater_local.demo.sources import DIRECT, Source, first_source, later_source


@dataclass(frozen=True)
class Place:
    """Where a visitor lives."""

    time_zone: str
    locale: str
    city: str

    @property
    def country(self) -> str:
        """Its code, of two letters."""
        return self.locale[-2:]


@dataclass(frozen=True)
class Device:
    """What a visitor browses with."""

    name: str
    user_agent: str
    screen: tuple[int, int]


@dataclass(frozen=True)
class Habit:
    """How likely somebody comes back after each visit (0 to 1), after how many days, on average."""

    comes_back: float
    after_days: float


@dataclass(frozen=True)
class Visitor:
    """A person, or a bot, by the key from which all about them is decided."""

    key: str
    place: Place
    device: Device
    habit: Habit
    consent: str | None

    @property
    def is_bot(self) -> bool:
        """Whether it is a crawler."""
        return self.device in BOTS


@dataclass(frozen=True)
class Visit:
    """A visitor's visit of a number, from 1, that begins at a time (UTC).

    ``is_known`` says that the visitor signed in before, ``signs_in`` that they do so now.
    """

    visitor: Visitor
    number: int
    begins: datetime
    source: Source
    device: Device
    is_known: bool
    signs_in: bool

    @property
    def key(self) -> str:
        """What tells it from all others."""
        return f"{self.visitor.key}-{self.number}"


PLACES: Final[Mapping[Place, float]] = {
    Place("Europe/Berlin", "de-DE", "Berlin"): 24,
    Place("Europe/Zurich", "de-CH", "Zurich"): 14,
    Place("Europe/London", "en-GB", "London"): 14,
    Place("America/New_York", "en-US", "New York"): 16,
    Place("America/Los_Angeles", "en-US", "Los Angeles"): 9,
    Place("America/Sao_Paulo", "pt-BR", "Sao Paulo"): 6,
    Place("Asia/Kolkata", "en-IN", "Kolkata"): 8,
    Place("Asia/Tokyo", "ja-JP", "Tokyo"): 5,
    Place("Australia/Sydney", "en-AU", "Sydney"): 4,
}

PHONE: Final = Device(
    "phone",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
    (390, 844),
)
ANDROID: Final = Device(
    "android",
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/138.0.0.0 Mobile Safari/537.36",
    (412, 915),
)
PHONES: Final = (PHONE, ANDROID)

DEVICES: Final[Mapping[Device, float]] = {
    PHONE: 24,
    ANDROID: 26,
    Device(
        "windows",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/138.0.0.0 Safari/537.36",
        (1920, 1080),
    ): 24,
    Device(
        "edge",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0",
        (1536, 864),
    ): 6,
    Device(
        "mac",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
        "Version/18.5 Safari/605.1.15",
        (1512, 982),
    ): 12,
    Device(
        "linux",
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        (2560, 1440),
    ): 4,
    Device(
        "tablet",
        "Mozilla/5.0 (iPad; CPU OS 16_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
        "Version/16.6 Mobile/15E148 Safari/604.1",
        (820, 1180),
    ): 4,
}

BOTS: Final[Mapping[Device, float]] = {
    Device(
        "googlebot",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        (1024, 1024),
    ): 5,
    Device(
        "gptbot",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko); compatible; GPTBot/1.2; "
        "+https://openai.com/gptbot",
        (1024, 1024),
    ): 3,
}

BOT_SHARE: Final = 0.04
"""Of all who come for the first time."""

PASSER_BY: Final = Habit(0.06, 14)
CURIOUS: Final = Habit(0.62, 6)
REGULAR: Final = Habit(0.93, 3.5)
HABITS: Final[Mapping[Habit, float]] = {PASSER_BY: 60, CURIOUS: 30, REGULAR: 10}

CONSENTS: Final[Mapping[str | None, float]] = {None: 70, "granted": 25, "gpc": 5}

_HOURS: Final[Mapping[int, float]] = dict(
    enumerate((2, 1, 1, 1, 1, 2, 4, 7, 9, 9, 9, 10, 12, 11, 9, 8, 8, 9, 12, 15, 17, 15, 10, 5))
)
"""How often a visit begins in each hour of the visitor's own day."""


def visitor(seed: int, day: date, number: int) -> Visitor:
    """Return the visitor who comes for the first time on a day, of a number there."""
    chance = Chance("visitor", seed, day, number)
    is_bot = chance.happens(BOT_SHARE)
    return Visitor(
        key=f"{seed}-{day:%y%m%d}-{number}",
        place=chance.one_of(PLACES),
        device=chance.one_of(BOTS if is_bot else DEVICES),
        habit=Habit(0, 1) if is_bot else chance.one_of(HABITS),
        consent=None if is_bot else chance.one_of(CONSENTS),
    )


def visits(who: Visitor, first: date, until: datetime) -> Iterator[Visit]:
    """Yield the visits that begin before a time, the first on the day ``first``."""
    chance = Chance("visits", who.key)
    day, number, is_known = first, 1, False
    while (begins := _moment(day, who, chance)) < until:
        signs_in = not is_known and _signs_in(who, number, chance)
        yield Visit(
            visitor=who,
            number=number,
            begins=begins,
            source=_source(who, day, number, chance),
            device=_device(who, is_known, chance),
            is_known=is_known,
            signs_in=signs_in,
        )
        if not chance.happens(who.habit.comes_back):
            return
        day = _next_day(day, who.habit, chance)
        number, is_known = number + 1, is_known or signs_in


def _source(who: Visitor, day: date, number: int, chance: Chance) -> Source:
    if who.is_bot:
        return DIRECT
    return first_source(day, chance) if number == 1 else later_source(day, chance)


def _device(who: Visitor, is_known: bool, chance: Chance) -> Device:
    # Only somebody who has signed in can be recognized on another device.
    is_elsewhere = is_known and who.device not in PHONES and chance.happens(0.25)
    return PHONE if is_elsewhere else who.device


def _signs_in(who: Visitor, number: int, chance: Chance) -> bool:
    is_nameless = who.is_bot or who.consent == "gpc"
    return chance.happens(0.05 if number == 1 else 0.35) and not is_nameless


def _moment(day: date, who: Visitor, chance: Chance) -> datetime:
    at = time(chance.one_of(_HOURS), chance.randrange(60), chance.randrange(60))
    local = datetime.combine(day, at, ZoneInfo(who.place.time_zone))
    return local.astimezone(UTC) + timedelta(milliseconds=chance.randrange(1000))


def _next_day(day: date, habit: Habit, chance: Chance) -> date:
    """Return the day of the next visit, which is more often at a weekend."""
    later = day + timedelta(1 + int(chance.expovariate(1 / habit.after_days)))
    is_busy = chance.happens(WEEKDAYS[later.weekday()] / max(WEEKDAYS))
    return later if is_busy else later + timedelta(1)
