import msgspec
import pytest

from headwater_contract.fields import MESSAGE_FIELDS, Kind
from headwater_contract.message import Message, decode_message, id_text, object_text
from headwater_contract.undecodable import UndecodableMessageError

TYPE_OF_KIND: dict[Kind, object] = {
    "string": str | None,
    "id": str | int | None,
    "time": str | None,
    "object": msgspec.Raw,
}


def test_has_the_fields_of_the_contract_that_reach_columns_and_their_types() -> None:
    fields = {field.encode_name: field.type for field in msgspec.structs.fields(Message)}

    assert fields == {
        field.name: TYPE_OF_KIND[field.kind] for field in MESSAGE_FIELDS if field.read_of
    } | {"receivedAt": str | None}


def test_reads_the_fields() -> None:
    message = decode_message(b'{"messageId":7,"userId":"ada","event":"e","properties":{},"x":1}')

    assert (message.message_id, message.user_id, message.event) == (7, "ada", "e")
    assert object_text("properties", message.properties) == "{}"


@pytest.mark.parametrize("field", [field.name for field in MESSAGE_FIELDS])
def test_any_field_may_be_null(field: str) -> None:
    message = decode_message(b'{"%b":null}' % field.encode())

    values = msgspec.structs.astuple(message)
    assert {bytes(value) if isinstance(value, msgspec.Raw) else value for value in values} == {
        None,
        b"null",
    }


def test_of_a_key_that_comes_twice_the_last_counts() -> None:
    assert decode_message(b'{"userId":"a","userId":"b"}').user_id == "b"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(b'{"properties":{"a":1e999}}', id="number beyond floats"),
        pytest.param(b'{"context":{"a":[1e999]}}', id="number beyond floats in the context"),
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


@pytest.mark.parametrize("number", [b"7.0", b"7.00", b"70e-1", b"7E0"])
@pytest.mark.parametrize("field", ["messageId", "userId", "anonymousId", "groupId", "previousId"])
def test_a_whole_number_is_an_id_however_it_is_written(field: str, number: bytes) -> None:
    text = b'{"type":"alias","%b":%b}' % (field.encode(), number)

    assert 7 in msgspec.structs.astuple(decode_message(text))


@pytest.mark.parametrize(
    ("message_type", "text"),
    [
        ("track", b'{"event":"e","traits":[1],"previousId":true,"name":["a"],"category":5}'),
        ("page", b'{"event":5,"previousId":{}}'),
        ("identify", b'{"event":[],"properties":7}'),
        ("page", b'{"type":5,"userId":"u"}'),
    ],
)
def test_what_a_type_has_no_column_for_may_be_anything(message_type: str, text: bytes) -> None:
    decode_message(text, message_type)


def test_the_messages_own_type_counts_if_no_other_is_given() -> None:
    decode_message(b'{"type":"page","event":5}')

    with pytest.raises(UndecodableMessageError, match="event must be text"):
        decode_message(b'{"type":"track","event":5}')


@pytest.mark.parametrize("own", [b'["track"]', b"{}", b'"odd"', b"null", b"1e400"])
def test_without_a_type_that_is_known_every_field_counts(own: bytes) -> None:
    with pytest.raises(UndecodableMessageError):
        decode_message(b'{"type":%b,"event":5}' % own)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (b'{"userId":true}', "userId must be text or a whole number, and is true or false"),
        (b'{"userId":1.5}', "userId must be text or a whole number, and is a number with a frac"),
        (b'{"userId":1e30}', "userId must be text or a whole number, and is a number with a frac"),
        (b'{"userId":["a"]}', "userId must be text or a whole number, and is a list"),
        (b'{"anonymousId":{}}', "anonymousId must be text or a whole number, and is an object"),
        (b'{"userId":%b}' % (b"9" * 5000), "userId cannot be read: integer value out of range"),
        (b'{"event":5}', "event must be text, and is a number"),
        (b'{"timestamp":1769866620}', "timestamp must be text, and is a number"),
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


def test_keeps_an_object_as_the_bytes_it_was() -> None:
    message = decode_message(b'{"properties": { "b" : 1.50, "a": "\\u00e9" } }')

    assert object_text("properties", message.properties) == '{ "b" : 1.50, "a": "\\u00e9" }'


@pytest.mark.parametrize("text", [b"{}", b'{"properties":null}', b'{"properties": null }'])
def test_has_no_text_for_an_absent_object(text: bytes) -> None:
    assert object_text("properties", decode_message(text).properties) is None


@pytest.mark.parametrize("value", [b"[]", b"[ ]", b"[\n\t]"])
def test_an_empty_list_is_an_empty_object(value: bytes) -> None:
    assert object_text("traits", msgspec.Raw(value)) == "{}"


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (b"[[]]", "a list"),
        (b'["a"]', "a list"),
        (b'"text"', "text"),
        (b"7", "a number"),
        (b"-7", "a number"),
        (b"true", "true or false"),
    ],
)
def test_says_what_is_there_in_place_of_an_object(value: bytes, kind: str) -> None:
    with pytest.raises(UndecodableMessageError, match=f"context must be an object, and is {kind}"):
        object_text("context", msgspec.Raw(value))


def test_refuses_an_object_that_is_not_utf_8() -> None:
    with pytest.raises(UndecodableMessageError, match="not valid UTF-8"):
        object_text("context", msgspec.Raw(b'{"a":"\xff"}'))


@pytest.mark.parametrize(
    ("value", "text"), [("u-1", "u-1"), (17, "17"), (0, "0"), ("", None), (None, None)]
)
def test_reads_an_id_as_text(value: str | int | None, text: str | None) -> None:
    assert id_text(value) == text
