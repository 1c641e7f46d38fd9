from collections.abc import Sequence

import pytest

from headwater_contract.fields import CONTEXT_FIELDS, MESSAGE_FIELDS, MESSAGE_TYPES, Field
from headwater_contract.limits import MAX_MESSAGE_BYTES
from headwater_contract.message import Message
from headwater_contract.rules import REQUIREMENTS, size_violation, violation

COMPLETE = Message(
    timestamp="2026-01-31T13:37:00.000Z",
    anonymous_id="a-1",
    user_id="u-1",
    event="Ping",
    group_id="g-1",
    previous_id="u-0",
)


@pytest.mark.parametrize("message_type", MESSAGE_TYPES)
def test_accepts_a_message_with_every_field(message_type: str) -> None:
    assert violation(message_type, COMPLETE) is None


@pytest.mark.parametrize("message_type", MESSAGE_TYPES)
@pytest.mark.parametrize("absent", [None, ""])
def test_refuses_a_message_of_nobody(message_type: str, absent: str | None) -> None:
    message = Message(event="Ping", group_id="g-1", user_id=absent, anonymous_id=absent)

    assert "userId and anonymousId are both missing" in str(violation(message_type, message))


@pytest.mark.parametrize("nobody", [Message(), Message(user_id=None, anonymous_id="")])
def test_refuses_an_unknown_type_before_anything_else(nobody: Message) -> None:
    assert "'click' is unknown: use one of track, page" in str(violation("click", nobody))


def test_shows_only_the_start_of_a_long_unknown_type() -> None:
    assert len(str(violation("x" * 10_000, COMPLETE))) < 150


@pytest.mark.parametrize("event", [None, ""])
def test_refuses_a_track_call_without_event(event: str | None) -> None:
    assert "event is missing" in str(violation("track", Message(user_id="u-1", event=event)))


@pytest.mark.parametrize("group_id", [None, ""])
def test_refuses_a_group_call_without_account(group_id: str | None) -> None:
    assert "groupId is missing" in str(violation("group", Message(user_id="u", group_id=group_id)))


def test_refuses_an_alias_call_without_new_id() -> None:
    message = Message(anonymous_id="a-1", previous_id="u-0")

    assert "userId is missing" in str(violation("alias", message))


def test_refuses_an_alias_call_without_old_id() -> None:
    assert "previousId is missing" in str(violation("alias", Message(user_id="u-1")))


def test_accepts_an_alias_call_of_a_device() -> None:
    assert violation("alias", Message(user_id="u-1", anonymous_id="a-1")) is None


@pytest.mark.parametrize("zero", [Message(user_id=0), Message(anonymous_id=0)])
def test_takes_zero_for_an_id(zero: Message) -> None:
    assert violation("page", zero) is None


def test_says_how_a_timestamp_should_look() -> None:
    sentence = violation("page", Message(user_id="u-1", timestamp="tomorrow"))

    assert sentence == (
        "timestamp 'tomorrow' is not an ISO 8601 date-time: "
        "send one like 2026-01-31T13:37:00.000Z, or none"
    )


@pytest.mark.parametrize("timestamp", [None, ""])
def test_accepts_a_message_without_timestamp(timestamp: str | None) -> None:
    assert violation("page", Message(user_id="u-1", timestamp=timestamp)) is None


def test_accepts_a_message_of_the_greatest_size() -> None:
    assert size_violation(MAX_MESSAGE_BYTES) is None


def test_refuses_a_message_that_is_one_byte_too_long() -> None:
    assert size_violation(MAX_MESSAGE_BYTES + 1) == (
        "the message has 32769 bytes: send at most 32768"
    )


def test_says_what_every_type_requires_of_fields_that_there_are() -> None:
    required = {name for each in REQUIREMENTS.values() for needs in each for name in needs.one_of}

    assert tuple(REQUIREMENTS) == MESSAGE_TYPES
    assert required <= {field.name for field in MESSAGE_FIELDS}


@pytest.mark.parametrize("fields", [MESSAGE_FIELDS, CONTEXT_FIELDS])
def test_names_each_field_once(fields: Sequence[Field]) -> None:
    names = [field.name for field in fields]

    assert len(names) == len(set(names))
