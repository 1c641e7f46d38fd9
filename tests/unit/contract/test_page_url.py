import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwater_contract.fields import CLICK_IDS
from headwater_contract.page_url import (
    LONGEST_CACHED,
    LONGEST_HOST,
    UTM,
    Query,
    Url,
    parse_query,
    parse_url,
    plain_query,
)


def test_splits_a_url() -> None:
    assert parse_url("https://shop.example:8443/a/b?c=d&e#f") == Url(
        "shop.example", "/a/b", "c=d&e"
    )


def test_lowers_the_host_and_leaves_the_path() -> None:
    assert parse_url("HTTPS://Shop.Example/Sale") == Url("shop.example", "/Sale")


def test_leaves_credentials_and_port_out_of_the_host() -> None:
    assert parse_url("https://user:word@shop.example:8443/").host == "shop.example"


def test_takes_a_path_alone() -> None:
    assert parse_url("/sale?x=1") == Url(None, "/sale", "x=1")


@pytest.mark.parametrize(
    "url", ["https://shop.example", "http://shop.example?x=1", "https://a.b#c"]
)
def test_the_path_of_a_site_is_a_slash(url: str) -> None:
    assert parse_url(url).path == "/"


@pytest.mark.parametrize(
    ("url", "host", "path"),
    [
        ("android-app://com.google.android.gm/", "com.google.android.gm", "/"),
        ("android-app://com.google.android.gm", "com.google.android.gm", None),
        ("capacitor://localhost/index.html", "localhost", "/index.html"),
        ("file:///var/www/index.html", None, "/var/www/index.html"),
        ("//shop.example/sale", "shop.example", "/sale"),
        (" https://shop.example/sale ", "shop.example", "/sale"),
        ("about:blank", None, None),
        ("data:text/html,x", None, None),
        ("javascript:void(0)", None, None),
        ("mailto:a@shop.example", None, None),
        ("https://[2001:db8::7]:8443/a", "2001:db8::7", "/a"),
        ("https://xn--bcher-kva.example/a", "xn--bcher-kva.example", "/a"),
        ("https://b\u00fccher.example/\u00e4", "b\u00fccher.example", "/\u00e4"),
    ],
)
def test_reads_what_pages_and_apps_have_for_addresses(
    url: str, host: str | None, path: str | None
) -> None:
    assert parse_url(url) == Url(host, path)


def test_reads_a_query_with_the_ampersands_of_html() -> None:
    url = parse_url(
        "https://shop.example/sale?utm_source=letter&amp;utm_medium=email&amp;gclid=G-1"
    )

    query = parse_query(str(url.query))
    assert url.query == "utm_source=letter&utm_medium=email&gclid=G-1"
    assert query == Query({"utm_source": "letter", "utm_medium": "email"}, {"gclid": "G-1"})
    assert plain_query("gclid=a&amp;fbclid=b") == "gclid=a&fbclid=b"


def test_finds_nothing_in_an_empty_text() -> None:
    assert parse_url("") == Url()


def test_finds_nothing_in_what_is_not_a_url() -> None:
    assert parse_url("http://[::1/sale") == Url()


def test_reads_campaign_and_click_ids() -> None:
    query = parse_query("utm_source=news&utm_campaign=spring%20sale&gclid=abc&page=2")

    assert query.utm == {"utm_source": "news", "utm_campaign": "spring sale"}
    assert query.click_ids == {"gclid": "abc"}


def test_takes_the_first_of_a_repeated_parameter() -> None:
    query = parse_query("utm_source=a&utm_source=b&fbclid=1&fbclid=2")

    assert (query.utm, query.click_ids) == ({"utm_source": "a"}, {"fbclid": "1"})


def test_reads_every_networks_click_id() -> None:
    query = "&".join(f"{name}=x" for name in sorted(CLICK_IDS))

    assert set(parse_query(query).click_ids) == CLICK_IDS.keys()


def test_reads_names_in_any_case() -> None:
    query = parse_query("UTM_Source=news&GCLID=AbC")

    assert (query.utm, query.click_ids) == ({"utm_source": "news"}, {"gclid": "AbC"})


def test_leaves_out_parameters_without_a_value() -> None:
    assert parse_query("utm_source=&gclid") == Query()


def test_finds_nothing_in_a_query_of_too_many_parameters() -> None:
    assert parse_query("&".join(["utm_source=a"] * 201)) == Query()


def test_reads_no_campaign_parameter_that_has_no_column() -> None:
    assert set(parse_query("&".join(f"utm_{n}=x" for n in range(100)) + "&utm_term=t").utm) <= UTM


@pytest.mark.parametrize("length", [LONGEST_CACHED, LONGEST_CACHED + 1, 30_000])
def test_reads_a_url_of_any_length(length: int) -> None:
    url = "https://shop.example/a?gclid=1&q=".ljust(length, "x")

    assert parse_url(url).host == "shop.example"
    assert parse_query(str(parse_url(url).query)).click_ids == {"gclid": "1"}


@given(st.text())
def test_stands_any_text(text: str) -> None:
    parse_url(text)
    parse_query(text)


def test_a_text_that_is_too_long_for_a_host_is_none() -> None:
    longest = f"{'a' * 61}." * 4 + "shop1"

    assert len(longest) == LONGEST_HOST
    assert parse_url(f"https://{longest}/sale").host == longest
    assert parse_url(f"https://{longest}x/sale") == Url(None, "/sale", None)
