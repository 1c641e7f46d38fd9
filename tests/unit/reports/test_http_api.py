"""Requests of an HTTP API, by the API Gateway developer guide, and what they are answered."""

import base64
import gzip
import json
from typing import Any

import pytest

from headwater_local.questions import pack
from headwater_local.reports.routes import PAGES
from headwater_reports.answering import Answering
from headwater_reports.http_api import MOST_BYTES, respond
from headwater_reports.results import Result
from headwater_reports.routes import MOST_ROWS, Login, Reports
from unit.reports.engines import HeldEngine
from unit.reports.requests import request

LOGIN = Login("https://id.example/authorize", "https://id.example/token", "reports", "openid email")
MARCH = "start=2026-03-01&end=2026-03-31"
LOYALTY = "/reports/answers/loyalty.json"


def answered(event: Any, engine: HeldEngine | None = None) -> tuple[int, Any, dict[str, str]]:  # noqa: ANN401 -- JSON
    """Return the status, the body and the headers of a response."""
    asked = Answering(engine or HeldEngine(), pack.questions(), lambda _seconds: None)
    response = respond(event, Reports(PAGES, LOGIN), asked.ask)
    body = base64.b64decode(response["body"])
    headers = response["headers"]
    if headers.get("content-encoding") == "gzip":
        body = gzip.decompress(body)
    is_json = headers["content-type"] == "application/json"
    return response["statusCode"], json.loads(body) if is_json else body, headers


def test_who_has_signed_in_is_answered() -> None:
    status, body, headers = answered(request(LOYALTY, MARCH))

    assert (status, body["columns"], body["rows"]) == (200, ["users"], [[1]])
    assert body["as_of"] == "2026-03-01T10:00:00Z"
    assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", [LOYALTY, "/reports/answers/loyalty.csv", "/reports/answers/x"])
def test_nobody_else_is(path: str) -> None:
    engine = HeldEngine()

    status, body, _ = answered(request(path, MARCH, signed_in=False), engine)

    assert (status, body) == (401, {"error": "Sign in to see answers."})
    assert engine.started == []


@pytest.mark.parametrize("authorizer", [{}, {"jwt": {}}, {"jwt": {"claims": {}}}, {"iam": {}}])
def test_the_word_of_no_other_authorizer_counts(authorizer: dict[str, Any]) -> None:
    event = request(LOYALTY, MARCH)
    event["requestContext"]["authorizer"] = authorizer

    assert answered(event)[0] == 401


@pytest.mark.parametrize("name", ["", "reports.js", "style.css", "questions.json"])
def test_pages_are_for_all(name: str) -> None:
    status, body, headers = answered(request(f"/reports/{name}", signed_in=False))

    assert (status, bool(body)) == (200, True)
    assert "connect-src 'self' https://id.example;" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-cache"


def test_a_page_is_told_where_to_sign_in() -> None:
    status, body, _ = answered(request("/reports/login.json", signed_in=False))

    assert (status, body) == (
        200,
        {
            "authorize_url": "https://id.example/authorize",
            "token_url": "https://id.example/token",
            "client_id": "reports",
            "scope": "openid email",
        },
    )


def test_a_browser_gets_a_page_compressed() -> None:
    event = request("/reports/reports.js")
    event["headers"]["accept-encoding"] = "gzip, deflate, br"

    _, body, headers = answered(event)

    assert headers["content-encoding"] == "gzip"
    assert body == (PAGES / "reports.js").read_bytes()


def test_a_slow_answer_names_its_execution() -> None:
    engine = HeldEngine(looks=10**9)
    seconds = iter(range(0, 100, 10))
    asked = Answering(engine, pack.questions(), lambda _: None, lambda: float(next(seconds)))

    response = respond(request(LOYALTY, MARCH), Reports(PAGES, LOGIN), asked.ask)

    assert response["statusCode"] == 202
    assert json.loads(base64.b64decode(response["body"])) == {"execution": "execution-1"}


def test_a_page_gets_so_many_rows_and_is_told() -> None:
    engine = HeldEngine(result=Result(["n"], [(n,) for n in range(MOST_ROWS + 1)]))

    _, body, _ = answered(request(LOYALTY, MARCH), engine)
    _, csv, _ = answered(request(LOYALTY.replace("json", "csv"), MARCH), engine)

    assert (len(body["rows"]), body["is_cut"]) == (MOST_ROWS, True)
    assert len(csv.splitlines()) == MOST_ROWS + 2


def test_what_no_response_can_hold_is_a_sentence() -> None:
    engine = HeldEngine(result=Result(["text"], [("x" * MOST_BYTES,)]))

    status, body, _ = answered(request(LOYALTY, MARCH), engine)

    assert status == 413
    assert "ask for fewer days" in body["error"]


@pytest.mark.parametrize(
    ("path", "query", "sentence"),
    [
        (LOYALTY, f"{MARCH}&sql=select+1", "`loyalty` takes no sql"),
        (LOYALTY, f"{MARCH}&start=2026-03-02", "A parameter is given twice"),
        ("/reports/answers/secrets.json", MARCH, "There is no question `secrets`"),
    ],
)
def test_what_cannot_be_asked_is_refused(path: str, query: str, sentence: str) -> None:
    status, body, _ = answered(request(path, query))

    assert status == 400
    assert sentence in body["error"]


@pytest.mark.parametrize(
    "path",
    [f"/{LOYALTY}", LOYALTY.replace("a", "%61"), LOYALTY.upper(), f"{LOYALTY}/", f"x{LOYALTY}"],
)
def test_no_other_spelling_of_an_answer_asks_anything(path: str) -> None:
    engine = HeldEngine()

    assert answered(request(path, MARCH, signed_in=False), engine)[0] in {401, 404}
    assert engine.started == []


@pytest.mark.parametrize("path", ["/", "/reports/../function.py", "/reports/pages/index.html"])
def test_there_is_nothing_else(path: str) -> None:
    assert answered(request(path, signed_in=False))[0] == 404
