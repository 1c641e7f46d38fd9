"""The channel that a message came through."""

import re

from headwater_contract.fields import CHANNELS

_CHANNELS = frozenset(CHANNELS)
_BROWSER_LIBRARIES = frozenset(
    {"headwater.js", "analytics.js", "web", "@segment/analytics-next", "manymetrics"}
)
_MOBILE_LIBRARY = re.compile("ios|android|kotlin|swift|react-native|flutter", re.IGNORECASE)


def channel_of(declared: str | None, library: str | None) -> str:
    """Return the channel a client declares, else the one its library is known to be used in."""
    if declared in _CHANNELS:
        return str(declared)
    if library in _BROWSER_LIBRARIES:
        return "browser"
    return "mobile" if library and _MOBILE_LIBRARY.search(library) else "server"
