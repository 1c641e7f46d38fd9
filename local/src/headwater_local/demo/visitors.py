"""Who a visitor is, and when they visit."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from headwater_local.demo.chance import Chance
from headwater_local.demo.population import (
    BOT_SHARE,
    BOTS,
    CONSENTS,
    DEVICES,
    HABITS,
    NO_HABIT,
    PHONE,
    PHONES,
    PLACES,
    Device,
    Habit,
    Place,
)
from headwater_local.demo.seasons import WEEKDAYS
from headwater_local.demo.sources import DIRECT, Source, first_source, later_source


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
        habit=NO_HABIT if is_bot else chance.one_of(HABITS),
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
