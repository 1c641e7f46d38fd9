"""What the site answers below ``/reports``: pages, the questions, and their answers.

Answers hold people's data, and questions cost time: both are for the site's own pages and for
programs of this machine. What is not a question of the pack cannot be asked.
"""

import io
import mimetypes
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from headwater_local.errors import (
    HeadwaterError,
    NotRunningError,
    QuestionError,
    SlowAnswerError,
)
from headwater_local.questions import pack
from headwater_local.questions.arguments import choices
from headwater_local.reports.answers import Answer, Answers
from headwater_local.results import Format, json_text, plain, render
from headwater_local.web_pages import is_of_foreign_page

PAGES: Final = Path(__file__).parents[4] / "reports" / "dist"
"""What is built of the reports' source, and committed beside it."""

HOME: Final = "/reports/"

MOST_ROWS: Final = 10_000
"""Rows of an answer to a page; a CSV file has all."""

_ANSWER: Final = re.compile(rf"{HOME}answers/(\w+)\.(json|csv)")

_SECURE: Final = {
    # Names of events and pages are whatever clients sent. ECharts positions by style attributes.
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "style-src-attr 'unsafe-inline'; connect-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

_STATUS: Final[Mapping[type[HeadwaterError], HTTPStatus]] = {
    QuestionError: HTTPStatus.BAD_REQUEST,
    NotRunningError: HTTPStatus.SERVICE_UNAVAILABLE,
    SlowAnswerError: HTTPStatus.GATEWAY_TIMEOUT,
}


@dataclass(frozen=True)
class Reply:
    """An answer over HTTP."""

    status: HTTPStatus
    body: bytes = b""
    kind: str = "text/plain; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reports:
    """Everything below ``/reports``."""

    answers: Answers

    def reply(
        self,
        target: str,
        headers: Iterable[tuple[str, str]],
        is_wanted: Callable[[], bool] = lambda: True,
    ) -> Reply:
        """Answer a GET of a path with its query; nothing is asked that ``is_wanted`` denies."""
        path, query = urlsplit(target)[2:4]
        if path == HOME.rstrip("/"):
            where = f"{HOME}?{query}" if query else HOME
            return Reply(HTTPStatus.MOVED_PERMANENTLY, headers={"Location": where})
        found = _ANSWER.fullmatch(path)
        if not found and path != f"{HOME}questions.json":
            return _page(path.removeprefix(HOME) or "index.html")
        if is_of_foreign_page(headers):
            return _refused(HTTPStatus.FORBIDDEN, "This port answers its own pages alone.")
        if not found:
            return _json(_questions())
        return self._answer(found[1], found[2], query, is_wanted)

    def _answer(self, name: str, chosen: str, query: str, is_wanted: Callable[[], bool]) -> Reply:
        limit = MOST_ROWS if chosen == "json" else 0
        try:
            answer = self.answers.answer(name, _arguments(query), limit, is_wanted)
        except HeadwaterError as error:
            status = _STATUS.get(type(error), HTTPStatus.INTERNAL_SERVER_ERROR)
            return _refused(status, str(error))
        return _csv(name, answer) if chosen == "csv" else _json(_for_page(answer))


def _arguments(query: str) -> Mapping[str, str]:
    pairs = parse_qsl(query, keep_blank_values=True)
    arguments = dict(pairs)
    if len(arguments) < len(pairs):
        raise QuestionError("A parameter is given twice: give each once.")
    return arguments


def _page(name: str) -> Reply:
    file = PAGES / name
    if name not in {each.name for each in PAGES.iterdir()}:
        return Reply(HTTPStatus.NOT_FOUND, b"The reports have no such page.\n", headers=_SECURE)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Reply(HTTPStatus.OK, file.read_bytes(), f"{kind}; charset=utf-8", _SECURE)


def _questions() -> list[Mapping[str, Any]]:
    return [
        {
            "name": each.name,
            "title": each.title,
            "meaning": each.meaning,
            "parameters": [
                {
                    "name": name,
                    "default": parameter.default,
                    "meaning": parameter.meaning,
                    "choices": choices(name, parameter),
                }
                for name, parameter in each.parameters.items()
            ],
        }
        for each in pack.questions().values()
    ]


def _for_page(answer: Answer) -> Mapping[str, Any]:
    return {
        "columns": answer.result.columns,
        "rows": [[plain(value) for value in row] for row in answer.result.rows],
        "is_cut": answer.result.is_cut,
        "as_of": plain(answer.as_of),
    }


def _csv(name: str, answer: Answer) -> Reply:
    text = io.StringIO()
    render(answer.result, Format.CSV, text)
    attachment = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    kind = "text/csv; charset=utf-8"
    return Reply(HTTPStatus.OK, text.getvalue().encode(), kind, {**_SECURE, **attachment})


def _refused(status: HTTPStatus, sentence: str) -> Reply:
    return _json({"error": sentence}, status)


def _json(value: object, status: HTTPStatus = HTTPStatus.OK) -> Reply:
    return Reply(status, json_text(value).encode(), "application/json", _SECURE)
