"""Which pages of other origins may send events (the Fetch standard's CORS protocol).

Credentials are never allowed: a write key is public, and nothing here depends on cookies.
"""

from collections.abc import Collection

_ANY = "*"
_REQUEST_HEADERS = "authorization, content-encoding, content-type, x-retry-count"
_MAX_AGE_SECONDS = 7200  # The most that Chromium keeps.


def cors_headers(origin: str | None, allowed_origins: Collection[str]) -> dict[str, str]:
    """Return the headers that let a page of ``origin`` read a response; none where it may not."""
    exposed = {"access-control-expose-headers": "retry-after"}
    if _ANY in allowed_origins:
        return {"access-control-allow-origin": _ANY} | exposed
    if origin in allowed_origins and origin is not None:
        return {"access-control-allow-origin": origin, "vary": "Origin"} | exposed
    return {"vary": "Origin"}


def preflight_headers(methods: str) -> dict[str, str]:
    """Return what a preflight request asks for; ``methods`` is a list with commas."""
    return {
        "access-control-allow-methods": methods,
        "access-control-allow-headers": _REQUEST_HEADERS,
        "access-control-max-age": str(_MAX_AGE_SECONDS),
    }
