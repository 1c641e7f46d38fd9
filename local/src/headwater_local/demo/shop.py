"""The shop: its pages, and what it sells."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

HOST: Final = "https://springs.example"
NAME: Final = "Headwater Springs"


@dataclass(frozen=True)
class Bottle:
    """What is sold, for how much a bottle, and how often people look at it beside the others."""

    name: str
    price: float
    appeal: float

    @property
    def path(self) -> str:
        """Its page."""
        return f"/bottles/{self.name.lower()}"


BOTTLES: Final[Mapping[str, Bottle]] = {
    bottle.path: bottle
    for bottle in (
        Bottle("Glacier", 3.20, 5),
        Bottle("Moss", 2.80, 3),
        Bottle("Cascade", 2.10, 4),
        Bottle("Cavern", 6.50, 1),
        Bottle("Meadow", 2.40, 2),
    )
}

ARTICLES: Final = ("/journal/hard-or-soft", "/journal/where-rivers-begin", "/journal/bottles-back")

TITLES: Final[Mapping[str, str]] = {
    "/": NAME,
    "/basket": "Your basket",
    "/checkout": "Checkout",
    "/thanks": "Thank you",
    "/springs": "Our springs",
    "/journal/hard-or-soft": "Hard or soft?",
    "/journal/where-rivers-begin": "Where rivers begin",
    "/journal/bottles-back": "Bring your bottles back",
    **{path: bottle.name for path, bottle in BOTTLES.items()},
}

ENTRIES: Final[Mapping[str, float]] = {
    "/": 10,
    "/springs": 1,
    **dict.fromkeys(ARTICLES, 1.5),
    **{path: bottle.appeal / 2 for path, bottle in BOTTLES.items()},
}
"""Where visits begin."""

LINKS: Final[Mapping[str, Mapping[str, float]]] = {
    "/": {
        "/springs": 2,
        **dict.fromkeys(ARTICLES, 0.7),
        **{path: bottle.appeal for path, bottle in BOTTLES.items()},
    },
    "/springs": {"/": 3, "/bottles/glacier": 3, "/bottles/cavern": 1},
    **{article: {"/": 3, "/springs": 1, "/bottles/moss": 1} for article in ARTICLES},
    **{path: {"/": 4, "/bottles/glacier": 1, "/bottles/meadow": 1} for path in BOTTLES},
}
"""Where people go from a page, unless they buy."""

ELSEWHERE: Final = (
    "https://iceberg.apache.org/",
    "https://en.wikipedia.org/wiki/Spring_(hydrology)",
)
"""Outbound links of the articles."""
