import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwater_contract.accept import Accepted, Refused, accept
from headwater_contract.envelope import Entry, Envelope
from headwater_contract.fields import CONTEXT_FIELDS, MESSAGE_FIELDS, MESSAGE_TYPES
from headwater_contract.limits import MAX_MESSAGE_BYTES
from headwater_contract.rules import CANNOT_BE_READ
from headwater_writer.rows.message import UnshapeableError
from headwater_writer.rows.rows import Rules, shape

ENVELOPE = Envelope(datetime(2026, 1, 31, 13, 37, tzinfo=UTC), "shop")

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5)
    | st.sampled_from(["2026-01-31T13:37:00Z", "u-1"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=4,
)
contexts = st.dictionaries(
    st.sampled_from([field.name for field in CONTEXT_FIELDS]) | st.text(), values, max_size=4
)
messages = st.fixed_dictionaries(
    {"userId": st.just("u") | values, "event": st.just("e") | values},
    optional={
        field.name: (contexts if field.name == "context" else values) | st.none()
        for field in MESSAGE_FIELDS
        if field.name not in {"userId", "event"}
    },
).map(lambda message: json.dumps(message).encode().replace(b"1.5", b"1e400"))
types = st.sampled_from(MESSAGE_TYPES)


@given(messages, types)
def test_the_writer_makes_rows_of_whatever_is_accepted(text: bytes, message_type: str) -> None:
    verdict = accept(text, message_type)

    if isinstance(verdict, Accepted):
        assert shape(Entry(text, message_type, "m-1"), ENVELOPE, Rules()).event


@given(messages, types)
def test_the_writer_says_the_same_of_what_cannot_be_read(text: bytes, message_type: str) -> None:
    verdict = accept(text, message_type)

    if isinstance(verdict, Refused) and verdict.reason.startswith(CANNOT_BE_READ):
        with pytest.raises(UnshapeableError) as error:
            shape(Entry(text, message_type, "m-1"), ENVELOPE, Rules())
        assert str(error.value) == verdict.reason


def test_names_the_id_and_whom_the_message_is_about() -> None:
    verdict = accept(b'{"type":"page","messageId":0,"anonymousId":0,"userId":"u"}')

    assert isinstance(verdict, Accepted)
    assert (verdict.message_type, verdict.event_id, verdict.subject) == ("page", "0", "0")


def test_the_user_is_the_subject_if_the_device_is_not_known() -> None:
    verdict = accept(b'{"userId":7}', "identify")

    assert isinstance(verdict, Accepted)
    assert (verdict.event_id, verdict.subject) == (None, "7")


def test_the_routes_type_goes_before_the_messages_own() -> None:
    verdict = accept(b'{"type":"track","userId":"u"}', "page")

    assert isinstance(verdict, Accepted)
    assert verdict.message_type == "page"


def test_says_of_a_message_that_its_size_is_why() -> None:
    padding = b"x" * MAX_MESSAGE_BYTES

    verdict = accept(b'{"userId":"u","type":"page","x":"%b"}' % padding)

    assert isinstance(verdict, Refused)
    assert verdict.is_too_large
