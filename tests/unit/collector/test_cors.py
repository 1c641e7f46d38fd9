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


@pytest.mark.parametrize(
    "name", ["authorization", "content-encoding", "content-type", "x-retry-count"]
)
def test_a_preflight_allows_what_segments_clients_send(name: str) -> None:
    headers = preflight_headers("POST, OPTIONS")

    assert name in headers["access-control-allow-headers"].split(", ")
    assert headers["access-control-allow-methods"] == "POST, OPTIONS"
