from typing import Any

import pytest

from headwater_poller.answers import Answer
from headwater_poller.config import (
    CursorPages,
    Expression,
    LinkPages,
    NumberedPages,
    OffsetPages,
    Pages,
    UrlPages,
)
from headwater_poller.errors import AnswerError, PagingError
from headwater_poller.paging import Trail, first_request, next_request
from headwater_poller.requests import Request

HERE = Request("https://api.example.com/events", (("limit", "2"),))
CURSOR = CursorPages("cursor", Expression.of("next"))


def following(
    pages: Pages, document: object = None, count: int = 2, **headers: str
) -> Request | None:
    return next_request(pages, first_request(pages, HERE), Answer(document, headers), count)


@pytest.mark.parametrize(
    ("pages", "document", "param"),
    [
        (NumberedPages("page"), None, ("page", "2")),
        (NumberedPages("page", 0), None, ("page", "1")),
        (OffsetPages("offset"), None, ("offset", "2")),
        (CURSOR, {"next": "abc"}, ("cursor", "abc")),
        (CURSOR, {"next": 17}, ("cursor", "17")),
        (CURSOR, {"next": 0}, ("cursor", "0")),
    ],
)
def test_asks_for_the_next_page(pages: Pages, document: object, param: tuple[str, str]) -> None:
    assert following(pages, document) == Request(HERE.url, (("limit", "2"), param))


def test_follows_the_next_url() -> None:
    expected = Request(HERE.url, (("page", "2"),))

    assert following(UrlPages(Expression.of("next")), {"next": "?page=2"}) == expected
    assert following(LinkPages(), link='<?page=2>; rel="next"') == expected


@pytest.mark.parametrize("pages", [NumberedPages("page"), OffsetPages("offset")])
def test_pages_that_are_counted_end_with_an_empty_one(pages: Pages) -> None:
    assert following(pages, count=1) is not None
    assert following(pages, count=0) is None


@pytest.mark.parametrize("end", [{}, {"next": None}, {"next": ""}, {"next": False}])
def test_pages_with_a_cursor_end_without_one(end: dict[str, Any]) -> None:
    assert following(CURSOR, end) is None
    assert following(UrlPages(Expression.of("next")), end) is None


def test_without_pages_there_is_one() -> None:
    assert following(None) is None
    assert following(LinkPages()) is None


@pytest.mark.parametrize("found", [True, ["a"], {"a": 1}])
def test_explains_what_is_not_a_cursor(found: object) -> None:
    with pytest.raises(AnswerError, match="`next` finds neither text nor a number"):
        following(CURSOR, {"next": found})


def test_notices_a_cursor_that_leads_in_a_circle() -> None:
    trail = Trail()
    for cursor in ("a", "b", "c"):
        trail.ask(HERE.asking("cursor", cursor))

    with pytest.raises(PagingError, match="page 3 leads back to page 2"):
        trail.ask(HERE.asking("cursor", "b"))


def test_notices_a_page_that_comes_again() -> None:
    trail = Trail()
    trail.ask(HERE)
    trail.arrive(OffsetPages("offset"), [1])
    trail.ask(HERE.asking("offset", "1"))

    with pytest.raises(PagingError, match=r"page 2 has the records of page 1: .* ignores 'offset'"):
        trail.arrive(OffsetPages("offset"), [1])


def test_empty_pages_may_come_again() -> None:
    trail = Trail()
    for cursor in ("a", "b"):
        trail.ask(HERE.asking("cursor", cursor))
        trail.arrive(CURSOR, [])
