"""Spot checks; what every field becomes is shown by the golden cases."""

import json
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwater_contract.envelope import Entry, Envelope
from headwater_contract.fields import MESSAGE_TYPES, MessageType
from headwater_contract.ip_policy import IpPolicy
from headwater_contract.tables import EVENTS, IDENTIFIES
from headwater_writer.rows.message import UnshapeableError
from headwater_writer.rows.rows import Row, Rules, shape
from unit.writer.builders import ENVELOPE, RECEIVED, body, entry

WRITTEN_LATER = {"load_time", "ingest_shard", "ingest_sequence", "ingest_index"}

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
contexts = st.dictionaries(
    st.sampled_from(["page", "campaign", "library", "screen", "ip", "locale", "sessionNumber"]),
    json_values | st.dictionaries(st.sampled_from(["url", "name", "width", "search"]), json_values),
)


def event(**context: object) -> Row:
    return shape(entry(context=context), ENVELOPE, Rules()).event


def test_fills_every_column_that_the_writer_does_not_fill_later() -> None:
    shaped = shape(Entry(body(), "identify", "m-1"), ENVELOPE, Rules())

    assert set(shaped.event) == {column.name for column in EVENTS.columns} - WRITTEN_LATER
    assert (
        set(shaped.identify or ()) == {column.name for column in IDENTIFIES.columns} - WRITTEN_LATER
    )


@pytest.mark.parametrize("message_type", MESSAGE_TYPES)
def test_joins_two_ids_if_a_message_does(message_type: str) -> None:
    shaped = shape(Entry(body(), message_type, "m-1"), ENVELOPE, Rules())

    assert (shaped.identify is not None) == (message_type in {"identify", "alias"})


def test_keeps_an_address_by_the_policy() -> None:
    shaped = shape(entry(), ENVELOPE, Rules(ip_policy="truncated"))

    assert shaped.event["ip_address"] == "203.0.113.0"


@pytest.mark.parametrize(
    ("policy", "kept"),
    [("full", "203.0.113.77"), ("truncated", "203.0.113.0"), ("none", None)],
)
def test_keeps_the_address_of_a_context_by_the_policy(policy: IpPolicy, kept: str | None) -> None:
    message = entry(context={"ip": "203.0.113.77", "channel": "server"}, ip="203.0.113.77")
    envelope = replace(ENVELOPE, headers={"*": {"x-real-ip": "203.0.113.77", "dnt": "1"}})

    row = shape(message, envelope, Rules(ip_policy=policy)).event

    context = json.loads(row["context"])
    assert (row["ip_address"], context["ip"], context["$message"]["ip"]) == (kept, kept, kept)
    assert row["headers"].get("x-real-ip") == ("203.0.113.77" if policy == "full" else None)


@pytest.mark.parametrize("message_type", MESSAGE_TYPES)
@pytest.mark.parametrize("ip", ["203.0.113.77", ["203.0.113.77"], "203.0.113.77:443"])
def test_has_an_address_in_no_column_if_the_policy_wants_none(
    message_type: MessageType, ip: object
) -> None:
    message = Entry(body(context={"ip": ip}, ip=ip), message_type, "m-1")
    envelope = Envelope(RECEIVED, "shop", ip="203.0.113.77")

    shaped = shape(message, envelope, Rules(ip_policy="none"))

    assert "203.0.113.77" not in repr(shaped)


def test_shapes_a_page_call_with_a_number_that_nothing_holds() -> None:
    properties = b'{"url":"https://shop.example/x","score":1e400}'
    message = b'{"anonymousId":"d-1","properties":' + properties + b"}"

    row = shape(Entry(message, "page", "m-1"), ENVELOPE, Rules()).event

    assert (row["host"], row["properties"]) == ("shop.example", properties.decode())


def test_does_not_believe_a_browser_about_its_address() -> None:
    assert event(channel="browser", ip="192.0.2.1")["ip_address"] == "203.0.113.9"
    assert event(channel="server", ip="192.0.2.1")["ip_address"] == "192.0.2.1"


@pytest.mark.parametrize(
    ("captured", "headers"),
    [
        ({"Ping": {"dnt": "1"}, "*": {"via": "x"}}, {"dnt": "1"}),
        ({"Pong": {"dnt": "1"}, "*": {"via": "x"}}, {"via": "x"}),
        ({"Pong": {"dnt": "1"}}, None),
    ],
)
def test_keeps_the_headers_of_its_event_type(
    captured: dict[str, dict[str, str]], headers: dict[str, str] | None
) -> None:
    envelope = Envelope(RECEIVED, "shop", headers=captured)

    assert shape(entry(), envelope, Rules()).event["headers"] == headers


