"""How many people come on a day for the first time, and which campaigns run on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from headwater_local.demo.chance import Chance

TUESDAY, FRIDAY = 1, 4

WEEKDAYS: Final = (0.90, 0.85, 0.90, 0.95, 1.05, 1.25, 1.20)
"""From Monday: a shop of the kind that people visit when they do not work."""

CYCLE_DAYS: Final = 28
"""After so many days, weekdays and campaigns come again."""


@dataclass(frozen=True)
class Campaign:
    """An advertisement, where it runs, and how many people it adds to each that comes anyway."""

    name: str
    source: str
    medium: str
    lift: float
    referrer: str = ""
    click_id: str = ""


NEWSLETTER: Final = Campaign("weekly-news", "newsletter", "email", 0.25)
SALE: Final = Campaign(
    "hot-days", "google", "cpc", 0.45, "https://www.google.com/", click_id="gclid"
)
VIDEO: Final = Campaign("where-rivers-begin", "youtube", "video", 0.30, "https://www.youtube.com/")


def campaigns_on(day: date) -> Sequence[Campaign]:
    """Return what runs: news on Tuesdays, and in four weeks one of sale and a weekend of video."""
    week, weekday = divmod((day.toordinal() - 1) % CYCLE_DAYS, 7)
    running = {
        NEWSLETTER: weekday == TUESDAY,
        SALE: week == 1,
        VIDEO: week == 3 and weekday >= FRIDAY,
    }
    return [campaign for campaign, is_running in running.items() if is_running]


def newcomers(day: date, usual: float) -> int:
    """Return how many people come for the first time on a day; ``usual`` on an average one.

    The same day and ``usual`` always give the same number, so a later run has the same people.
    """
    # Rounded up as often as the fraction says: of 0.33 a day, one comes every third day.
    return int(usual * _weight(day) / _MEAN_WEIGHT + Chance("newcomers", day).random())


def _weight(day: date) -> float:
    return WEEKDAYS[day.weekday()] * (1 + sum(each.lift for each in campaigns_on(day)))


_MEAN_WEIGHT: Final = sum(_weight(date.fromordinal(1 + n)) for n in range(CYCLE_DAYS)) / CYCLE_DAYS
