"""What mutation begins with: the golden cases' messages, and values that have hurt somebody."""

from collections.abc import Callable, Sequence
from functools import cache
from random import Random
from typing import Any, Final

from golden.cases import Case, accepted, rejected
from headwater_contract.fields import CONTEXT_FIELDS, MESSAGE_FIELDS

Value = Any
"""A value of JSON; text that begins with @ stands for itself without quotation marks."""

OWN_ROUTES: Final = ("/track", "/identify", "/v1/history")
ROUTES: Final = tuple(
    f"/v1/{name}"
    for name in (
        *("track", "identify", "page", "screen", "group", "alias", "batch", "import"),
        *("t", "i", "p", "s", "g", "a", "b"),
    )
)

KEYS: Final = (
    *(field.name for field in MESSAGE_FIELDS),
    *(field.name for field in CONTEXT_FIELDS),
    *("batch", "sentAt", "writeKey", "event_type", "user_id", "new_user_id", "prev_user_id"),
    *("client_event_time", "path", "host", "__proto__", "", "\ud800"),
)

TEXTS: Final = (
    *("", " ", "\x00", "\ud800", "\udfff\ud800", "\U000e0001" * 40, "\\", '"', "é", "\u2028", "😀"),
    *("9999-12-31T23:59:59-23:59", "0001-01-01T00:00+14:00", "2026-01-31T13:37:00.000Z"),
    *("2026-W05-6", "24:00", "2026-01-31T13:37:60Z", "+292278994-08-17T07:12:55Z"),
    *("203.0.113.9", "::ffff:203.0.113.9", "fe80::1%<script>", "256.1.1.1", "1.2.3.4:80"),
    *("https://user:pass@shop.example:99999/a?utm_source=x#y", "http://[::1", "//", "data:,x"),
    *("javascript:alert(1)", "?gclid=1&gclid=2&%", "%ff%fe", "&" * 50, "a=" * 50),
    *("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15", "Googlebot/2.1"),
    *("'; DROP TABLE events; --", "$(id)", "{{7*7}}", "../../etc/passwd", "a\r\nset-cookie: x"),
    *("track", "page", "browser", "server", "granted", "gpc", "null", "true", "NaN"),
)

VALUES: Final[Sequence[Callable[[Random], Value]]] = (
    lambda rng: rng.choice(TEXTS),
    lambda rng: rng.choice(TEXTS) * rng.choice((2, 50)),
    lambda rng: chr(rng.randrange(0x110000)) * rng.randrange(1, 9),
    lambda rng: rng.choice((None, True, False, [], {}, [[]], [{}], {"": {}})),
    lambda rng: rng.choice((0, -1, 2**31, 2**63, -(2**63) - 1, 10**30, 0.1, -0.0, 1e308, 5e-324)),
    lambda rng: rng.choice(("@NaN", "@-Infinity", "@1E400", "@00", "@1.", "@tru", "@", "@'x'")),
    lambda rng: "@" + "9" * rng.choice((19, 400, 4400)),
    lambda rng: _nested("[", "]", rng.choice((30, 1100))),
    lambda rng: _nested('{"a":', "1}", rng.choice((30, 1100))),
)


def _nested(opening: str, closing: str, depth: int) -> str:
    return f"@{opening * depth}{closing[:-1]}{closing[-1] * depth}"


@cache
def cases() -> Sequence[Case]:
    """Return the golden cases."""
    return accepted() + rejected()
