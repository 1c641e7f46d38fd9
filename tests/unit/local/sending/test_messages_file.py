import json
from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

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


def test_a_message_with_an_event_and_no_type_is_a_track_call() -> None:
    [message] = _messages(b'{"event":"e","userId":"u"}')

    assert json.loads(message.body)["type"] == "track"


def test_a_type_is_kept() -> None:
    [message] = _messages(b'{"type":"page","event":"e"}')

    assert json.loads(message.body)["type"] == "page"


def test_gives_each_message_an_id_of_its_own() -> None:
    ids = {json.loads(m.body)["messageId"] for m in _messages(b"{}", b'{"messageId":""}', b"{}")}

    assert len(ids - {""}) == 3


def test_keeps_an_id_that_is_there() -> None:
    [message] = _messages(b'{"messageId":"mine"}')

    assert json.loads(message.body)["messageId"] == "mine"


def test_counts_lines_from_one_and_blank_ones_too() -> None:
    assert [message.line for message in _messages(b"{}\n", b"\n", b"{}\n")] == [1, 3]


def test_says_why_a_line_is_no_message() -> None:
    reasons = [refusal.reason for refusal in _refusals(b"{bad", b"[1]", b"\xff", b"[" * 100_000)]

    assert reasons[1] == "not a JSON object"
    assert [reason[:8] for reason in reasons] == ["not JSON", "not a JS", "not JSON", "not JSON"]


def test_refuses_a_message_over_the_limit() -> None:
    [refusal] = _refusals(json.dumps({"event": "x" * MAX_MESSAGE_BYTES}).encode())

    assert refusal.reason.endswith(f"of at most {MAX_MESSAGE_BYTES}")


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
