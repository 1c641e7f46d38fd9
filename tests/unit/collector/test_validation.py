import uuid

import pytest

from headwater_collector.parse import Body
from headwater_collector.validation import refuse, validate, validate_all
from headwater_contract.envelope import Entry
from headwater_contract.limits import MAX_BATCH_MESSAGES, MAX_MESSAGE_BYTES

TRACK = b'{"type":"track","event":"e","userId":"ada","anonymousId":"device","messageId":"m-1"}'


def padded(size: int) -> bytes:
    head = b'{"type":"track","event":"e","userId":"ada","x":"'
    return head + b"x" * (size - len(head) - 2) + b'"}'


def test_accepts_a_message_and_names_its_device() -> None:
    validation = validate(TRACK)

    assert validation.entry == Entry(TRACK, "track", "m-1")
    assert validation.subject == "device"


def test_names_the_user_if_the_device_is_not_known() -> None:
    assert validate(b'{"type":"identify","userId":7}').subject == "7"


def test_zero_is_an_id_like_any_other() -> None:
    validation = validate(b'{"type":"page","anonymousId":0,"messageId":0}')

    assert (validation.entry.event_id, validation.subject) == ("0", "0")


def test_the_routes_type_goes_before_the_messages_own() -> None:
    assert validate(TRACK, "page").entry.message_type == "page"


def test_reads_a_number_as_an_id() -> None:
    assert validate(b'{"type":"page","userId":"u","messageId":12}').entry.event_id == "12"


@pytest.mark.parametrize("message_id", [b"null", b'""'])
def test_makes_up_an_id_that_sorts_by_time_if_there_is_none(message_id: bytes) -> None:
    validation = validate(b'{"type":"page","userId":"u","messageId":%b}' % message_id)

    assert uuid.UUID(validation.entry.event_id).version == 7


def test_accepts_a_message_at_the_limit() -> None:
    assert validate(padded(MAX_MESSAGE_BYTES)).entry.refusal is None


def test_refuses_a_message_over_the_limit() -> None:
    reason = validate(padded(MAX_MESSAGE_BYTES + 1)).entry.refusal

    assert reason == "the message has 32769 bytes: send at most 32768"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b'{"userId":"u"}', "type '' is unknown"),
        (b'{"type":"delete","userId":"u"}', "type 'delete' is unknown"),
        (b'{"type":"track","event":"e"}', "userId and anonymousId are both missing"),
        (b'{"type":"track","event":"e","userId":""}', "userId and anonymousId are both missing"),
        (b'{"type":"track","userId":"u"}', "event is missing"),
        (b'{"type":"group","userId":"u"}', "groupId is missing"),
        (b'{"type":"page","userId":"u","timestamp":"soon"}', "timestamp 'soon' is not an ISO"),
        (b'{"type":"page","userId":true}', "userId must be text or a whole number"),
        (b"{", "it is not valid JSON"),
    ],
)
def test_keeps_a_refused_message_with_its_reason(text: bytes, reason: str) -> None:
    entry = validate(text).entry

    assert (entry.body, entry.message_type, entry.event_id) == (text, None, None)
    assert reason in (entry.refusal or "")


def test_validates_each_message_of_a_body() -> None:
    validations = validate_all(Body([TRACK, b"5", TRACK]), validate)

    assert [validation.entry.refusal is None for validation in validations] == [True, False, True]


def test_refuses_a_body_without_messages_whole() -> None:
    assert validate_all(Body([TRACK], refusal="why"), validate) == [refuse(TRACK, "why")]


def test_refuses_what_is_over_the_limit_of_a_batch_in_one_piece() -> None:
    rest = [b"1", b"[2]"]

    validations = validate_all(Body([TRACK] * MAX_BATCH_MESSAGES + rest), validate)

    assert len(validations) == MAX_BATCH_MESSAGES + 1
    assert validations[-1] == refuse(
        b"[1,[2]]", "2 messages from here on: a batch takes at most 2500"
    )
