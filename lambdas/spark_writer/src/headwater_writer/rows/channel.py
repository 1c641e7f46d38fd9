"""The channel that a message came through."""

import re
from typing import Final

from headwater_contract.fields import CHANNELS

_CHANNELS = frozenset(CHANNELS)
_BROWSER_LIBRARIES: Final = frozenset(
    {
        "headwater.js",
        "analytics.js",
        "web",
        "@segment/analytics-next",
        "manymetrics",
        "RudderLabs JavaScript SDK",
    }
)
_MOBILE_LIBRARY: Final = re.compile(
    r"(?<![a-z])"
    r"(?:ios|tvos|android|kotlin|swift|react[-_ ]?native|flutter|xamarin|maui|cordova|capacitor)"
    r"(?![a-z])",
    re.IGNORECASE,
)
"""Whole words: an axios wrapper is for no phone."""


def channel_of(declared: str | None, library: str | None, device_type: str | None = None) -> str:
    """Return the channel that a client declares, else the one that its library is used in.

    ``device_type`` is what an app says of its device: servers have none.
    """
    if declared in _CHANNELS:
        return str(declared)
    if library in _BROWSER_LIBRARIES:
        return "browser"
    if library and _MOBILE_LIBRARY.search(library):
        return "mobile"
    return "mobile" if (device_type or "").lower() in {"ios", "android"} else "server"
