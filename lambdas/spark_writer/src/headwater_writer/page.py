"""What a page's URL and query say: host, path, campaign and click ids."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qsl, urlsplit

CLICK_IDS: Final = frozenset(
    {
        "dclid",
        "fbclid",
        "gbraid",
        "gclid",
        "igshid",
        "li_fat_id",
        "msclkid",
        "rdt_cid",
        "sccid",
        "ttclid",
        "twclid",
        "wbraid",
        "yclid",
    }
)
"""Query parameters by which advertising networks mark a click, in lower case."""


@dataclass(frozen=True, slots=True)
class Url:
    """The parts of a URL that have columns; None where it has none."""

    host: str | None = None
    path: str | None = None
    query: str | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """The parameters of a query that have columns."""

    utm: Mapping[str, str] = field(default_factory=dict)
    click_ids: Mapping[str, str] = field(default_factory=dict)


@lru_cache(maxsize=1024)
def parse_url(url: str) -> Url:
    """Return a URL's parts; a text that is no URL has none."""
    try:
        parts = urlsplit(url)
        return Url(parts.hostname or None, parts.path or None, parts.query or None)
    except ValueError:
        return Url()


@lru_cache(maxsize=1024)
def parse_query(query: str) -> Query:
    """Return the campaign and click parameters of a query; the first of each name counts."""
    utm: dict[str, str] = {}
    click_ids: dict[str, str] = {}
    for cased_name, value in _parameters(query):
        name = cased_name.lower()
        if name.startswith("utm_"):
            utm.setdefault(name, value)
        elif name in CLICK_IDS:
            click_ids.setdefault(name, value)
    return Query(utm, click_ids)


def _parameters(query: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(query, max_num_fields=200)
    except ValueError:
        return []
