from typing import Any

import msgspec
import pytest

from headwater_collector.message import Message, UndecodableMessageError, decode_message
from headwater_contract.messages import MESSAGE_FIELDS, Kind

TYPE_OF_KIND: dict[Kind, object] = {
    "string": str | None,
    "id": str | int | None,
    "time": str | None,
    "object": dict[str, msgspec.Raw] | None,
}


def test_has_the_fields_of_the_contract_and_their_types() -> None:
    fields = {field.encode_name: field.type for field in msgspec.structs.fields(Message)}

    of_contract = {field.name: TYPE_OF_KIND[field.kind] for field in MESSAGE_FIELDS}
    assert fields == of_contract | {"context": dict[str, Any] | None}


def test_reads_the_fields() -> None:
    message = decode_message(b'{"messageId":7,"userId":"ada","event":"e","properties":{},"x":1}')

    assert message == Message(message_id=7, user_id="ada", event="e", properties={})


@pytest.mark.parametrize("field", [field.name for field in MESSAGE_FIELDS])
def test_any_field_may_be_null(field: str) -> None:
    assert decode_message(b'{"%b":null}' % field.encode()) == Message()


def test_of_a_key_that_comes_twice_the_last_counts() -> None:
    assert decode_message(b'{"userId":"a","userId":"b"}').user_id == "b"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(b'{"properties":{"a":1e999}}', id="number beyond floats"),
        pytest.param(b'{"properties":{"a":%b}}' % (b"9" * 5000), id="number of 5,000 digits"),
        pytest.param(b'{"userId":123456789012345678901234567890}', id="id beyond 64 bits"),
        pytest.param(b'{"event":"a\\u0000b"}', id="NUL"),
        pytest.param(b'{"event":"\'; DROP TABLE events; --"}', id="SQL in a value"),
        pytest.param(b'{"properties":{"a); DROP TABLE events; --":1}}', id="SQL in a key"),
        pytest.param(b'{"event":"\\ud83d\\ude00"}', id="surrogate pair"),
        pytest.param('{"event":"😀"}'.encode(), id="four bytes of UTF-8"),
        pytest.param(b'{"properties":{"a":' + b"[" * 100 + b"]" * 100 + b"}}", id="100 deep"),
    ],
)
def test_reads_what_is_odd_but_json(text: bytes) -> None:
    assert decode_message(text) != Message()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (b'{"userId":true}', "userId must be text or a whole number, and is true or false"),
        (b'{"userId":1.5}', "userId must be text or a whole number, and is a number with a frac"),
        (b'{"userId":["a"]}', "userId must be text or a whole number, and is a list"),
        (b'{"anonymousId":{}}', "anonymousId must be text or a whole number, and is an object"),
        (b'{"userId":%b}' % (b"9" * 5000), "userId cannot be read: integer value out of range"),
        (b'{"context":{"a":[1e999]}}', "context cannot be read: number out of range"),
        (b'{"context":{"a":%b}}' % (b"9" * 5000), "context cannot be read: integer value out of"),
        (b'{"event":5}', "event must be text, and is a number"),
        (b'{"timestamp":1769866620}', "timestamp must be text, and is a number"),
        (b'{"properties":"text"}', "properties must be an object, and is text"),
        (b'{"context":[]}', "context must be an object, and is a list"),
        (b"null", "it must be an object, and is null"),
        (b"[]", "it must be an object, and is a list"),
        (b'"text"', "it must be an object, and is text"),
        (b"5", "it must be an object, and is a number"),
        (b"", "it is not valid JSON: it ends too early"),
        (b'{"event":"e"', "it is not valid JSON: it ends too early"),
        (b"\xef\xbb\xbf{}", "it is not valid JSON: invalid character (byte 0)"),
        (b"{} {}", "it is not valid JSON: trailing characters (byte 4)"),
    ],
)
def test_says_what_is_wrong(text: bytes, problem: str) -> None:
    with pytest.raises(UndecodableMessageError) as error:
        decode_message(text)

    assert problem in str(error.value)


@pytest.mark.parametrize(
    "place", [b"%b", b'{"event":%b}', b'{"properties":{"a":[%b]}}', b'{"x":%b}']
)
@pytest.mark.parametrize(
    "value",
    [
        b"NaN",
        b"-Infinity",
        b"01",
        b'"\n"',
        b'"\\x41"',
        b'"\\ud800"',
        b'"\\udc00"',
        b'"\\ud800\\ud800"',
        b'"\\ud800 text"',
        b'"\xff"',
        b'"\xed\xa0\x80"',
        b'"\xc0\xaf"',
        b"[" * 10_000 + b"]" * 10_000,
        b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    ],
)
def test_checks_what_it_does_not_look_at_too(place: bytes, value: bytes) -> None:
    with pytest.raises(UndecodableMessageError):
        decode_message(place % value)


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (b"NaN", "JSON has no NaN and no Infinity"),
        (b'"\\ud800"', "half of a surrogate pair"),
        (b'"\\udc00"', "half of a surrogate pair"),
        (b'"\xff"', "not valid UTF-8"),
        (b"[" * 10_000, "nested too deeply"),
    ],
)
def test_says_what_is_wrong_if_it_does_not_look(value: bytes, problem: str) -> None:
    with pytest.raises(UndecodableMessageError, match=problem):
        decode_message(b'{"properties":{"a":%b}}' % value)
