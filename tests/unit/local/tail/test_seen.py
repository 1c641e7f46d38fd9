import json
from datetime import UTC, datetime

import pytest

from headwater_contract.envelope import Entry, Envelope
from headwater_contract.kinesis_event import ReceivedRecord, decode
from headwater_contract.stream_record import pack
from headwater_local.tail.seen import Fate, Seen, kind_of, of_stream, printable

NOW = datetime(2026, 1, 1, 12, 30, 15, 250_000, tzinfo=UTC)
SHARD = "events/shardId-000000000000"
TRACK = Entry(b'{"userId":"u","event":"Order placed"}', "track", "id-1")


def _seen(*entries: Entry) -> list[Seen]:
    [data] = pack(Envelope(NOW, "shop"), entries)
    return [of_stream(found, NOW) for found in decode(ReceivedRecord(SHARD, "4957", data, NOW))]


def test_tells_what_was_accepted_and_where_it_is() -> None:
    [seen] = _seen(TRACK)

    assert seen.text == (
        "12:30:15.250  ✓ accepted  track Order placed  app shop  id-1  shardId-000000000000:4957:0"
    )


def test_tells_why_a_message_was_refused() -> None:
    body = b'{"event":"paid"}'

    _, seen = _seen(TRACK, Entry(body, "track", refusal="userId is missing"))

    assert seen.fate is Fate.REFUSED
    assert seen.text.endswith(
        "✗ refused  track paid  app shop  shardId-000000000000:4957:1  userId is missing"
    )


@pytest.mark.parametrize(
    ("text", "route", "kind"),
    [
        (b'{"type":"page"}', None, ("page", "page_view")),
        (b'{"event":"paid"}', None, ("track", "paid")),
        (b'{"type":"page","event":"paid"}', "track", ("track", "paid")),
        (b'{"type":"clck"}', None, ("clck", "clck")),
        (b"{", "track", ("track", None)),
        (b"\xff", None, (None, None)),
    ],
)
def test_tells_the_kind_of_any_message_as_far_as_it_says(
    text: bytes, route: str | None, kind: tuple[str | None, str | None]
) -> None:
    assert kind_of(text, route) == kind


def test_tells_of_a_record_that_cannot_be_read() -> None:
    [seen] = [of_stream(found, NOW) for found in decode(ReceivedRecord(SHARD, "1", b"?", NOW))]

    assert (seen.fate, seen.at, seen.app_id) == (Fate.REFUSED, NOW, None)
    assert seen.reason is not None
    assert "not Headwater's" in seen.reason


def test_is_a_line_of_json_for_programs() -> None:
    [seen] = _seen(Entry(b'{"userId":"u"}', "page", "id-2"))

    assert json.loads(seen.json) == {
        "at": "2026-01-01T12:30:15.250000Z",
        "fate": "accepted",
        "app_id": "shop",
        "message_type": "page",
        "event_type": "page_view",
        "event_id": "id-2",
        "reason": None,
        "shard": SHARD,
        "sequence": "4957",
        "index": 0,
    }


@pytest.mark.parametrize("hostile", ["\x1b[2J", "a\rb", "\u202egnp", "\n✓ accepted"])
def test_what_a_client_wrote_cannot_steer_the_terminal(hostile: str) -> None:
    body = json.dumps({"userId": "u", "event": hostile}).encode()

    [seen] = _seen(Entry(body, "track", "id-1"))

    assert seen.event_type == hostile
    assert seen.text.isprintable()
    assert printable(hostile).isprintable()
