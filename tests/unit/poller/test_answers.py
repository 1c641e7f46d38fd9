from datetime import UTC, datetime

import pytest

from headwater_poller.answers import Answer, parse_date, parse_json
from headwater_poller.config import Expression
from headwater_poller.errors import AnswerError


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ('<https://x/?page=2>; rel="next"', "https://x/?page=2"),
        ("<https://x/?page=2>; rel=next", "https://x/?page=2"),
        ('<https://x/1>; rel="prev", <https://x/3>; title="a, b"; rel="last next"', "https://x/3"),
        ('<https://x/?a=1,2>; REL="NEXT"', "https://x/?a=1,2"),
        ('<https://x/1>; rel="prev"', None),
        ("", None),
        ("<" * 10_000, None),
    ],
)
def test_finds_the_next_page_in_a_link_header(header: str, expected: str | None) -> None:
    assert Answer({}, {"link": header}).next_link == expected


def test_finds_the_records() -> None:
    assert Answer({"data": [1]}, {}).records(Expression.of("data")) == [1]


@pytest.mark.parametrize("document", [{"error": "slow down"}, {"data": {}}, [], None, "text"])
def test_takes_no_change_of_shape_for_silence(document: object) -> None:
    with pytest.raises(AnswerError, match="there is no list of records at `data`"):
        Answer(document, {}).records(Expression.of("data"))


def test_explains_an_expression_that_cannot_be_applied() -> None:
    with pytest.raises(AnswerError, match="the records cannot be found: `sort"):
        Answer({"a": 1}, {}).records(Expression.of("sort(a)"))


@pytest.mark.parametrize(
    "text", [b"<html>", b"", b'{"a": NaN}', b"\xff\xfe", b"[" * 100_000, b"{'a': 1}"]
)
def test_explains_what_is_not_json(text: bytes) -> None:
    with pytest.raises(AnswerError, match="the answer is not JSON but text/html, and begins with"):
        parse_json(text, "text/html")


def test_reads_the_clock_of_the_api() -> None:
    assert Answer({}, {"date": "Sat, 31 Jan 2026 13:37:00 GMT"}).date == datetime(
        2026, 1, 31, 13, 37, tzinfo=UTC
    )


@pytest.mark.parametrize("text", ["", None, "soon", "Sat, 99 Jan 2026 13:37:00 GMT"])
def test_takes_no_date_from_what_is_none(text: str | None) -> None:
    assert parse_date(text) is None
