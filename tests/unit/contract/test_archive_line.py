import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwater_contract.archive_line import (
    COLUMNS,
    Archived,
    UnreadableLineError,
    archive_line,
    read_archive_line,
)
from headwater_contract.envelope import Entry, Envelope

RECEIVED = datetime(2026, 1, 31, 13, 37, 1, tzinfo=UTC)
MINIMAL = Envelope(RECEIVED, "shop")
FULL = Envelope(
    RECEIVED,
    "shop",
    RECEIVED - timedelta(seconds=1),
    context='{"ip": "203.0.113.9"}',
    integrations='{"All":true}',
    is_import=True,
    gpc=True,
    ip="203.0.113.9",
    user_agent="curl/8",
    country="CH",
    city="Zürich",
    headers={"*": {"dnt": "1"}},
)
BODY = b'{"event":"e", "userId":"u","properties":{"a":1.10,"b":"\\n"}}'
texts = st.text(st.characters(exclude_categories=["Cs"]))
properties = st.dictionaries(texts, st.integers() | texts | st.none(), max_size=3)


def archived(envelope: Envelope = MINIMAL, body: bytes = BODY) -> Archived:
    return Archived(envelope, Entry(body, "track", "m-1"), "clicks/shardId-0", "0042", 3)


def line(**changes: object) -> bytes:
    members: dict[str, Any] = json.loads(archive_line(archived()))
    kept = {name: value for name, value in {**members, **changes}.items() if value is not None}
    return json.dumps(kept).encode()


@pytest.mark.parametrize("envelope", [MINIMAL, FULL])
def test_keeps_all_that_a_row_is_made_of(envelope: Envelope) -> None:
    assert read_archive_line(archive_line(archived(envelope))) == archived(envelope)


@given(properties)
def test_keeps_a_message_byte_for_byte(sent: dict[str, object]) -> None:
    body = json.dumps({"event": "e", "properties": sent}, ensure_ascii=False).encode()

    found = read_archive_line(archive_line(archived(body=body)))

    assert found == archived(body=body)


def test_is_one_line_though_the_message_is_several() -> None:
    body = json.dumps({"event": "a\nb", "properties": {"c": 1}}, indent=2).encode()

    text = archive_line(archived(FULL, body.replace(b"\n", b"\r\n")))

    assert text.count(b"\n") == 1
    assert text.endswith(b"}\n")
    assert json.loads(text)["message"] == json.loads(body)


def test_leaves_out_what_is_not_there() -> None:
    assert json.loads(archive_line(archived())).keys() == {
        *("archive_version", "event_id", "message_type", "app_id", "received_at"),
        *("shard", "sequence", "index", "message"),
    }
    assert tuple(json.loads(archive_line(archived(FULL)))) == COLUMNS


@pytest.mark.parametrize(
    "text", [b"", b"{", b"[]", b"7", b'"x"', b"{}", b'{"event":"e","userId":"u"}', b"\xff"]
)
def test_leaves_anything_else_alone(text: bytes) -> None:
    assert read_archive_line(text) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"archive_version": 2},
        {"archive_version": "1"},
        {"event_id": None},
        {"received_at": "yesterday"},
        {"sequence": "4²"},
        {"sequence": "-4"},
        {"sequence": "4" * 5000},
        {"shard": "clicks"},
        {"shard": "clicks/" + "s" * 200},
        {"index": "3"},
        {"index": -1},
        {"index": 2**31},
        {"message": None},
    ],
)
def test_says_that_a_line_is_damaged(changes: dict[str, object]) -> None:
    with pytest.raises(UnreadableLineError, match="the archive's line"):
        read_archive_line(line(**changes))
