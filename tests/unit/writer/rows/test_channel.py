import pytest

from headwater_contract.fields import CHANNELS
from headwater_writer.rows.channel import channel_of


@pytest.mark.parametrize("declared", CHANNELS)
def test_believes_a_declared_channel(declared: str) -> None:
    assert channel_of(declared, "analytics.js") == declared


@pytest.mark.parametrize(
    ("library", "channel"),
    [
        ("headwater.js", "browser"),
        ("analytics.js", "browser"),
        ("@segment/analytics-next", "browser"),
        ("manymetrics", "browser"),
        ("analytics-ios", "mobile"),
        ("analytics-kotlin", "mobile"),
        ("@segment/analytics-react-native", "mobile"),
        ("analytics_flutter", "mobile"),
        ("rudder-ios-library", "mobile"),
        ("Analytics-Xamarin", "mobile"),
        ("RudderLabs JavaScript SDK", "browser"),
        ("axios-tracker", "server"),
        ("curiosity", "server"),
        ("swiftly", "server"),
        ("analytics-python", "server"),
        ("@segment/analytics-node", "server"),
        (None, "server"),
    ],
)
def test_tells_the_channel_by_the_library(library: str | None, channel: str) -> None:
    assert channel_of(None, library) == channel


def test_goes_by_the_library_if_the_declared_channel_is_none() -> None:
    assert channel_of("carrier pigeon", "headwater.js") == "browser"


@pytest.mark.parametrize("device_type", ["ios", "android", "Android"])
def test_takes_what_says_its_device_for_an_app(device_type: str) -> None:
    assert channel_of(None, None, device_type) == "mobile"
    assert channel_of(None, "headwater.js", device_type) == "browser"
