"""What the client is: browser, system, device, crawler or not, and its channel."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from ipaddress import ip_address, ip_network
from typing import Literal

import ua_parser
from crawlerdetect import CrawlerDetect

from headwater_contract.messages import CHANNELS

IpPolicy = Literal["full", "truncated", "none"]

_BROWSER_LIBRARIES = frozenset(
    {"headwater.js", "analytics.js", "web", "@segment/analytics-next", "manymetrics"}
)
_MOBILE_LIBRARY = re.compile("ios|android|kotlin|swift|react-native|flutter", re.IGNORECASE)
_TELEVISION = re.compile("smart-?tv|appletv|googletv|roku|bravia|hbbtv|web0s", re.IGNORECASE)
_DESKTOP_SYSTEM = re.compile("windows(?! phone)|mac os|linux|ubuntu|fedora|debian|chrome os|bsd")


@dataclass(frozen=True, slots=True)
class Client:
    """What a user agent says; None where it does not say."""

    browser: str | None = None
    os: str | None = None
    device_type: str | None = None
    is_bot: bool = False


@lru_cache(maxsize=8192)
def parse_user_agent(user_agent: str) -> Client:
    """Return what a user agent says of its browser, system and device; nothing if it is empty."""
    if not user_agent:
        return Client()
    result = ua_parser.parse(user_agent)
    os = result.os.family if result.os else None
    device = result.device.family if result.device else ""
    is_bot = device == "Spider" or bool(_crawlers().isCrawler(user_agent))
    return Client(
        browser=result.user_agent.family if result.user_agent else None,
        os=os,
        device_type=_device_type(user_agent, (os or "").lower(), device),
        is_bot=is_bot,
    )


def channel_of(declared: str | None, library: str | None) -> str:
    """Return the channel a client declares, else the one its library is known to be used in."""
    if declared in CHANNELS:
        return str(declared)
    if library in _BROWSER_LIBRARIES:
        return "browser"
    return "mobile" if library and _MOBILE_LIBRARY.search(library) else "server"


@lru_cache(maxsize=8192)
def ip_by_policy(ip: str | None, policy: IpPolicy) -> str | None:
    """Return an address as the policy wants it kept; what is no address is dropped.

    ``truncated`` keeps the first 24 bits of IPv4 and the first 48 of IPv6.
    """
    if ip is None or policy == "none":
        return None
    try:
        address = ip_address(ip.strip())
    except ValueError:
        return None
    if policy == "full":
        return str(address)
    prefix = 24 if address.version == 4 else 48
    return str(ip_network(f"{address}/{prefix}", strict=False).network_address)


@cache
def _crawlers() -> CrawlerDetect:
    return CrawlerDetect()


def _device_type(user_agent: str, os: str, device: str) -> str:
    if _TELEVISION.search(user_agent):
        return "tv"
    if device.startswith("iPad") or "tablet" in user_agent.lower():
        return "tablet"
    if os == "android":
        # A tablet's browser leaves the word Mobile out; an app's agent never has it.
        is_tablet = user_agent.startswith("Mozilla/") and "Mobile" not in user_agent
        return "tablet" if is_tablet else "mobile"
    if os == "ios" or "Mobile" in user_agent:
        return "mobile"
    return "desktop" if _DESKTOP_SYSTEM.search(os) else "other"
