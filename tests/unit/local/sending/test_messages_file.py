import json
from collections.abc import Iterable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwater_contract.accept import Refused, accept
from headwater_contract.limits import MAX_MESSAGE_BYTES, MAX_REQUEST_BYTES
from headwater_local.sending.messages_file import (
    Message,
    Refusal,
    batches,
    read_messages,
    request_body,
)


def _messages(*lines: bytes) -> list[Message]:
    return [item for item in read_messages(lines) if isinstance(item, Message)]


def _refusals(*lines: bytes) -> list[Refusal]:
    return [item for item in read_messages(lines) if isinstance(item, Refusal)]


def _of_size(size: int, line: int = 1) -> Message:
    return Message(line, b"x" * size, size)


def test_a_line_goes_as_the_bytes_that_it_is() -> None:
    line = (
        '{"type":"track","event":"é","userId":"u","messageId":"m-1","properties":'
        '{"a":1.10,"b":12345678901234567890123,"c":1e2,"d":"\\u00e9","a":1,  "e":1E400}}'
    ).encode()

    [message] = _messages(line + b" \r\n")

    assert message.body == line


def test_adds_what_is_missing_behind_what_is_there() -> None:
    [message] = _messages(b'{ "event" : "e", "userId" : "u", "messageId":null }')

    before, _, added = message.body.partition(b',"messageId":"')
    assert before == b'{ "event" : "e", "userId" : "u", "messageId":null'
    assert json.loads(message.body)["type"] == "track"
    assert added.endswith(b"}")


def test_a_message_with_an_event_and_no_type_is_a_track_call() -> None:
    [message] = _messages(b'{"event":"e","userId":"u"}')

    assert json.loads(message.body)["type"] == "track"


def test_a_type_is_kept() -> None:
    [message] = _messages(b'{"type":"page","event":"e","userId":"u"}')

    assert json.loads(message.body)["type"] == "page"


def test_gives_each_line_an_id_of_its_own() -> None:
    lines = [b'{"type":"page","userId":"u"}', b'{"type":"page","userId":"u","messageId":""}']

    ids = {json.loads(message.body)["messageId"] for message in _messages(*lines, *lines)}

    assert len(ids - {""}) == 4


def test_gives_a_line_the_same_id_each_time() -> None:
    lines = [b'{"event":"e","userId":"u"}\n', b'{"event":"f","userId":"u"}\n']

    assert _messages(*lines) == _messages(*lines)
    assert _messages(*lines) == _messages(*lines, lines[0])[:2]


def test_keeps_an_id_that_is_there() -> None:
    [message] = _messages(b'{"messageId":"mine","type":"page","userId":"u"}')

    assert json.loads(message.body)["messageId"] == "mine"


def test_counts_lines_from_one_and_blank_ones_too() -> None:
    line = b'{"type":"page","userId":"u"}\n'

    assert [message.line for message in _messages(line, b"\n", line)] == [1, 3]


@pytest.mark.parametrize(
    "line", [b"{bad", b"[1]", b"\xff", b"[" * 30_000, b"{}", b'{"type":"track","userId":["u"]}']
)
def test_says_of_a_line_what_the_collector_would_say(line: bytes) -> None:
    [refusal] = _refusals(line)

    assert Refused(refusal.reason) == accept(line)


def test_refuses_a_message_over_the_limit() -> None:
    [refusal] = _refusals(json.dumps({"event": "x" * MAX_MESSAGE_BYTES}).encode())

    assert refusal.reason.endswith(f"send at most {MAX_MESSAGE_BYTES}")


def test_knows_when_a_message_happened() -> None:
    [message] = _messages(b'{"event":"e","userId":"u","timestamp":"2026-01-31T13:37:00Z"}')

    assert message.happened == datetime(2026, 1, 31, 13, 37, tzinfo=UTC)


def test_a_batch_has_at_most_so_many_messages() -> None:
    sizes = [len(batch) for batch in batches((_of_size(2) for _ in range(5)), 2)]

    assert sizes == [2, 2, 1]


@given(st.lists(st.integers(2, MAX_MESSAGE_BYTES), max_size=60))
def test_every_request_is_within_the_limit_and_nothing_is_lost(sizes: list[int]) -> None:
    messages = [_of_size(size, line) for line, size in enumerate(sizes, 1)]

    gathered = list(batches(messages, 1000))

    assert all(len(request_body(batch)) <= MAX_REQUEST_BYTES for batch in gathered)
    assert _flat(gathered) == messages


def _flat(gathered: Iterable[list[Message]]) -> list[Message]:
    return [message for batch in gathered for message in batch]
