import json
from contextlib import nullcontext, suppress

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwater_contract.messages import MESSAGE_FIELDS, MESSAGE_TYPES, Kind, MessageType
from headwater_writer.rows.message import (
    Message,
    UnshapeableError,
    object_text,
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


OF_THE_ENTRY = {"type", "messageId"}  # The stream record says them.
TYPE_OF_KIND: dict[Kind, object] = {
    "string": str | None,
    "id": str | int | None,
    "time": str | None,
    "object": msgspec.Raw,
}


def context_of(body: bytes, message_type: str = "track") -> str | None:
    message = read(body, message_type)
    return with_others(object_text(message.context), others_text(body, message, message_type))


def test_has_the_fields_of_the_contract_that_reach_columns_and_their_types() -> None:
    fields = {field.encode_name: field.type for field in msgspec.structs.fields(Message)}

    assert fields == {
        field.name: TYPE_OF_KIND[field.kind]
        for field in MESSAGE_FIELDS
        if field.read_of and field.name not in OF_THE_ENTRY
    }


def test_reads_the_fields_that_have_columns() -> None:
    message = read(
        b'{"userId":"u","anonymousId":7,"event":"Ping","timestamp":"2026-01-31"}', "track"
    )

    assert (message.user_id, message.anonymous_id) == ("u", 7)
    assert (message.event, message.timestamp) == ("Ping", "2026-01-31")


def test_keeps_an_object_as_the_bytes_it_was() -> None:
    message = read(b'{"properties": { "b" : 1.50, "a": "\\u00e9" } }', "track")

    assert object_text(message.properties) == '{ "b" : 1.50, "a": "\\u00e9" }'


@pytest.mark.parametrize("body", [b"{}", b'{"properties":null}', b'{"properties": null }'])
def test_has_no_text_for_an_absent_object(body: bytes) -> None:
    assert object_text(read(body, "track").properties) is None


@pytest.mark.parametrize("value", [b"[]", b'"text"', b"7", b"true"])
def test_refuses_what_should_be_an_object(value: bytes) -> None:
    message = read(b'{"properties":' + value + b"}", "track")

    with pytest.raises(UnshapeableError, match="an object was expected"):
        object_text(message.properties)


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
def test_refuses_what_is_no_message(body: bytes) -> None:
    with pytest.raises(UnshapeableError, match="the message cannot be decoded"):
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
    message = read(body, "track")

    with pytest.raises(UnshapeableError, match="cannot be decoded"):
        others_text(body, message, "track")


@pytest.mark.parametrize("value", [b'"\xff"', b'{"a":"\xff"}'])
def test_refuses_a_context_that_is_not_utf_8(value: bytes) -> None:
    message = read(b'{"context":{"a":' + value + b"}}", "track")

    with pytest.raises(UnshapeableError, match="not UTF-8"):
        object_text(message.context)


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
    with suppress(UnshapeableError):
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
def test_refuses_a_field_of_another_kind_whether_or_not_it_is_read(
    message_type: MessageType, field: str
) -> None:
    typed = field in {one.encode_name for one in msgspec.structs.fields(Message)}
    body = json.dumps({"userId": "u", field: [1]}).encode()

    with pytest.raises(UnshapeableError) if typed else nullcontext():
        read(body, message_type)


def test_needs_no_second_look_at_a_message_whose_fields_all_reach_columns() -> None:
    segments = b'{"type":"track","messageId":"m","event":"e","traits":null,"integrations":{}}'

    assert read(segments, "track").has_no_others
    assert not read(b'{"type":"track","event":"e","x":1}', "track").has_no_others