@pytest.mark.parametrize(
    ("number", "kept"),
    [
        (3, 3),
        (3.0, 3),
        (2**31, None),
        (1e300, None),
        ("3", 3),
        ("three", None),
        (True, None),
        (None, None),
    ],
)
def test_keeps_a_session_number_that_fits(number: object, kept: int | None) -> None:
    assert event(sessionNumber=number)["session_number"] == kept


@pytest.mark.parametrize(
    ("screen", "kept"),
    [
        ({"width": 1920, "height": 1080}, "1920x1080"),
        ({"width": 1919.5, "height": 1080}, "1919x1080"),
        ({"width": 0, "height": 1080}, None),
        ({"height": 1080}, None),
        ("wide", None),
    ],
)
def test_says_the_screens_size(screen: object, kept: str | None) -> None:
    assert event(screen=screen)["screen"] == kept


@pytest.mark.parametrize("message_type", [None, "", "click", "TRACK", "x" * 10_000])
def test_refuses_an_unknown_type(message_type: str | None) -> None:
    with pytest.raises(UnshapeableError, match=r"the type .{0,40} is unknown"):
        shape(Entry(body(), message_type, "m-1"), ENVELOPE, Rules())


@pytest.mark.parametrize("timestamp", ["tomorrow", "2026-02-30", "0000-01-01", "99999-01-01"])
def test_refuses_a_time_that_is_none(timestamp: str) -> None:
    with pytest.raises(UnshapeableError, match="timestamp"):
        shape(entry(timestamp=timestamp), ENVELOPE, Rules())


@pytest.mark.parametrize("year", [1, 9999])
def test_stands_a_record_that_came_at_the_ends_of_the_calendar(year: int) -> None:
    received = datetime(year, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
    message = entry(timestamp="2026-01-31T13:37:00Z")

    shaped = shape(message, Envelope(received, "shop"), Rules())

    assert (shaped.event["event_time"], shaped.event["time_source"]) == (received, "clamped")


def test_refuses_a_message_however_deeply_it_nests_or_keeps_it() -> None:
    outcomes = {outcome_of_nesting(depth) for depth in (*range(100, 300), 100_000)}

    assert outcomes == {"shaped", "refused"}


def outcome_of_nesting(depth: int) -> str:
    nested = b'{"userId":"u","event":"e","x":' + b"[" * depth + b"]" * depth + b"}"
    try:
        shape(Entry(nested, "track", "m-1"), ENVELOPE, Rules())
    except UnshapeableError:
        return "refused"
    return "shaped"


@given(contexts, st.sampled_from(MESSAGE_TYPES))
def test_refuses_or_shapes_any_context(context: dict[str, Any], message_type: str) -> None:
    nothing_else = {"userId": "u-1", "event": "Ping"}
    message = json.dumps({**nothing_else, "context": context}).encode()
    try:
        row = shape(Entry(message, message_type, "m-1"), ENVELOPE, Rules()).event
    except UnshapeableError:
        return
    assert (row["user_id"], row["event_id"]) == ("u-1", "m-1")


MEGABYTE = 1024 * 1024
LONG = "\U0001f600" + "x" * 30_000


def kept_after(shape_one: Callable[[int], object], times: int) -> int:
    """Return the bytes that stay allocated when many different messages have been shaped."""
    tracemalloc.start()
    try:
        shape_one(0)
        before = tracemalloc.get_traced_memory()[0]
        for number in range(1, times):
            shape_one(number)
        return tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "context",
    [
        {"ip": "{0}"},
        {"page": {"url": "https://shop.example/{0}"}},
        {"page": {"url": "https://shop.example/?{0}"}},
        {"page": {"referrer": "https://shop.example/{0}"}},
        {"page": {"search": "?gclid={0}"}},
        {"userAgent": "{0}"},
    ],
    ids=str,
)
def test_remembers_no_long_text(context: dict[str, Any]) -> None:
    text = json.dumps(context)

    def shape_one(number: int) -> object:
        return event(**json.loads(text.replace("{0}", f"{number}{LONG}")))

    assert kept_after(shape_one, 1100) < 50 * MEGABYTE
