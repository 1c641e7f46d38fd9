"""What an app says of its device: apps send no user agent that tells it, or none at all."""

from typing import Final

from headwater_contract.context import Device, Os
from headwater_writer.rows.user_agent import is_desktop_system

_AS_IN_USER_AGENTS: Final = {
    "android": "Android",
    "ios": "iOS",
    "iphone os": "iOS",
    "mac os": "Mac OS X",
    "macos": "Mac OS X",
    "os x": "Mac OS X",
}
"""Names of systems, in lower case, for which user agents have another."""

_OF_TELEVISIONS: Final = frozenset({"tvos", "apple tvos", "tizen", "webos", "android tv"})
_MOBILE: Final = frozenset({"android", "ios", "iphone os", "windows phone"})


def os_of(os: Os) -> str | None:
    """Return the name of an operating system as user agents have it."""
    name = (os.name or "").strip()
    return _AS_IN_USER_AGENTS.get(name.lower(), name) or None


def device_type_of(device: Device, os: Os) -> str | None:
    """Return the type of a device, or None if nothing tells it."""
    system = (os.name or device.type or "").strip().lower()
    model = f"{device.model or ''} {device.name or ''}".lower()
    if system in _OF_TELEVISIONS or "appletv" in model:
        return "tv"
    if system == "ipados" or "ipad" in model or "tablet" in model:
        return "tablet"
    if system in _MOBILE:
        return "mobile"
    return "desktop" if is_desktop_system(system) else None
