"""From a page to the next, and the pages that lead in a circle."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from headwater_contract.quoting import quoted
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
from headwater_poller.requests import Request


def next_request(pages: Pages, request: Request, answer: Answer, count: int) -> Request | None:
    """Return the request for the page after one with ``count`` records; None after the last.

    A page that is shorter than was asked for need not be the last: an API may have a limit of its
    own. So pages that are counted go on up to an empty one.

    Raises:
        PagingError: the next page is on another host.
    """
    match pages:
        case LinkPages():
            url = answer.next_link
            return request.following(url) if url else None
        case UrlPages(path):
            url = found_text(path, answer)
            return request.following(url) if url else None
        case CursorPages(param, path):
            cursor = found_text(path, answer)
            return request.asking(param, cursor) if cursor else None
        case NumberedPages(param, first):
            return _advanced(request, param, first, 1) if count else None
        case OffsetPages(param):
            return _advanced(request, param, 0, count) if count else None
    return None


def first_request(pages: Pages, request: Request) -> Request:
    """Return the request for the first page."""
    match pages:
        case NumberedPages(param, first):
            return request.asking(param, str(first))
        case OffsetPages(param):
            return request.asking(param, "0")
    return request


def found_text(path: Expression, answer: Answer) -> str | None:
    """Return a cursor or URL that an answer holds; None if there is none.

    Raises:
        AnswerError: what is there is neither text nor number.
    """
    try:
        found = path.search(answer.document)
    except ValueError as error:
        raise AnswerError(f"the next page cannot be found: {error}") from error
    if found is None or found is False or found == "":
        return None
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        raise AnswerError(f"`{path.text}` finds neither text nor a number: correct `next`")
    return str(found)


def _advanced(request: Request, param: str, first: int, by: int) -> Request:
    now = dict(request.params).get(param, str(first))
    return request.asking(param, str(int(now) + by))


@dataclass(frozen=True, slots=True)
class Trail:
    """The pages of one walk, so that it does not go in a circle."""

    _asked: dict[Request, int] = field(default_factory=dict)
    _seen: dict[bytes, int] = field(default_factory=dict)

    def ask(self, request: Request) -> None:
        """Note a request.

        Raises:
            PagingError: it was made before.
        """
        number = len(self._asked) + 1
        before = self._asked.setdefault(request, number)
        if before != number:
            raise PagingError(
                f"page {number - 1} leads back to page {before}: the API repeats a cursor or a "
                "link; check `pages`"
            )

    def arrive(self, pages: Pages, records: Sequence[Any]) -> None:
        """Note the records of the page that was asked for last.

        Raises:
            PagingError: an earlier page had the same.
        """
        if not records:
            return
        number = len(self._asked)
        content = sha256(json.dumps(records, sort_keys=True).encode()).digest()[:16]
        before = self._seen.setdefault(content, number)
        if before != number:
            raise PagingError(
                f"page {number} has the records of page {before}: the API ignores "
                f"{_parameter(pages)}; check `pages`"
            )


def _parameter(pages: Pages) -> str:
    match pages:
        case NumberedPages(param) | OffsetPages(param) | CursorPages(param):
            return quoted(param)
    return "the link"
