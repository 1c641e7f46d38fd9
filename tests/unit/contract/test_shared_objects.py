import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwater_contract.depth import MAX_DEPTH
from headwater_contract.limits import MAX_ENVELOPE_CHARACTERS
from headwater_contract.shared_objects import merged, shared_object
from headwater_contract.undecodable import UndecodableMessageError

leaves = st.none() | st.booleans() | st.integers() | st.text(max_size=3)
names = st.sampled_from("abc")
objects = st.dictionaries(names, leaves | st.dictionaries(names, leaves, max_size=3), max_size=3)


@pytest.mark.parametrize("nothing", [b"null", b"{}", b"[]"])
def test_shares_nothing_if_nothing_is_in_it(nothing: bytes) -> None:
    assert shared_object("context", msgspec.Raw(nothing)) is None


def test_shares_an_object_byte_for_byte() -> None:
    assert shared_object("context", msgspec.Raw(b'{ "a": 1.50 }')) == '{ "a": 1.50 }'


@pytest.mark.parametrize("value", [b'"text"', b"[1]", b"7"])
def test_refuses_what_is_not_an_object(value: bytes) -> None:
    with pytest.raises(UndecodableMessageError, match="integrations must be an object, and is"):
        shared_object("integrations", msgspec.Raw(value))


def test_refuses_what_is_longer_than_a_message_may_be() -> None:
    longest = b'{"a":"%b"}' % (b"x" * (MAX_ENVELOPE_CHARACTERS - 8))

    assert shared_object("context", msgspec.Raw(longest))
    with pytest.raises(UndecodableMessageError, match="has 8193 bytes: a batch shares at most"):
        shared_object("context", msgspec.Raw(longest.replace(b"x", b"xx", 1)))


@pytest.mark.parametrize("own", [None, '{ "a" : 1 }'])
def test_leaves_an_object_as_it_is_if_nothing_is_shared(own: str | None) -> None:
    assert merged(own, None) == own


def test_takes_what_is_shared_if_a_message_has_none() -> None:
    assert merged(None, '{ "a" : 1 }') == '{ "a" : 1 }'


@pytest.mark.parametrize(
    ("own", "shared", "both"),
    [
        ('{"a":1}', '{"a":2,"b":3}', {"a": 1, "b": 3}),
        ('{"a":null}', '{"a":2}', {"a": 2}),
        ('{"a":""}', '{"a":"b"}', {"a": "b"}),
        ('{"a":[ ]}', '{"a":{"x":1}}', {"a": {"x": 1}}),
        ('{"a":{"x":null,"y":""}}', '{"a":{"x":2}}', {"a": {"x": 2, "y": ""}}),
        ('{"a":null}', '{"b":2}', {"a": None, "b": 2}),
        ('{"a":0}', '{"a":2}', {"a": 0}),
        ('{"a":false}', '{"a":true}', {"a": False}),
        ('{"a":{"x":1}}', '{"a":{"x":2,"y":3}}', {"a": {"x": 1, "y": 3}}),
        ('{"a":{"x":{"p":1}}}', '{"a":{"x":{"q":2}}}', {"a": {"x": {"p": 1}}}),
        ('{"a":"text"}', '{"a":{"x":1}}', {"a": "text"}),
        ('{"a":{"x":1}}', '{"a":[1]}', {"a": {"x": 1}}),
    ],
)
def test_what_a_message_says_itself_counts(own: str, shared: str, both: object) -> None:
    assert json.loads(merged(own, shared) or "") == both


def test_keeps_values_byte_for_byte() -> None:
    assert merged('{"a": 1.50}', '{"b": "\\u00e9"}') in (
        '{"b":"\\u00e9","a":1.50}',
        '{"a":1.50,"b":"\\u00e9"}',
    )


@given(own=objects, shared=objects)
def test_loses_nothing_of_either(own: dict[str, object], shared: dict[str, object]) -> None:
    both = json.loads(merged(json.dumps(own), json.dumps(shared)) or "")

    said = {name: value for name, value in own.items() if value not in (None, "")}
    assert both.keys() == own.keys() | shared.keys()
    assert all(both[name] == value for name, value in said.items() if not isinstance(value, dict))
    assert all(both[name] == shared[name] for name in shared.keys() - said.keys())


def test_stands_what_is_nested_deeply() -> None:
    deep = '{"a":' * MAX_DEPTH + "1" + "}" * MAX_DEPTH

    assert merged(deep, deep) == deep
