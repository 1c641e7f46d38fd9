"""The events that every contender writes: the same bytes to each."""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from headwater_contract.envelope import Entry, Envelope
from headwater_contract.stream_record import pack

EVENTS_A_RECORD = 20
BROWSERS = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
)
RECEIVED = datetime(2026, 11, 1, 12, tzinfo=UTC)


def invocation(first: int, events: int) -> dict[str, Any]:
    """Return a Kinesis invocation with ``events`` events, numbered from ``first``."""
    starts = range(first, first + events, EVENTS_A_RECORD)
    return {"Records": [record for start in starts for record in _records(start)]}


def _records(first: int) -> Iterator[dict[str, Any]]:
    envelope = Envelope(
        RECEIVED, "bench", ip="203.0.113.7", user_agent=BROWSERS[first // 20 % len(BROWSERS)]
    )
    entries = [_entry(number) for number in range(first, first + EVENTS_A_RECORD)]
    for data in pack(envelope, entries):
        yield {
            "eventID": f"shardId-000000000000:{first + 1}",
            "eventSourceARN": "arn:aws:kinesis:us-east-1:000000000000:stream/bench",
            "kinesis": {
                "sequenceNumber": str(first + 1),
                "data": base64.b64encode(data).decode(),
                "approximateArrivalTimestamp": RECEIVED.timestamp(),
            },
        }


def _entry(number: int) -> Entry:
    page = f"/bottles/{number % 50}"
    event_id = f"bench-{number}"
    message = {
        "type": "track",
        "event": ("link_click", "add_to_basket", "search")[number % 3],
        "messageId": event_id,
        "anonymousId": f"device-{number % 997}",
        "timestamp": (RECEIVED - timedelta(milliseconds=number % 60_000)).isoformat(),
        "properties": {"href": f"https://shop.example/{number % 50}", "position": number % 7},
        "context": {
            "page": {
                "path": page,
                "url": f"https://shop.example{page}?utm_source=mail&gclid=g{number % 9}",
                "referrer": "https://search.example/",
                "title": "Bottles",
            },
            "library": {"name": "headwater.js", "version": "0.1.0"},
            "locale": "en-GB",
            "timezone": "Europe/Oslo",
            "screen": {"width": 1440, "height": 900},
            "sessionId": f"session-{number % 499}",
            "sessionNumber": number % 5 + 1,
            "pageViewId": f"view-{number % 1999}",
        },
    }
    return Entry(json.dumps(message).encode(), "track", event_id)
