import pytest

from headwater_collector.cors import cors_headers, preflight_headers

LISTED = {"https://a.example", "https://b.example"}


@pytest.mark.parametrize("origin", [None, "null", "https://a.example"])
def test_any_origin_may_read_by_default(origin: str | None) -> None:
    headers = cors_headers(origin, {"*"})

    assert headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in headers


def test_a_listed_origin_may_read() -> None:
    headers = cors_headers("https://a.example", LISTED)

    assert headers["access-control-allow-origin"] == "https://a.example"
    assert headers["vary"] == "Origin"
    assert "access-control-allow-credentials" not in headers


@pytest.mark.parametrize(
    "origin",
    [None, "null", "https://c.example", "http://a.example", "https://a.example.evil.example"],
)
def test_another_origin_may_not(origin: str | None) -> None:
    assert cors_headers(origin, LISTED) == {"vary": "Origin"}


def test_a_page_may_read_when_to_come_back() -> None:
    assert cors_headers(None, {"*"})["access-control-expose-headers"] == "retry-after"


def allowed_headers(asked: str) -> list[str]:
    names = preflight_headers("POST, OPTIONS", asked).get("access-control-allow-headers")
    return names.split(", ") if names else []


@pytest.mark.parametrize(
    "asked",
    [
        ["authorization", "content-type", "x-retry-count"],
        ["baggage", "content-type", "request-id", "sentry-trace", "traceparent", "tracestate"],
        ["b3", "x-b3-sampled", "x-b3-spanid", "x-b3-traceid", "x-datadog-trace-id"],
        ["anonymousid", "authorization", "rsa-since-last-attempt", "sentat"],
    ],
    ids=["Segment", "tracing", "more tracing", "RudderStack"],
)
def test_a_preflight_allows_the_headers_that_it_asks_for(asked: list[str]) -> None:
    assert allowed_headers(",".join(asked)) == asked
    assert allowed_headers(" , ".join(asked)) == asked


def test_a_preflight_that_asks_for_no_header_is_allowed_none() -> None:
    assert preflight_headers("POST, OPTIONS", "") == {
        "access-control-allow-methods": "POST, OPTIONS",
        "access-control-max-age": "7200",
    }


@pytest.mark.parametrize(
    "asked",
    ["*", " ", ",,", "a b", "a:b", "a\r\nset-cookie: b", "a;b", "é", "\x00", "(a)", "a" * 129],
)
def test_a_preflight_allows_no_header_whose_name_is_none(asked: str) -> None:
    assert allowed_headers(asked) == []
    assert allowed_headers(f"{asked},traceparent") == ["traceparent"]


def test_a_preflight_allows_the_first_of_a_thousand_headers() -> None:
    names = [f"x-header-{number}" for number in range(1000)]

    assert allowed_headers(",".join(names)) == names[:64]
