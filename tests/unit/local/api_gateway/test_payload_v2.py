import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwater_local.api_gateway.payload_v2 import Headers, Request, to_event, to_response

NOW = datetime(2026, 3, 12, 19, 3, 58, 390000, UTC)


def _request(headers: Headers | None = None, body: bytes = b"", query: str = "") -> Request:
    return Request("POST", "/v1/track", query, headers or [], body, "127.0.0.1")


def _event(headers: Headers | None = None, body: bytes = b"", query: str = "") -> dict[str, Any]:
    return to_event(_request(headers, body, query), "id-1", NOW)


def test_says_what_was_asked_for_and_by_whom() -> None:
    event = _event([("Host", "api.example.com"), ("User-Agent", "curl/8")])

    assert event["version"] == "2.0"
    assert event["rawPath"] == "/v1/track"
    assert event["requestContext"]["http"] == {
        "method": "POST",
        "path": "/v1/track",
        "protocol": "HTTP/1.1",
        "sourceIp": "127.0.0.1",
        "userAgent": "curl/8",
    }
    assert event["requestContext"]["domainName"] == "api.example.com"
    assert event["requestContext"]["time"] == "12/Mar/2026:19:03:58 +0000"
    assert event["requestContext"]["timeEpoch"] == 1773342238390
    assert event["requestContext"]["stage"] == "$default"


def test_lowers_header_names_and_joins_repeated_ones() -> None:
    event = _event([("X-Tag", "a"), ("x-tag", "b")])

    assert event["headers"]["x-tag"] == "a,b"


def test_puts_the_address_of_the_client_last() -> None:
    event = _event([("X-Forwarded-For", "1.2.3.4")])

    assert event["headers"]["x-forwarded-for"] == "1.2.3.4,127.0.0.1"


def test_takes_cookies_out_of_the_headers() -> None:
    event = _event([("Cookie", "a=1; b=2"), ("Cookie", "c=3")])

    assert event["cookies"] == ["a=1", "b=2", "c=3"]
    assert "cookie" not in event["headers"]


def test_keeps_the_query_raw_and_joins_repeated_parameters() -> None:
    event = _event(query="a=1&a=%20&b=")

    assert event["rawQueryString"] == "a=1&a=%20&b="
    assert event["queryStringParameters"] == {"a": "1, ", "b": ""}


def test_leaves_out_what_is_not_there() -> None:
    event = _event()

    assert {"body", "cookies", "queryStringParameters"}.isdisjoint(event)


def test_passes_text_as_it_is() -> None:
    event = _event([("Content-Type", "application/json; charset=utf-8")], '{"a":"ü"}'.encode())

    assert event["body"] == '{"a":"ü"}'
    assert event["isBase64Encoded"] is False


@pytest.mark.parametrize(
    "headers",
    [
        [("Content-Type", "application/octet-stream")],
        [("Content-Type", "application/json"), ("Content-Encoding", "gzip")],
        [],
    ],
)
def test_encodes_what_may_be_binary(headers: Headers) -> None:
    event = _event(headers, b"plain")

    assert base64.b64decode(event["body"]) == b"plain"
    assert event["isBase64Encoded"] is True


def test_encodes_text_that_is_not_utf_8() -> None:
    event = _event([("Content-Type", "text/plain")], b"\xff\xfe")

    assert base64.b64decode(event["body"]) == b"\xff\xfe"


@given(
    body=st.binary(min_size=1),
    kind=st.sampled_from(["text/plain", "application/json", "image/png"]),
)
def test_no_body_is_changed_on_its_way(body: bytes, kind: str) -> None:
    event = json.loads(json.dumps(_event([("content-type", kind)], body)))

    echoed = to_response({"statusCode": 200, **{k: event[k] for k in ("body", "isBase64Encoded")}})

    assert echoed.body == body


def test_sends_what_the_function_returned() -> None:
    response = to_response(
        {
            "statusCode": 201,
            "headers": {"Content-Type": "text/plain", "X-Count": 3},
            "cookies": ["a=1", "b=2"],
            "body": "ok",
        }
    )

    assert response.status == 201
    assert response.headers == [
        ("Content-Type", "text/plain"),
        ("X-Count", "3"),
        ("set-cookie", "a=1"),
        ("set-cookie", "b=2"),
    ]
    assert response.body == b"ok"


def test_takes_an_answer_without_a_status_for_a_body() -> None:
    response = to_response({"hello": "world"})

    assert response.status == 200
    assert json.loads(response.body) == {"hello": "world"}


def test_an_answer_without_a_body_is_empty() -> None:
    assert to_response({"statusCode": 204}).body == b""


@pytest.mark.parametrize("answer", [{"statusCode": "x"}, {"statusCode": 200, "body": {"a": 1}}])
def test_refuses_an_answer_of_the_wrong_shape(answer: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        to_response(answer)
