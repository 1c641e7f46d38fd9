import json
from typing import Any

import pytest

from headwater_collector.page_hit import validate_hit


def translated(**fields: object) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(validate_hit(json.dumps(fields).encode()).entry.body)
    return message


def test_becomes_a_page_call() -> None:
    hit = {"pagePath": "/a", "timestamp": 1769866625123, "userId": "u", "plan": "free"}

    assert translated(**hit) == {
        "type": "page",
        "timestamp": "2026-01-31T13:37:05.123000Z",
        "userId": "u",
        "properties": {"path": "/a", "plan": "free"},
    }


def test_keeps_what_it_says_of_the_page_and_the_visitor() -> None:
    of_page = {"url": "https://shop.example/a", "title": "A", "referrer": "https://b.example/"}

    message = translated(
        pagePath="/a", messageId="m", anonymousId="v", userAgent="Mozilla/5.0", **of_page
    )

    assert message == {
        "type": "page",
        "messageId": "m",
        "anonymousId": "v",
        "properties": {"path": "/a", **of_page},
        "context": {"userAgent": "Mozilla/5.0"},
    }


@pytest.mark.parametrize(
    "timestamp", [1769866625, 1769866625000, "1769866625", "2026-01-31T13:37:05Z"]
)
def test_reads_a_time_in_any_unit(timestamp: object) -> None:
    assert translated(pagePath="/a", timestamp=timestamp)["timestamp"][:19] == "2026-01-31T13:37:05"


def test_makes_each_hit_without_an_id_a_visitor_of_its_own() -> None:
    first, second = (validate_hit(b'{"pagePath":"/a"}').subject for _ in range(2))

    assert first
    assert second
    assert first != second


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"[", "the page hit cannot be read"),
        (b'{"pagePath":7}', "the page hit cannot be read"),
        (b"{}", "pagePath is missing: send the page's path"),
        (b'{"pagePath":""}', "pagePath is missing: send the page's path"),
        (b'{"pagePath":"/a","timestamp":-5}', "timestamp '-5' counts no seconds"),
        (b'{"pagePath":"/a","timestamp":"soon"}', "timestamp 'soon' is not an ISO 8601 date-time"),
    ],
)
def test_refuses_what_is_not_a_page_hit_and_keeps_its_bytes(body: bytes, reason: str) -> None:
    validation = validate_hit(body)

    assert (validation.refusal or "").startswith(reason)
    assert validation.entry.body == body
