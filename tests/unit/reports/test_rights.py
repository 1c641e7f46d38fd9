"""Who may ask about which app, by a claim of the token."""

import base64
import json
from typing import Any

import pytest

from headwater_local.questions import pack
from headwater_local.reports.routes import PAGES
from headwater_reports.answering import Answering
from headwater_reports.http_api import respond
from headwater_reports.questions import read
from headwater_reports.rights import Rights
from headwater_reports.routes import Login, Reports
from unit.reports.engines import HeldEngine
from unit.reports.requests import request

LOGIN = Login(
    "https://id.example/authorize", "https://id.example/token", "reports", "openid groups"
)
RIGHTS = Rights(
    "cognito:groups",
    {"analysts": ["*"], "shop team": ["shop"], "both": ["shop", "web"], "none": []},
)
MARCH = "start=2026-03-01&end=2026-03-31"
LOYALTY = "/reports/answers/loyalty.json"


def answered(groups: object, asked: str, path: str = LOYALTY) -> tuple[int, str, list[str]]:
    """Return the status, what is said, and the statements that were started."""
    claims = {} if groups is None else {"cognito:groups": groups}
    return answer_to(request(path, f"{MARCH}{asked}", claims=claims))


def answer_to(event: Any) -> tuple[int, str, list[str]]:  # noqa: ANN401 -- JSON
    engine = HeldEngine()
    asking = Answering(engine, read(PAGES), lambda _seconds: None)
    response = respond(event, Reports(PAGES, LOGIN), asking.ask, RIGHTS)
    body = json.loads(base64.b64decode(response["body"]))
    return response["statusCode"], body.get("error", ""), engine.started


@pytest.mark.parametrize(
    ("groups", "asked"),
    [
        ("analysts", ""),
        (["analysts"], "&app="),
        (["analysts", "none"], "&app=web"),
        (["shop team"], "&app=shop"),
        ("both", "&app=web"),
        (["none", "shop team"], "&app=shop"),
    ],
)
def test_an_app_of_theirs_is_asked_about(groups: object, asked: str) -> None:
    status, said, started = answered(groups, asked)

    assert (status, said, len(started)) == (200, "", 1)


@pytest.mark.parametrize(
    ("groups", "asked"),
    [
        (["shop team"], ""),
        (["shop team"], "&app="),
        (["shop team"], "&app=web"),
        (["shop team"], "&app=*"),
        (["shop team"], "&app=SHOP"),
        (["shop team"], "&app=shop&app=web"),
        (["shop team"], "&app=web&execution=execution-1"),
        ("shop team analysts", "&app=web"),
        (["shop", "team"], "&app=shop"),
        (["none"], "&app=shop"),
        (["*"], "&app=shop"),
        ([], "&app=shop"),
        (None, "&app=shop"),
        ({"analysts": True}, "&app=shop"),
        ([["analysts"]], "&app=shop"),
    ],
)
def test_no_other_is(groups: object, asked: str) -> None:
    status, said, started = answered(groups, asked)

    assert (status, started) == (400 if "shop&app" in asked else 403, [])
    assert said.startswith(("You may see ", "You may not see ", "A parameter is given twice"))


def test_a_refusal_says_what_to_choose() -> None:
    assert answered("both", "")[1] == (
        "You may see answers about one app at a time: choose shop or web as the app."
    )
    assert "no value of your token's claim `cognito:groups` has rights" in answered(None, "")[1]


@pytest.mark.parametrize("name", [name for name in pack.questions() if name != "loyalty"])
def test_no_question_asks_about_all_for_whoever_may_see_one(name: str) -> None:
    path = LOYALTY.replace("loyalty", name)

    assert answered("both", "", path)[::2] == (403, [])


def test_a_question_without_an_app_is_of_all() -> None:
    audit = "/reports/answers/audit.json"

    assert answer_to(request(audit, "app=shop", claims={"cognito:groups": "both"}))[0] == 400
    assert answer_to(request(audit, claims={"cognito:groups": "analysts"}))[0] == 200


def test_the_claims_of_another_token_than_the_judged_count_for_nothing() -> None:
    event = request(LOYALTY, MARCH, claims={"cognito:groups": "analysts"})
    event["requestContext"]["authorizer"]["jwt"]["claims"]["sub"] = "bob"

    assert answer_to(event)[0] == 403


def test_two_tokens_in_one_request_say_nothing() -> None:
    event = request(LOYALTY, MARCH, claims={"cognito:groups": "none"})
    forged = request(LOYALTY, MARCH, claims={"cognito:groups": "analysts"})
    tokens = [each["headers"]["authorization"] for each in (forged, event)]
    event["headers"]["authorization"] = ",".join(tokens)

    assert answer_to(event)[::2] == (403, [])
