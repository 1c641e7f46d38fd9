import json
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwater_contract.context import (
    INT_MAX,
    Campaign,
    Context,
    Device,
    Library,
    Os,
    Page,
    Screen,
    has_page,
    read_context,
    read_page,
)
from headwater_contract.fields import CONTEXT_FIELDS, Field

ONLY_KEPT = {"density"}
OTHER_THAN_TEXT = ["null", "true", "1.5", "[]", "{}", '["a"]', '{"a":1}', "1e400", "-1e400"]
OTHER_THAN_A_NUMBER = [
    "null",
    "true",
    '"3 px"',
    '"-3"',
    "[]",
    "{}",
    str(INT_MAX + 1),
    "1e300",
    "1e400",
]
OTHER_THAN_AN_OBJECT = ["null", "true", "1", '"text"', "[]", "[{}]"]
WHOLE: Mapping[str, Any] = {
    "channel": "browser",
    "groupId": "g",
    "sessionNumber": 3,
    "page": {"url": "https://shop.example/", "title": "Shop"},
    "campaign": {"name": "spring"},
    "library": {"name": "headwater.js", "version": "1"},
    "screen": {"width": 1440, "height": 900},
}

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def read(text: str | None) -> Context:
    return read_context(text)[0]


def context_with(field: str, value: str) -> Context:
    """Return a whole context, but for one field that holds a JSON value."""
    others = {name: held for name, held in WHOLE.items() if name != field}
    return read(json.dumps(others)[:-1] + f', "{field}": {value}}}')


def names(fields: Sequence[Field]) -> dict[str, Any]:
    return {field.name: names(field.fields) for field in fields if field.name not in ONLY_KEPT}


def names_read(kind: type[msgspec.Struct]) -> dict[str, Any]:
    nested = (Campaign, Device, Library, Os, Page, Screen)
    return {
        field.encode_name: names_read(field.type) if field.type in nested else {}
        for field in msgspec.structs.fields(kind)
    }


def test_reads_the_fields_of_the_contract() -> None:
    assert names_read(Context) == names(CONTEXT_FIELDS)


def test_reads_a_whole_context() -> None:
    assert read(json.dumps(WHOLE)) == Context(
        channel="browser",
        group_id="g",
        session_number=3,
        page=Page(url="https://shop.example/", title="Shop"),
        campaign=Campaign(name="spring"),
        library=Library("headwater.js", "1"),
        screen=Screen(1440, 900),
    )


@pytest.mark.parametrize("text", [None, "{}", '{"x":{"y":[1e400]}}'])
def test_finds_nothing_if_no_field_is_read(text: str | None) -> None:
    assert read(text) == Context()


@pytest.mark.parametrize("value", OTHER_THAN_TEXT)
def test_passes_over_what_is_not_text(value: str) -> None:
    context = context_with("locale", value)

    assert context == read(json.dumps(WHOLE))


@pytest.mark.parametrize("value", OTHER_THAN_A_NUMBER)
def test_passes_over_what_is_not_a_number(value: str) -> None:
    context = context_with("sessionNumber", value)

    assert (context.session_number, context.group_id) == (None, "g")


@pytest.mark.parametrize("value", OTHER_THAN_AN_OBJECT)
def test_passes_over_what_is_not_an_object(value: str) -> None:
    context = context_with("page", value)

    assert (context.page, context.campaign) == (Page(), Campaign(name="spring"))


@pytest.mark.parametrize("value", OTHER_THAN_TEXT)
def test_passes_over_one_field_of_a_page_alone(value: str) -> None:
    context = context_with("page", f'{{"url": "/a", "title": {value}}}')

    assert (context.page, context.session_number) == (Page(url="/a"), 3)


@pytest.mark.parametrize(("value", "text"), [("7", "7"), ("-0", "0"), ("9" * 400, "9" * 400)])
def test_reads_a_whole_number_as_text(value: str, text: str) -> None:
    assert context_with("locale", value).locale == text


@pytest.mark.parametrize(("value", "number"), [("3.0", 3), ("1919.9", 1919), ("-0.0", 0)])
def test_reads_the_whole_part_of_a_number(value: str, number: int) -> None:
    assert context_with("sessionNumber", value).session_number == number


def test_takes_the_last_of_a_key_that_comes_twice() -> None:
    text = '{"locale":"a","locale":"b","page":{"url":"/a"},"page":[]}'

    assert read(text) == Context(locale="b")


def test_reads_a_key_however_it_is_escaped() -> None:
    assert read('{"\\u006cocale":"en"}').locale == "en"


@given(st.sampled_from(sorted(WHOLE)), json_values)
def test_reads_all_but_the_one_field_whatever_that_holds(field: str, value: object) -> None:
    expected = msgspec.to_builtins(read(json.dumps(WHOLE)))
    context = msgspec.to_builtins(context_with(field, json.dumps(value)))

    assert {**context, field: None} == {**expected, field: None}


def test_reads_a_page_as_a_context_has_it() -> None:
    assert read_page('{"url":"/a","title":["x"],"search":1e400,"path":5}') == Page("5", url="/a")
    assert read_page(None) == Page()


@pytest.mark.parametrize(
    ("text", "has"),
    [
        (None, False),
        ("{}", False),
        ('{"page":null}', False),
        ('{"page":{}}', False),
        ('{"page":"/a"}', False),
        ('{"page":{"url":null}}', True),
        ('{"page":{"x":1e400}}', True),
    ],
)
def test_knows_whether_there_is_a_page(text: str | None, has: bool) -> None:
    assert has_page(text) == has


@pytest.mark.parametrize(
    ("context", "misfits"),
    [
        ('{"screen":"1920x1080","locale":"de"}', ["screen"]),
        ('{"os":"iOS","sessionNumber":"third"}', ["os", "sessionNumber"]),
        ('{"page":{"url":["a"],"title":null,"x":[]}}', ["url"]),
        ('{"locale":["de"],"device":[]}', ["locale"]),
        ('{"locale":7,"sessionNumber":3.5}', []),
        ('{"locale":null,"os":null,"x":[1]}', []),
    ],
)
def test_names_the_fields_that_it_passes_over(context: str, misfits: list[str]) -> None:
    assert sorted(read_context(context)[1]) == misfits
