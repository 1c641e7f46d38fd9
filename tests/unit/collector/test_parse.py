from datetime import UTC, datetime

import pytest

from headwater_collector.parse import Body, parse_batch, parse_single

GOOD = b'{"userId":"ada"}'
SENT_AT = datetime(2026, 1, 31, 13, 37, tzinfo=UTC)
FIELDS = b'"sentAt":"2026-01-31T14:37:00+01:00","writeKey":"key-1"'


def test_a_single_body_is_its_message() -> None:
    content = b' {"userId" : "ada",' + FIELDS + b"} "

    assert parse_single(content) == Body([content], SENT_AT, "key-1")


@pytest.mark.parametrize("content", [b"", b"null", b"[1]", b"{", b"\xff", b'{"a":NaN}'])
def test_a_single_body_that_cannot_be_read_is_its_message(content: bytes) -> None:
    assert parse_single(content) == Body([content])


def test_a_broken_single_body_still_tells_its_key() -> None:
    content = b'{"a":NaN,' + FIELDS + b"}"

    assert parse_single(content) == Body([content], SENT_AT, "key-1")


def test_messages_of_a_batch_are_kept_byte_for_byte() -> None:
    messages = [b'{"a" : 1.0}', b'{"a":"\xc3\xbc\\u00fc"}', b"null", b'{"a":1,"a":2}']

    body = parse_batch(b'{"batch":[' + b" ,\n".join(messages) + b"]," + FIELDS + b"}")

    assert body == Body(messages, SENT_AT, "key-1")


def test_an_empty_batch_has_no_messages() -> None:
    assert parse_batch(b'{"batch":[]}') == Body([])


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(b'{"a":NaN}', id="NaN"),
        pytest.param(b'{"a":-Infinity}', id="Infinity"),
        pytest.param(b'{"a":"\\ud800"}', id="lone surrogate"),
        pytest.param(b'{"a":' + b"[" * 10_000 + b"]" * 10_000 + b"}", id="deep"),
        pytest.param(b'{"a":01}', id="leading zero"),
        pytest.param(b'{"a":"\n"}', id="control character"),
        pytest.param(b'{"a":1,}', id="trailing comma"),
        pytest.param(b"{'a':1}", id="single quotes"),
    ],
)
def test_a_message_that_breaks_the_json_leaves_the_others(bad: bytes) -> None:
    body = parse_batch(b'{"batch":[%b,%b,%b],%b}' % (GOOD, bad, GOOD, FIELDS))

    assert body == Body([GOOD, bad, GOOD], SENT_AT, "key-1")


@pytest.mark.parametrize(
    ("content", "around"),
    [
        (b'{"batch":[%b', b'{"batch":['),
        (b'{"batch":[%b],"a":NaN}', b'{"batch":[],"a":NaN}'),
        (b'{"batch":[%b]}{"batch":[]}', b'{"batch":[]}{"batch":[]}'),
    ],
)
def test_what_is_broken_around_a_batch_is_one_more_message(content: bytes, around: bytes) -> None:
    assert parse_batch(content % GOOD) == Body([GOOD, around])


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "it ends too early"),
        (b"null", "it must be an object, and is null"),
        (b"[]", "it must be an object, and is a list"),
        (b'"text"', "it must be an object, and is text"),
        (b"{}", "batch is missing"),
        (b'{"batch":null}', "batch must be a list, and is null"),
        (b'{"batch":{}}', "batch must be a list, and is an object"),
        (b"event=x", "it is not valid JSON: invalid character (byte 0)"),
        (b'{"a":' * 10_000, "it is nested too deeply"),
    ],
)
def test_a_body_without_a_batch_is_refused_whole(content: bytes, problem: str) -> None:
    body = parse_batch(content)

    assert list(body.messages) == [content]
    assert problem in (body.refusal or "")


@pytest.mark.parametrize("value", [b"5", b"null", b"{}", b'["k"]', b'"\xff"', b'""'])
def test_a_time_or_key_of_another_kind_is_as_good_as_none(value: bytes) -> None:
    body = parse_batch(b'{"batch":[%b],"sentAt":%b,"writeKey":%b}' % (GOOD, value, value))

    assert list(body.messages) == [GOOD]
    assert (body.sent_at, body.write_key or None) == (None, None)


@pytest.mark.parametrize(
    "time", ["tomorrow", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59"]
)
def test_a_sent_at_that_names_no_instant_is_as_good_as_none(time: str) -> None:
    assert parse_batch(b'{"batch":[],"sentAt":"%b"}' % time.encode()).sent_at is None
