import json
from contextlib import nullcontext, suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwater_contract.fields import MESSAGE_FIELDS, MESSAGE_TYPES, READ_OF, MessageType
from headwater_contract.message import object_text
from headwater_contract.undecodable import UndecodableMessageError
from headwater_writer.rows.message import (
    PlainMessage,
    others_text,
    read,
    with_others,
)

finite = st.floats(allow_nan=False, allow_infinity=False)
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def context_of(body: bytes, message_type: str = "track") -> str | None:
    message = read(body, message_type)
    return with_others(
        object_text("context", message.context), others_text(body, message, message_type)
    )


def test_reads_the_fields_that_have_columns() -> None:
    message = read(
        b'{"userId":"u","anonymousId":7,"event":"Ping","timestamp":"2026-01-31"}', "track"
    )

    assert (message.user_id, message.anonymous_id) == ("u", 7)
    assert (message.event, message.timestamp) == ("Ping", "2026-01-31")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b'{"userId":"u"} x',
        b'{"userId":true}',
        b'{"userId":{}}',
        b'{"userId":1.5}',
        b'{"userId":"\xff"}',
        b'{"userId":"\\ud800"}',
        b'{"properties":{"a":NaN}}',
        b'{"properties":' + b"[" * 100_000,
        b'{"properties":' + b"[" * 10_000 + b"]" * 10_000 + b"}",
        b'{"unknown":' + b"[" * 10_000 + b"]" * 10_000 + b"}",
    ],
)
def test_refuses_what_is_not_a_message(body: bytes) -> None:
    with pytest.raises(UndecodableMessageError):
        read(body, "track")


def test_takes_the_last_of_a_duplicate_key() -> None:
    body = b'{"userId":"first","userId":"last","x":1,"x":2,"context":{"a":1},"context":{"b":2}}'

    assert read(body, "track").user_id == "last"
    assert context_of(body) == '{"$message":{"x":2},"b":2}'


def test_leaves_a_context_untouched_if_every_field_has_a_column() -> None:
    assert context_of(b'{"type":"track","event":"e","context":{ "a" : 1 }}') == '{ "a" : 1 }'


@pytest.mark.parametrize(
    ("context", "text"),
    [
        (b"{}", '{"$message":{"x":1}}'),
        (b"{ }", '{"$message":{"x":1}}'),
        (b"{\n\t}", '{"$message":{"x":1}}'),
        (b"null", '{"$message":{"x":1}}'),
        (b'{"a":2}', '{"$message":{"x":1},"a":2}'),
        (b'{ "a" : 2 }', '{"$message":{"x":1},"a" : 2 }'),
        (b' \n {\n"a":2}', '{"$message":{"x":1},"a":2}'),
    ],
)
def test_adds_what_has_no_column_to_the_context(context: bytes, text: str) -> None:
    assert context_of(b'{"x":1,"context":' + context + b"}") == text


def test_makes_a_context_for_what_has_no_column() -> None:
    assert context_of(b'{"x": [1, 2] }') == '{"$message":{"x":[1, 2]}}'


@pytest.mark.parametrize("value", [b"null", b"{}", b" {} ", b" null "])
def test_leaves_out_fields_that_hold_nothing(value: bytes) -> None:
    assert context_of(b'{"integrations":' + value + b"}") is None


@pytest.mark.parametrize(
    ("message_type", "lost"),
    [("track", "traits"), ("page", "event"), ("identify", "properties"), ("alias", "event")],
)
def test_keeps_a_field_that_another_type_of_message_has_a_column_for(
    message_type: str, lost: str
) -> None:
    body = json.dumps({lost: {"a": 1}} if lost != "event" else {lost: "e"}).encode()

    assert lost in json.loads(context_of(body, message_type) or "{}")["$message"]


def test_drops_what_the_request_says_of_itself() -> None:
    assert context_of(b'{"writeKey":"secret","sentAt":"2026-01-31"}') is None


def test_escapes_the_names_that_it_adds() -> None:
    body = json.dumps({'a"b\\c\n': 1}).encode()

    assert json.loads(context_of(body) or "") == {"$message": {'a"b\\c\n': 1}}


@pytest.mark.parametrize("body", [b'{"x":"\xff"}', b'{"\xff":1}'])
def test_refuses_unknown_fields_that_are_not_utf_8(body: bytes) -> None:
    with pytest.raises(UndecodableMessageError, match="not valid UTF-8"):
        context_of(body)


@given(
    extra=st.dictionaries(st.text().map("x{}".format), json_values, max_size=4),
    context=st.none() | st.dictionaries(st.text(), json_values, max_size=4),
)
def test_loses_nothing_of_any_message(
    extra: dict[str, object], context: dict[str, object] | None
) -> None:
    body = json.dumps({"event": "e", **extra, "context": context}).encode()

    text = context_of(body)

    kept = {name: value for name, value in extra.items() if value not in (None, {})}
    expected = (context or {}) | ({"$message": kept} if kept else {})
    assert json.loads(text or "{}") == expected


@given(st.binary() | st.text().map(str.encode) | json_values.map(json.dumps).map(str.encode))
def test_refuses_or_reads_any_bytes(body: bytes) -> None:
    with suppress(UndecodableMessageError):
        context_of(body)


@pytest.mark.parametrize("message_type", MESSAGE_TYPES)
@pytest.mark.parametrize("field", ["x", "name", "event", "traits", "properties", "previousId"])
def test_reads_the_same_whatever_else_is_there(message_type: MessageType, field: str) -> None:
    known = {"userId": "u", "anonymousId": 7, "groupId": "", "timestamp": None, "context": {}}
    values = {"event": "e", "traits": {"a": 1}, "properties": {"a": 1}}

    alone = read(json.dumps(known).encode(), message_type)
    among_others = read(json.dumps(known | {field: values.get(field, "v")}).encode(), message_type)

    names = ("user_id", "anonymous_id", "group_id", "timestamp", "context")
    assert [getattr(among_others, name) for name in names] == [
        getattr(alone, name) for name in names
    ]


@pytest.mark.parametrize("message_type", MESSAGE_TYPES)
@pytest.mark.parametrize(
    "field", [field.name for field in MESSAGE_FIELDS if field.kind != "object"]
)
def test_refuses_a_field_of_another_kind_if_it_is_read(
    message_type: MessageType, field: str
) -> None:
    is_read = field in READ_OF[message_type] - {"type", "sentAt"}
    text = json.dumps({"userId": "u", field: [1]}).encode()

    with pytest.raises(UndecodableMessageError) if is_read else nullcontext():
        read(text, message_type)


def test_needs_no_second_look_at_a_message_whose_fields_all_reach_columns() -> None:
    segments = b'{"type":"track","messageId":"m","event":"e","traits":null,"integrations":{}}'

    assert others_text(segments, read(segments, "track"), "track") is None
    assert isinstance(read(segments, "track"), PlainMessage)
    assert not isinstance(read(b'{"type":"track","event":"e","x":1}', "track"), PlainMessage)
