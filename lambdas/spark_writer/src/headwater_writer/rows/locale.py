"""A locale as a language tag."""

import re
from functools import lru_cache
from typing import Final

_LOCALE: Final = re.compile(
    r"\s*(?P<tag>[a-z]{2,8}(?:[-_][a-z0-9]{1,8})*)(?![a-z0-9])", re.IGNORECASE | re.ASCII
)
"""What ends it: the encoding or variant of a POSIX locale (``de_CH.UTF-8``, ``de_CH@euro``), or the
rest of an ``Accept-Language`` header (RFC 9110, section 12.5.4)."""

_NO_LANGUAGE: Final = frozenset({"c", "posix", "null", "undefined"})
_LONGEST: Final = 64
"""Characters that are read, and remembered."""


def language_tag(locale: str) -> str | None:
    """Return the language tag (RFC 5646) in a locale, with its own capitals, or None.

    Android, iOS and POSIX write ``de_CH`` for what browsers call ``de-CH``.
    """
    return _language_tag(locale[:_LONGEST])


@lru_cache(maxsize=1024)
def _language_tag(locale: str) -> str | None:
    found = _LOCALE.match(locale)
    if found is None or found["tag"].lower() in _NO_LANGUAGE:
        return None
    return found["tag"].replace("_", "-")
