import pytest

from headwater_contract.context import Device, Os
from headwater_writer.rows.device import device_type_of, os_of


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("iOS", "iOS"),
        ("iPhone OS", "iOS"),
        ("ios", "iOS"),
        ("iPadOS", "iPadOS"),
        ("android", "Android"),
        ("macOS", "Mac OS X"),
        ("Mac OS X", "Mac OS X"),
        ("Windows", "Windows"),
        ("tvOS", "tvOS"),
        ("", None),
        (None, None),
    ],
)
def test_names_a_system_as_user_agents_do(sent: str | None, name: str | None) -> None:
    assert os_of(Os(sent)) == name


@pytest.mark.parametrize(
    ("device", "os", "device_type"),
    [
        (Device("ios", "iPhone14,5", "iPhone"), "iOS", "mobile"),
        (Device("android", "Pixel 8", "shiba"), "Android", "mobile"),
        (Device("ios", "iPad13,4", "iPad"), "iPadOS", "tablet"),
        (Device("ios", "iPad13,4"), "iOS", "tablet"),
        (Device("ios", "iPhone14,5"), None, "mobile"),
        (Device("ios", "AppleTV11,1"), "tvOS", "tv"),
        (Device(None, "SM-X700 Tablet"), "Android", "tablet"),
        (Device("macos", "MacBookPro18,3"), "macOS", "desktop"),
        (Device(), "Windows", "desktop"),
        (Device(), "Microsoft Windows 10.0.19045", "desktop"),
        (Device(), "Linux", "desktop"),
        (Device(), "watchOS", None),
        (Device(), None, None),
        (Device("a toaster"), None, None),
    ],
)
def test_tells_the_type_of_a_device(device: Device, os: str | None, device_type: str) -> None:
    assert device_type_of(device, Os(os)) == device_type
