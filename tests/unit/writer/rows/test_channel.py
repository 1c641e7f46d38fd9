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
        ("analytics-python", "server"),
        ("@segment/analytics-node", "server"),
        (None, "server"),
    ],
)
def test_tells_the_channel_by_the_library(library: str | None, channel: str) -> None:
    assert channel_of(None, library) == channel


def test_goes_by_the_library_where_the_declared_channel_is_none() -> None:
    assert channel_of("carrier pigeon", "headwater.js") == "browser"
