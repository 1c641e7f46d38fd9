import json
from datetime import UTC, datetime
from typing import Any

import pytest

from headwater_collector.manymetrics import validate_identify, validate_track
from headwater_contract.times import parse_time
from unit.collector.client import Client

COMMON = {
    "session_id": "s4x8k2m1q",
    "client_event_time": "2026-01-31T13:36:59.123Z",
    "path": "/pricing",
    "host": "shop.example:8080",
}
PAGE_VIEW = {
    "event_type": "Pageview",
    "user_id": "k3j9x0a7b",
    "user_agent": "Mozilla/5.0",
    **COMMON,
    "referrer": "https://search.example/",
}
IDENTIFY = {"prev_user_id": "k3j9x0a7b", "new_user_id": "ada@shop.example", **COMMON}
CONTEXT = {
    "library": {"name": "manymetrics"},
    "channel": "browser",
    "sessionId": "s4x8k2m1q",
    "page": {"path": "/pricing", "url": "https://shop.example:8080/pricing"},
}


def track(**fields: object) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(validate_track(json.dumps(fields).encode()).entry.body)
    return message


def test_translates_what_its_sdk_tracks() -> None:
    assert track(**PAGE_VIEW, plan="free") == {
        "type": "track",
        "event": "Pageview",
        "anonymousId": "k3j9x0a7b",
        "timestamp": "2026-01-31T13:36:59.123Z",
        "properties": {"plan": "free"},
        "context": {
            **CONTEXT,
            "userAgent": "Mozilla/5.0",
            "page": {**CONTEXT["page"], "referrer": "https://search.example/"},  # type: ignore[dict-item]
        },
    }


def test_translates_what_its_sdk_identifies() -> None:
    validation = validate_identify(json.dumps(IDENTIFY).encode())

    assert validation.subject == "k3j9x0a7b"
    assert json.loads(validation.entry.body) == {
        "type": "identify",
        "anonymousId": "k3j9x0a7b",
        "userId": "ada@shop.example",
        "timestamp": "2026-01-31T13:36:59.123Z",
        "context": CONTEXT,
    }


def test_takes_the_new_id_from_user_id_too() -> None:
    body = b'{"prev_user_id":"device","user_id":"ada","plan":"free"}'

    message = json.loads(validate_identify(body).entry.body)

    assert (message["anonymousId"], message["userId"]) == ("device", "ada")
    assert message["traits"] == {"plan": "free"}


@pytest.mark.parametrize("user_id", ["k3j9x0a7b", "abcdefghi", "0000000a0"])
def test_what_its_sdk_makes_up_is_a_device(user_id: str) -> None:
    message = track(event_type="e", user_id=user_id)

    assert (message.get("anonymousId"), message.get("userId")) == (user_id, None)


@pytest.mark.parametrize("user_id", ["ada@shop.example", "42", "123456789", "Ada123456", "ada"])
def test_after_identify_the_id_is_a_known_users(user_id: str) -> None:
    message = track(event_type="e", user_id=user_id)

    assert (message.get("anonymousId"), message.get("userId")) == (None, user_id)


@pytest.mark.parametrize(
    "timestamp",
    [
        1769866620,
        1769866620.0,
        1769866620000,
        1769866620000000,
        1769866620000000000,
        "1769866620",
        "1769866620000",
        "2026-01-31T13:37:00Z",
    ],
)
def test_reads_an_epoch_in_any_unit(timestamp: object) -> None:
    message = track(event_type="e", user_id="u", timestamp=timestamp)

    assert parse_time(message["timestamp"]) == datetime(2026, 1, 31, 13, 37, tzinfo=UTC)


def test_its_own_time_goes_before_an_epoch() -> None:
    message = track(event_type="e", user_id="u", timestamp=1, client_event_time="2026-01-31")

    assert message["timestamp"] == "2026-01-31"


def test_takes_an_id_and_a_url() -> None:
    message = track(event_type="e", user_id="u", event_id="m-1", url="http://a.example/b", host="c")

    assert message["messageId"] == "m-1"
    assert message["context"]["page"] == {"url": "http://a.example/b"}


def test_leaves_out_what_is_not_there() -> None:
    assert track(event_type="e", user_id="k3j9x0a7b") == {
        "type": "track",
        "event": "e",
        "anonymousId": "k3j9x0a7b",
        "context": {"library": {"name": "manymetrics"}, "channel": "browser"},
    }


def test_keeps_the_text_of_properties() -> None:
    body = b'{"event_type":"e","user_id":"u","price":1.10,"list":[1, 2]}'

    assert b'"properties":{"price":1.10,"list":[1, 2]}' in validate_track(body).entry.body


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"user_id":"u"}', "event_type is missing"),
        (b'{"event_type":"e"}', "user_id is missing"),
        (b'{"event_type":"e","user_id":true}', "user_id must be text or a whole number"),
        (b'{"event_type":"e","user_id":"u","path":1}', "path must be text, and is a number"),
        (b'{"event_type":"e","user_id":"u","client_event_time":"x"}', "client_event_time 'x' is"),
        (b'{"event_type":"e","user_id":"u","timestamp":"x"}', "timestamp 'x' is not an ISO"),
        (b'{"event_type":"e","user_id":"u","timestamp":-1}', "timestamp '-1' counts no seconds"),
        (b'{"event_type":"e","user_id":"u","timestamp":1e300}', "timestamp '1e+300' counts no"),
        (b'{"event_type":"e","user_id":"u","timestamp":true}', "timestamp must be text or a numb"),
        (b'{"event_type":"e","user_id":"u","x":NaN}', "not valid JSON"),
        (b'{"event_type":"e","user_id":"u","x":"%b"}' % (b"x" * 33_000), "send at most 32768"),
        (b"[]", "it must be an object"),
        (b"\xff", "not valid UTF-8"),
    ],
)
def test_refuses_a_bad_event_and_keeps_its_own_bytes(body: bytes, reason: str) -> None:
    entry = validate_track(body).entry

    assert reason in (entry.refusal or "")
    assert entry.body == body


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"prev_user_id":"u"}', "new_user_id and user_id are both missing"),
        (b'{"new_user_id":1.5}', "new_user_id must be text or a whole number"),
        (b"{", "it ends too early"),
    ],
)
def test_refuses_a_bad_identify_and_keeps_its_own_bytes(body: bytes, reason: str) -> None:
    entry = validate_identify(body).entry

    assert reason in (entry.refusal or "")
    assert entry.body == body


def test_its_unmodified_sdk_is_answered_across_origins(client: Client) -> None:
    preflight = client.request(
        "OPTIONS",
        "/track",
        headers={
            "origin": "https://shop.example",
            "access-control-request-method": "POST",
            "access-control-request-headers": "content-type",
        },
    )
    response = client.post("/track", PAGE_VIEW, {"origin": "https://shop.example"})

    assert preflight.status == 204
    assert "content-type" in preflight.headers["access-control-allow-headers"]
    assert response.status == 200
    assert response.headers["access-control-allow-origin"] == "*"
    assert len(client.accepted) == 1
