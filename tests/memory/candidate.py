"""What a hostile sender may choose."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from itertools import combinations
from random import Random
from typing import Any, Final, Literal

Script = Literal["ascii", "latin-1", "cyrillic", "emoji", "one emoji", "escaped"]
"""Of what a text is made. Python keeps a text of one emoji at four bytes a character, all of it."""

Fate = Literal["accepted", "refused", "both", "unreadable"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Traffic of one kind; its ``repr`` makes it again.

    There are at most so many ``requests``, each with ``messages`` messages, or as many as fit. Each
    of these has ``text_bytes`` of text, divided among ``places``. ``agent`` and ``header`` are the
    characters of a request's user agent and of each of two captured headers, in ``header_script``.
    Times are of ``days`` days. A batch says a context for all of its messages, with as long a text
    as it may have at the place ``shared``, if that is one. With a ``plan``, the text of
    ``properties`` or ``traits`` has a column of its own.
    """

    kind: Literal["track", "page", "identify", "alias"] = "track"
    fate: Fate = "accepted"
    requests: int = 10_000
    messages: int = 2500
    text_bytes: int = 0
    script: Script = "ascii"
    places: tuple[str, ...] = ("properties",)
    agent: int = 20
    header: int = 0
    header_script: Literal["ascii", "latin-1"] = "ascii"
    days: int = 1
    max_age_days: int = 30
    repeated: bool = False
    shared: str = "nothing"
    plan: bool = False


PLACES: Final[Mapping[str, tuple[Sequence[str], str]]] = {
    "properties": (("properties", "text"), "{}"),
    "traits": (("traits", "text"), "{}"),
    "context": (("context", "text"), "{}"),
    "unknown key": (("unknown",), "{}"),
    "userId": (("userId",), "u{}"),
    "anonymousId": (("anonymousId",), "a{}"),
    "event": (("event",), "e{}"),
    "userAgent": (("context", "userAgent"), "{}"),
    "title": (("context", "page", "title"), "{}"),
    "path": (("context", "page", "url"), "https://shop.example/{}"),
    "search": (("context", "page", "search"), "?utm_term={}"),
    "query": (("context", "page", "url"), "https://shop.example/?utm_source={}"),
    "campaign": (("context", "campaign", "source"), "{}"),
    "host": (("context", "page", "url"), "https://{}/"),
    "referrer": (("context", "page", "referrer"), "https://{}/"),
}
"""Where in a message its text stands, and in what form; some places reach several columns."""

_IN_CONTEXT: Final = tuple(name for name, (keys, _) in PLACES.items() if keys[0] == "context")

CHOICES: Final[Mapping[str, Sequence[Any]]] = {
    "kind": ("track", "page", "identify", "alias"),
    "fate": (*("accepted",) * 5, "refused", "both", "unreadable"),
    "requests": (1, *(10_000,) * 7),
    "messages": (1, 20, 500, 2500),
    "text_bytes": (0, 30, 100, 300, 1_000, 3_000, 10_000, 30_000),
    "script": ("ascii", "latin-1", "cyrillic", "emoji", "one emoji", "escaped"),
    "places": tuple(places for size in (1, 2, 3) for places in combinations(PLACES, size)),
    "agent": (0, 20, 256, 2048),
    "header": (0, 0, 0, 100, 2048),
    "header_script": ("ascii", "latin-1"),
    "days": (1, 1, 30, 100),
    "max_age_days": (30, 3650),
    "repeated": (*(False,) * 5, True),
    "shared": (*("nothing",) * 8, *_IN_CONTEXT),
    "plan": (False, False, True),
}
"""What each field is chosen from; what stands there twice is chosen more often."""


def any_candidate(chance: Random) -> Candidate:
    """Return a candidate of which everything is chosen by chance."""
    return Candidate(**{name: chance.choice(values) for name, values in CHOICES.items()})


def neighbour(candidate: Candidate, chance: Random) -> Candidate:
    """Return a candidate that is another in one choice."""
    name = chance.choice([field.name for field in fields(candidate)])
    now = asdict(candidate)[name]
    return replace(candidate, **{name: chance.choice([v for v in CHOICES[name] if v != now])})
