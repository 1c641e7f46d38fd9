import pytest

from headwater_local.web_pages import is_of_web_page


@pytest.mark.parametrize("host", ["127.0.0.1:4566", "localhost:4566", "LocalHost", "127.0.0.1"])
def test_a_client_of_aws_asks_for_this_machine(host: str) -> None:
    assert not is_of_web_page([("Host", host), ("User-Agent", "Boto3/1.40 md/Botocore")])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Origin", "http://127.0.0.1:8000"),
        ("ORIGIN", "null"),
        ("origin", ""),
        ("Sec-Fetch-Site", "none"),
        ("sec-fetch-mode", "no-cors"),
        ("User-Agent", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"),
    ],
)
def test_a_browser_gives_itself_away(name: str, value: str) -> None:
    assert is_of_web_page([("Host", "127.0.0.1:4566"), (name, value)])


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "evil.example:4566", "127.0.0.1.nip.io", "localhost.evil.example"),
        *("127.0.0.1@evil.example", "evil.example@127.0.0.1", "localhost.", "1.2.3.4", ""),
        *("127.0.0.1:4566:80", "127.0.0.1:", "127.0.0.1\n", "127.0.0.1, evil.example", "127x0.0.1"),
    ],
)
def test_a_rebound_name_is_none_of_this_machine(host: str) -> None:
    assert is_of_web_page([("Host", host)])


def test_a_request_asks_for_one_host() -> None:
    assert is_of_web_page([])
    assert is_of_web_page([("Host", "localhost"), ("host", "evil.example")])
