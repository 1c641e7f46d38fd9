import pytest

from headwater_contract.messages import CHANNELS
from headwater_writer.client import Client, channel_of, ip_by_policy, parse_user_agent

AGENT = " AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
ANDROID = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 "
IPAD = "Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "


@pytest.mark.parametrize(
    ("user_agent", "client"),
    [
        (WINDOWS + "Chrome/120.0.0.0 Safari/537.36", Client("Chrome", "Windows", "desktop")),
        (
            WINDOWS + "Chrome/120.0.0.0 Safari/537.36 Edg/120.0.0.0",
            Client("Edge", "Windows", "desktop"),
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
            Client("Firefox", "Linux", "desktop"),
        ),
        (MAC + "Version/17.4 Safari/605.1.15", Client("Safari", "Mac OS X", "desktop")),
        (
            "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0)" + AGENT,
            Client("Chrome", "Chrome OS", "desktop"),
        ),
        (
            ANDROID + "Chrome/120.0.0.0 Mobile Safari/537.36",
            Client("Chrome Mobile", "Android", "mobile"),
        ),
        (ANDROID + "Chrome/120.0.0.0 Safari/537.36", Client("Chrome", "Android", "tablet")),
        (
            IPHONE + "(KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1",
            Client("Mobile Safari", "iOS", "mobile"),
        ),
        (
            IPAD + "Version/16.6 Mobile/15E148 Safari/604.1",
            Client("Mobile Safari", "iOS", "tablet"),
        ),
        ("Mozilla/5.0 (Linux; BRAVIA 4K UR2)" + AGENT, Client("Chrome", "Linux", "tv")),
    ],
)
def test_knows_a_visitors_browser(user_agent: str, client: Client) -> None:
    assert parse_user_agent(user_agent) == client


@pytest.mark.parametrize(
    "user_agent",
    [
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
        "GPTBot/1.0",
        "curl/8.5.0",
        "python-requests/2.32.0",
    ],
)
def test_flags_a_crawler(user_agent: str) -> None:
    assert parse_user_agent(user_agent).is_bot


def test_says_nothing_of_no_user_agent() -> None:
    assert parse_user_agent("") == Client()


@pytest.mark.parametrize("user_agent", ["\x00", "(" * 5000, "Mozilla/5.0 " + "é" * 5000])
def test_stands_a_garbled_user_agent(user_agent: str) -> None:
    assert parse_user_agent(user_agent).device_type == "other"


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


@pytest.mark.parametrize(
    ("ip", "kept"),
    [
        ("203.0.113.9", "203.0.113.0"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::"),
        ("::1", "::"),
        (" 203.0.113.9 ", "203.0.113.0"),
    ],
)
def test_truncates_an_address(ip: str, kept: str) -> None:
    assert ip_by_policy(ip, "truncated") == kept


@pytest.mark.parametrize(
    ("ip", "kept"),
    [("203.0.113.9", "203.0.113.9"), ("2001:DB8:0:0:0:0:0:1", "2001:db8::1")],
)
def test_keeps_a_full_address_in_its_short_form(ip: str, kept: str) -> None:
    assert ip_by_policy(ip, "full") == kept


def test_keeps_no_address_where_the_policy_wants_none() -> None:
    assert ip_by_policy("203.0.113.9", "none") is None


@pytest.mark.parametrize("ip", ["", "localhost", "203.0.113.9, 10.0.0.1", "1.2.3.4.5", "'; --"])
def test_drops_what_is_no_address(ip: str) -> None:
    assert ip_by_policy(ip, "full") is None


def test_drops_an_absent_address() -> None:
    assert ip_by_policy(None, "full") is None


def test_hides_a_truncated_ipv4_address_that_is_written_as_ipv6() -> None:
    assert ip_by_policy("::ffff:203.0.113.9", "truncated") == "::"
