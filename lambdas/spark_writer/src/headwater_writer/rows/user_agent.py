"""Browser, system, device, and whether it is a crawler, from a user agent."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final, TypeAlias

import re2
import ua_parser
from crawlerdetect.providers.crawlers import data as crawlers
from crawlerdetect.providers.exclusions import data as exclusions

MAX_READ: Final = 512
"""Characters of a user agent that are read. Browsers' have some 200; a hostile one may fill a
message, and every distinct one costs time."""

_CONSOLE: Final = re.compile(r"\b(?:xbox|playstation|nintendo)\b", re.IGNORECASE)
_TELEVISION: Final = re.compile(
    r"""
      smart-?tv | web0s | hbbtv | netcast | nettv | vidaa | aquos | viera | bravia
    | (?: apple | google | philips | opera )[ -]?tv | \btvos\b | \broku
    | android[ ]?tv | \bmi-?(?:tv|box) | \bcrkey | \bchromecast | \btizen\b.*\btv\b
    | \bAFT[A-Z0-9]{1,8}\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""Televisions and the sticks and boxes beside them. Amazon's Fire TV says a model that begins with
AFT ("Identify Fire TV Devices", Amazon's developer documentation)."""

_DESKTOP_SYSTEM: Final = re.compile(
    "windows(?! phone)|mac ?os|linux|ubuntu|fedora|debian|chrome os|bsd"
)


@dataclass(frozen=True, slots=True)
class Client:
    """What a user agent tells; None if it does not."""

    browser: str | None = None
    os: str | None = None
    device_type: str | None = None
    is_bot: bool = False


def parse_user_agent(user_agent: str) -> Client:
    """Return the browser, system and device of a user agent; nothing if it is empty."""
    return _parse(user_agent[:MAX_READ]) if user_agent else Client()


@lru_cache(maxsize=4096)
def _parse(user_agent: str) -> Client:
    result = ua_parser.parse(user_agent)
    os = result.os.family if result.os else None
    device = result.device.family if result.device else ""
    return Client(
        browser=result.user_agent.family if result.user_agent else None,
        os=os,
        device_type=_device_type(user_agent, (os or "").lower(), device),
        is_bot=device == "Spider" or is_crawler(user_agent),
    )


def _device_type(user_agent: str, os: str, device: str) -> str:
    if _CONSOLE.search(user_agent):
        return "console"
    if _TELEVISION.search(user_agent):
        return "tv"
    if device.startswith("iPad") or "tablet" in user_agent.lower():
        return "tablet"
    if os == "android":
        # A tablet's browser leaves out the word Mobile; an app's agent never has it.
        is_tablet = user_agent.startswith("Mozilla/") and "Mobile" not in user_agent
        return "tablet" if is_tablet else "mobile"
    if os == "ios" or "Mobile" in user_agent:
        return "mobile"
    return "desktop" if is_desktop_system(os) else "other"


def is_desktop_system(os: str) -> bool:
    """Return whether an operating system, in lower case, is one of desktops."""
    return _DESKTOP_SYSTEM.search(os) is not None


_Pattern: TypeAlias = Any  # The package has no types.

_WITHOUT_LOOKAHEAD: Final = {"Yandex(?!Search)": "Yandex(?:$|[^S])"}
"""RE2 does not support lookahead: the nearest pattern that it does."""


def is_crawler(user_agent: str) -> bool:
    """Return whether a user agent, without what every browser has, is on CrawlerDetect's list.

    The package's own search backtracks: its time grows with the square of an agent's length, and an
    agent is whatever a stranger sends. RE2 does not backtrack.
    """
    rest = _pattern(tuple(exclusions)).sub("", user_agent)
    return bool(rest) and _pattern(tuple(crawlers)).search(rest) is not None


@cache
def _pattern(alternatives: tuple[str, ...]) -> _Pattern:
    options = re2.Options()
    options.case_sensitive = False
    options.max_mem = 64 * 1024 * 1024  # some 1,500 alternatives, as one automaton
    return re2.compile("|".join(_WITHOUT_LOOKAHEAD.get(one, one) for one in alternatives), options)
