"""Host, path, campaign and click ids, from a page's URL and query."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from headwater_contract.fields import CLICK_IDS

UTM: Final = frozenset({"utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"})
"""Query parameters that name a campaign, in lower case."""

LONGEST_HOST: Final = 253
"""Characters of a host name (RFC 1035, section 2.3.4: 255 bytes with their lengths). What is longer
is not one, and would be another copy of a text as long as its message."""

LONGEST_CACHED: Final = 1024
"""Characters of a URL or a query whose parts are cached. A client may send one as long as its
message, and the cache lives as long as the process."""


_WEB: Final = frozenset({"http", "https"})
"""Schemes whose empty path is ``/`` (WHATWG URL, 4.1: special schemes)."""


@dataclass(frozen=True, slots=True)
class Url:
    """The parts of a URL that have columns; None if it does not have one."""

    host: str | None = None
    path: str | None = None
    query: str | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """The parameters of a query that have columns."""

    utm: Mapping[str, str] = field(default_factory=dict)
    click_ids: Mapping[str, str] = field(default_factory=dict)


def parse_url(url: str) -> Url:
    """Return a URL's parts; a text that is not a URL has none."""
    return _cached_url(url) if len(url) <= LONGEST_CACHED else _url(url)


def parse_query(query: str) -> Query:
    """Return the campaign and click parameters of a query; the first of each name counts."""
    return _cached_query(query) if len(query) <= LONGEST_CACHED else _query(query)


def _url(url: str) -> Url:
    try:
        parts = urlsplit(url.strip())
        host = _host(parts.hostname)
    except ValueError:
        return Url()
    if parts.scheme and not parts.netloc and not parts.path.startswith("/"):
        # about:blank, data:, javascript:, mailto: what follows the colon is not the path of a page.
        return Url()
    path = parts.path or ("/" if host and parts.scheme in _WEB else None)
    return Url(host, path, plain_query(parts.query) or None)


def plain_query(query: str) -> str:
    """Return a query as a browser sends it: mail tools write its ampersands as HTML has them."""
    return query.replace("&amp;", "&")


def _host(name: str | None) -> str | None:
    return name if name and len(name) <= LONGEST_HOST else None


def _query(query: str) -> Query:
    utm: dict[str, str] = {}
    click_ids: dict[str, str] = {}
    for cased_name, value in _parameters(query):
        name = cased_name.lower()
        if name in UTM:
            utm.setdefault(name, value)
        elif name in CLICK_IDS:
            click_ids.setdefault(name, value)
    return Query(utm, click_ids)


_cached_url = lru_cache(maxsize=1024)(_url)
_cached_query = lru_cache(maxsize=1024)(_query)


def _parameters(query: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(query, max_num_fields=200)
    except ValueError:
        return []
