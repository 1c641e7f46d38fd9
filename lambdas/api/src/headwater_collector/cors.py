"""Which pages of other origins may send events (the Fetch standard's CORS protocol).

Credentials are never allowed: a write key is public, and nothing here depends on cookies.
"""

import re
from collections.abc import Collection
from typing import Final

_ANY = "*"
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}")
"""A token (RFC 9110, 5.6.2), of a length that no real name has."""

_MAX_HEADER_NAMES: Final = 64
_MAX_AGE_SECONDS = 7200  # The most that Chromium keeps.


def cors_headers(origin: str | None, allowed_origins: Collection[str]) -> dict[str, str]:
    """Return the headers that let a page of ``origin`` read a response; none where it may not."""
    exposed = {"access-control-expose-headers": "retry-after"}
    if _ANY in allowed_origins:
        return {"access-control-allow-origin": _ANY} | exposed
    if origin in allowed_origins and origin is not None:
        return {"access-control-allow-origin": origin, "vary": "Origin"} | exposed
    return {"vary": "Origin"}


def preflight_headers(methods: str, asked_headers: str) -> dict[str, str]:
    """Return what allows the request that a preflight announces, with the headers it asks for.

    Both are lists with commas. Which headers come is not ours to choose: tracing libraries add
    theirs to every request of a page, and a browser withholds a request with one that is not
    allowed. ``*`` would not do, for it leaves out ``Authorization`` (Fetch standard).
    """
    headers = {
        "access-control-allow-methods": methods,
        "access-control-max-age": str(_MAX_AGE_SECONDS),
    }
    if names := _header_names(asked_headers):
        headers["access-control-allow-headers"] = ", ".join(names)
    return headers


def _header_names(text: str) -> list[str]:
    names = (name.strip() for name in text.split(",", _MAX_HEADER_NAMES)[:_MAX_HEADER_NAMES])
    return [name for name in names if name != _ANY and _HEADER_NAME.fullmatch(name)]
