from string import printable

import pytest
from crawlerdetect import CrawlerDetect
from hypothesis import given
from hypothesis import strategies as st

from headwater_writer.rows.user_agent import MAX_READ, Client, is_crawler, parse_user_agent

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


CHROME = " AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0 Safari/537.36"


@pytest.mark.parametrize(
    "user_agent",
    [
        "Mozilla/5.0 (Linux; Android 9; AFTXY01)" + CHROME,
        "Mozilla/5.0 (Linux; Android 9; AFTS Build/PS7297; wv)" + CHROME,
        "Mozilla/5.0 (Linux; Android 11; SHIELD Android TV Build/RQ1A; wv)" + CHROME,
        "Mozilla/5.0 (Linux; Android 12; Build/STTL)" + CHROME + " DeviceType/AndroidTV",
        "Mozilla/5.0 (X11; Linux aarch64)" + CHROME + " CrKey/1.56.500000",
        "Mozilla/5.0 (Linux; Android 12; Chromecast Build/STTE)" + CHROME,
        "Mozilla/5.0 (Linux; Android 9; MiTV-MOOQ0)" + CHROME,
        "Mozilla/5.0 (Linux; Android 10; BRAVIA 4K VH2 Build/QTG3)" + CHROME,
        "Mozilla/5.0 (Web0S; Linux/SmartTV)" + CHROME + " WebAppManager",
        "Mozilla/5.0 (SMART-TV; LINUX; Tizen 6.0)" + CHROME,
        "Mozilla/5.0 (Linux; Tizen 2.3) AppleWebKit/538.1 (KHTML, like Gecko) TV Safari/538.1",
        "Mozilla/5.0 (DirectFB; Linux; ko-KR) AppleWebKit/534.26 Safari/534.26 NetCast.TV-2012",
        "Mozilla/5.0 (X11; Linux armv7l)" + CHROME + " HbbTV/1.7.1",
        "Mozilla/5.0 (Linux; NetTV/4.3; PhilipsTV)" + CHROME,
        "Mozilla/5.0 (VIDAA 6.0; Linux armv7l)" + CHROME,
        "Roku/DVP-12.5 (12.5.5.4174-29)",
        "Roku4640X/DVP-7.70 (297.70E04154A)",
        "AppleTV11,1/11.1",
        "Mozilla/5.0 (Apple TV; CPU tvOS 17_0 like Mac OS X) AppleWebKit/605.1.15",
    ],
)
def test_knows_a_television_and_what_is_plugged_into_one(user_agent: str) -> None:
    assert parse_user_agent(user_agent).device_type == "tv"


@pytest.mark.parametrize(
    "user_agent",
    [
        "Mozilla/5.0 (PlayStation; PlayStation 5/6.00) AppleWebKit/605.1.15 Safari/605.1.15",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; Xbox; Xbox One)" + CHROME,
        "Mozilla/5.0 (Nintendo Switch; WifiWebAuthApplet) AppleWebKit/601.6 NintendoBrowser/5.1.0",
    ],
)
def test_knows_a_console(user_agent: str) -> None:
    assert parse_user_agent(user_agent).device_type == "console"


@pytest.mark.parametrize(
    ("user_agent", "device_type"),
    [
        ("Mozilla/5.0 (Linux; Android 13; SM-X700)" + CHROME, "tablet"),
        ("Mozilla/5.0 (Linux; Android 10; K)" + CHROME, "tablet"),
        ("Mozilla/5.0 (Linux; Android 13; CRAFTY-1)" + CHROME, "tablet"),
        ("Dalvik/2.1.0 (Linux; U; Android 14; Pixel 8 Build/UD1A)", "mobile"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64)" + CHROME + " Broku/2", "desktop"),
    ],
)
def test_takes_nothing_else_for_a_television(user_agent: str, device_type: str) -> None:
    assert parse_user_agent(user_agent).device_type == device_type


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


def test_reads_no_more_of_a_user_agent_than_a_browser_would_send() -> None:
    googlebot = "Googlebot/2.1"

    assert not parse_user_agent("a" * MAX_READ + googlebot).is_bot
    assert parse_user_agent("a" * (MAX_READ - len(googlebot)) + googlebot).is_bot


AGENTS = [
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Linux; arm; Android 14) AppleWebKit/537.36 YandexSearch/9.20",
    "facebookexternalhit/1.1",
    "curl/8.5.0",
    "",
]


@pytest.mark.parametrize("user_agent", AGENTS)
def test_agrees_with_the_package_whose_lists_it_searches(user_agent: str) -> None:
    assert is_crawler(user_agent) == CrawlerDetect().isCrawler(user_agent)


@given(st.text(printable, max_size=120))
def test_agrees_with_the_package_on_any_text(user_agent: str) -> None:
    assert is_crawler(user_agent) == CrawlerDetect().isCrawler(user_agent)
