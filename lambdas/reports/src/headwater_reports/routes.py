"""What is answered below ``/reports``: pages, and answers to the questions of the pack.

What is not a question of the pack cannot be asked. Who may ask is for the server to decide.
"""

import mimetypes
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from headwater_reports.answer import Answer, Ask, Running
from headwater_reports.errors import HeadwaterError, QuestionError
from headwater_reports.results import csv_lines, json_text, plain

HOME: Final = "/reports/"

MOST_ROWS: Final = 10_000
"""Rows of an answer to a page; a CSV file has all."""

_ANSWER: Final = re.compile(rf"{HOME}answers/(\w+)\.(json|csv)")

_SECURE: Final = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True)
class Reply:
    """An answer over HTTP."""

    status: HTTPStatus
    body: bytes = b""
    kind: str = "text/plain; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Login:
    """Where a page has people sign in, by OpenID Connect, and as which client."""

    authorize_url: str
    token_url: str
    client_id: str
    scope: str


@dataclass(frozen=True)
class Reports:
    """Pages from a folder, and answers; pages ask for a login if there is one."""

    pages: Path
    login: Login | None = None

    def reply(self, target: str, ask: Ask) -> Reply:
        """Answer a GET of a path with its query."""
        path, query = urlsplit(target)[2:4]
        if path == HOME.rstrip("/"):
            where = f"{HOME}?{query}" if query else HOME
            return Reply(HTTPStatus.MOVED_PERMANENTLY, headers={"Location": where})
        if path == f"{HOME}login.json":
            return _json(self.login and asdict(self.login))
        if found := _ANSWER.fullmatch(path):
            return _answer(found[1], found[2], query, ask)
        return self._page(path.removeprefix(HOME) or "index.html")

    def _page(self, name: str) -> Reply:
        file = self.pages / name
        if name not in {each.name for each in self.pages.iterdir()}:
            body = b"The reports have no such page.\n"
            return Reply(HTTPStatus.NOT_FOUND, body, headers=_SECURE)
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        headers = {**_SECURE, "Content-Security-Policy": self._policy()}
        return Reply(HTTPStatus.OK, file.read_bytes(), f"{kind}; charset=utf-8", headers)

    def _policy(self) -> str:
        # Names of events and pages are what clients sent. ECharts positions by style attributes.
        provider = f" {origin(self.login.token_url)}" if self.login else ""
        return (
            "default-src 'none'; script-src 'self'; style-src 'self'; "
            f"style-src-attr 'unsafe-inline'; connect-src 'self'{provider}; img-src 'self'; "
            "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )


def is_answer(target: str) -> bool:
    """Return whether a path, with its query, is that of an answer, which holds people's data."""
    return urlsplit(target).path.startswith(f"{HOME}answers/")


def refused(status: HTTPStatus, sentence: str) -> Reply:
    """Return the reply to what is not answered, for a page to show."""
    return _json({"error": sentence}, status)


def origin(url: str) -> str:
    """Return a URL's scheme and host."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _answer(name: str, chosen: str, query: str, ask: Ask) -> Reply:
    limit = MOST_ROWS if chosen == "json" else 0
    try:
        answer = ask(name, _arguments(query), limit)
    except HeadwaterError as error:
        return refused(error.status, str(error))
    if isinstance(answer, Running):
        return _json({"execution": answer.execution}, HTTPStatus.ACCEPTED)
    return _csv(name, answer) if chosen == "csv" else _json(_for_page(answer))


def _arguments(query: str) -> Mapping[str, str]:
    pairs = parse_qsl(query, keep_blank_values=True)
    arguments = dict(pairs)
    if len(arguments) < len(pairs):
        raise QuestionError("A parameter is given twice: give each once.")
    return arguments


def _for_page(answer: Answer) -> Mapping[str, Any]:
    return {
        "columns": answer.result.columns,
        "rows": [[plain(value) for value in row] for row in answer.result.rows],
        "is_cut": answer.result.is_cut,
        "as_of": plain(answer.as_of),
    }


def _csv(name: str, answer: Answer) -> Reply:
    body = "".join(csv_lines(answer.result)).encode()
    attachment = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Reply(HTTPStatus.OK, body, "text/csv; charset=utf-8", {**_SECURE, **attachment})


def _json(value: object, status: HTTPStatus = HTTPStatus.OK) -> Reply:
    return Reply(status, json_text(value).encode(), "application/json", _SECURE)
