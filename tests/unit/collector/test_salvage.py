import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headwater_collector.salvage import split_batch, text_fields


def test_tells_messages_apart_whatever_is_in_them() -> None:
    messages = [b'{"a":NaN}', b'{"b":"\\ud800"}', b'{"c":[{},[1,2]]}', b"tru", b'"x,]"']

    assert split_batch(b'{"batch" : [%b]}' % b" , ".join(messages)) == (
        messages,
        b'{"batch" : []}',
    )


def test_keeps_what_is_around_the_batch() -> None:
    _, around = split_batch(b'{"sentAt":"now","batch":[1,2],"writeKey":"k"}') or ([], b"")

    assert around == b'{"sentAt":"now","batch":[],"writeKey":"k"}'


def test_is_not_misled_by_quoted_brackets_and_escaped_quotes() -> None:
    message = rb'{"a":"]}\"],[","b\\":"[{"}'

    assert split_batch(b'{"batch":[%b,%b]}' % (message, message)) == (
        [message, message],
        b'{"batch":[]}',
    )


def test_passes_over_a_batch_that_is_not_the_outermost() -> None:
    body = b'{"context":{"batch":[1]},"batch":[2],"c":"\\"batch\\":[3]"}'

    assert split_batch(body) == (
        [b"2"],
        b'{"context":{"batch":[1]},"batch":[],"c":"\\"batch\\":[3]"}',
    )


def test_is_not_too_deep_for_anything() -> None:
    deep = b"[" * 100_000 + b"]" * 100_000

    assert split_batch(b'{"batch":[1,%b,2]}' % deep) == ([b"1", deep, b"2"], b'{"batch":[]}')


def test_takes_a_truncated_batch_to_its_end() -> None:
    assert split_batch(b'{"batch":[{"a":1},{"b":"x') == (
        [b'{"a":1}', b'{"b":"x'],
        b'{"batch":[',
    )


def test_finds_brackets_behind_a_string_that_is_never_closed() -> None:
    assert split_batch(rb'{"batch":[{"a":1},{"b":"x\"},{\"}]}') == (
        [b'{"a":1}', rb'{"b":"x\"}', rb"{\"}"],
        b'{"batch":[]}',
    )


def test_a_bracket_too_many_loses_nothing() -> None:
    assert split_batch(b'{"batch":[{"a":1}},{"b":2}]}') == (
        [b'{"a":1}}', b'{"b":2}'],
        b'{"batch":[]}',
    )


def test_leaves_blanks_out() -> None:
    assert split_batch(b'{"batch":[,1, ,2,]}') == ([b"1", b"2"], b'{"batch":[]}')


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'"batch":[1]', b'{"batch":{}}', b'{"batch":"[1]"}', b'{"batch"', b"\xff"]
)
def test_finds_no_batch_if_there_is_none(body: bytes) -> None:
    assert split_batch(body) is None


@settings(deadline=None)
@given(st.lists(st.sampled_from(list(b'[]{},:"\\a ')), max_size=60).map(bytes))
def test_every_byte_is_in_a_message_or_around(tail: bytes) -> None:
    messages, around = split_batch(b'{"batch":[' + tail) or ([], b"")

    kept = b"".join(messages) + around
    assert sorted(kept.translate(None, b", ")) == sorted(
        (b'{"batch":[' + tail).translate(None, b", ")
    )


def test_finds_fields_of_text_without_parsing() -> None:
    body = b'{"a":NaN,"writeKey" : "k","sentAt":5,"x":"\\ud800","sentAt":"2026"}'

    assert text_fields(body)[b"writeKey"] == b'"k"'
    assert text_fields(body)[b"sentAt"] == b'"2026"'
