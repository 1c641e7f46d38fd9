from typing import Any

import pytest

from headwater_collector.request import read_request
from unit.collector.client import recorded_event


def test_reads_what_an_http_api_sends() -> None:
    request = read_request(recorded_event("http_api.json"))

    assert (request.method, request.path, request.stage_path) == ("POST", "/v1/track", "")
    assert request.ip == "203.0.113.7"
    assert request.headers["accept-language"] == "de-AT,de;q=0.9"


def test_reads_what_a_function_url_sends_without_a_body() -> None:
    request = read_request(recorded_event("function_url.json"))

    assert (request.method, request.path, request.body) == ("GET", "/health", "")
    assert request.ip == "2001:db8::7"


def test_takes_a_named_stage_off_the_path() -> None:
    request = read_request(recorded_event("http_api_stage.json"))

    assert (request.stage_path, request.path) == ("/test", "/v1/batch")


def test_leaves_a_path_that_only_begins_like_the_stage() -> None:
    event = recorded_event("http_api_stage.json") | {"rawPath": "/testing/v1/batch"}

    assert read_request(event).path == "/testing/v1/batch"


def test_takes_a_bare_stage_for_the_root() -> None:
    event = recorded_event("http_api_stage.json") | {"rawPath": "/test"}

    assert read_request(event).path == "/"


def test_ignores_a_slash_at_the_end_of_the_path() -> None:
    event = recorded_event("http_api.json") | {"rawPath": "/v1/track/"}

    assert read_request(event).path == "/v1/track"


@pytest.mark.parametrize(
    ("raw_path", "path"),
    [
        ("//v1/batch", "/v1/batch"),
        ("/v1//batch", "/v1/batch"),
        ("///v1///batch///", "/v1/batch"),
        ("/" * 10_000 + "v1" + "/" * 10_000 + "batch", "/v1/batch"),
        ("/" * 10_000, "/"),
    ],
    ids=["of a host", "of a path", "everywhere", "ten thousand", "nothing else"],
)
def test_takes_slashes_in_a_row_for_one(raw_path: str, path: str) -> None:
    event = recorded_event("http_api.json") | {"rawPath": raw_path}

    assert read_request(event).path == path


@pytest.mark.parametrize("raw_path", ["/test//v1/batch", "//test/v1/batch", "//test//v1//batch/"])
def test_takes_a_stage_off_whatever_slashes_are_around_it(raw_path: str) -> None:
    event = recorded_event("http_api_stage.json") | {"rawPath": raw_path}

    assert read_request(event).path == "/v1/batch"


def test_reads_the_query() -> None:
    event = recorded_event("http_api.json") | {"queryStringParameters": {"writeKey": "é\ud800"}}

    assert read_request(event).query == {"writeKey": "é?"}
    assert read_request(recorded_event("function_url.json")).query == {}


def test_reads_header_names_in_any_case() -> None:
    event = recorded_event("http_api.json") | {"headers": {"Content-Type": "text/plain"}}

    assert read_request(event).headers == {
        "content-type": "text/plain",
        "cookie": "theme=dark; visit=42",
    }


def test_puts_cookies_back_among_the_headers() -> None:
    request = read_request(recorded_event("http_api.json"))

    assert request.headers["cookie"] == "theme=dark; visit=42"


def test_takes_the_visitors_place_from_a_cloudfront_that_is_trusted() -> None:
    request = read_request(recorded_event("cloudfront.json"), trust_cloudfront=True)

    assert (request.ip, request.country, request.city) == ("2001:db8::abcd", "CH", "Zürich")


def test_believes_no_header_about_the_visitors_place_otherwise() -> None:
    request = read_request(recorded_event("cloudfront.json"))

    assert (request.ip, request.country, request.city) == ("192.0.2.99", None, None)


def test_knows_no_place_if_a_trusted_cloudfront_does_not_say() -> None:
    request = read_request(recorded_event("http_api.json"), trust_cloudfront=True)

    assert (request.ip, request.country, request.city) == ("203.0.113.7", None, None)


def test_tells_the_user_agent() -> None:
    request = read_request(recorded_event("cloudfront.json"))

    assert request.user_agent == request.headers["user-agent"]


def test_keeps_headers_short_and_valid_unicode() -> None:
    event = recorded_event("http_api.json") | {"headers": {"user-agent": "\udc80" + "x" * 5000}}

    user_agent = read_request(event).headers["user-agent"]

    assert user_agent == "?" + "x" * 2047


def test_no_text_is_without_utf_8() -> None:
    event = recorded_event("http_api_stage.json") | {"rawPath": "/test/v1/\ud800"}
    event["requestContext"]["http"]["method"] = "\udfff"

    request = read_request(event)

    assert (request.method, request.stage_path, request.path) == ("?", "/test", "/v1/?")


TOLD = "5f0c3c1e"
OF_THE_EDGE = {"headwater-viewer-address": "2001:db8::9", "headwater-viewer-host": "shop.example"}


def through_the_edge(secret: str) -> dict[str, Any]:
    event = recorded_event("http_api.json")
    event["headers"] |= OF_THE_EDGE | {"headwater-edge-secret": secret}
    return event


def test_our_own_distribution_names_the_visitor_and_the_host() -> None:
    request = read_request(through_the_edge(TOLD), edge_secret=TOLD)

    assert (request.ip, request.headers["host"]) == ("2001:db8::9", "shop.example")
    assert not [name for name in request.headers if name.startswith("headwater-")]


@pytest.mark.parametrize(("sent", "known"), [("guessed", TOLD), ("", ""), ("é", TOLD)])
def test_nobody_else_does(sent: str, known: str) -> None:
    usual = read_request(recorded_event("http_api.json"))

    request = read_request(through_the_edge(sent), edge_secret=known)

    assert (request.ip, request.headers) == (usual.ip, usual.headers)
