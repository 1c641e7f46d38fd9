import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from e2e.reports_site import InMemoryLake
from headwater_local.questions import pack
from headwater_local.reports.answers import Answers
from headwater_local.reports.routes import LocalReports
from headwater_reports.routes import MOST_ROWS, Reply
from unit.queries.reference import Lake
from unit.queries.rows import event, in_duckdb

DAY = datetime(2026, 3, 2)  # noqa: DTZ001 -- as tables have it
HOST = ("Host", "127.0.0.1:8000")
BROWSER = ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64)")
OWN_PAGE = (HOST, BROWSER, ("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Mode", "cors"))
MARCH = "start=2026-03-01&end=2026-03-03"
HOSTILE = "it's'; drop table events; -- <img src=x onerror=alert(1)> ✓"


@pytest.fixture(scope="module")
def reports() -> Iterator[LocalReports]:
    rows = [event(1, DAY), event(2, DAY, user_id="u-2", event_type=HOSTILE)]
    with in_duckdb(Lake(rows)) as connection:
        yield LocalReports(Answers(InMemoryLake(connection)))


def get(reports: LocalReports, target: str, *headers: tuple[str, str]) -> Reply:
    return reports.reply(f"/reports/{target}", headers or OWN_PAGE)


def said(reply: Reply) -> Any:  # noqa: ANN401 -- any JSON value
    return json.loads(reply.body)


def test_an_answer_has_columns_rows_and_its_moment(reports: LocalReports) -> None:
    reply = get(reports, f"answers/active_users.json?{MARCH}")

    answer = said(reply)
    assert reply.status == 200
    assert answer["columns"] == ["period", "users", "events"]
    assert answer["rows"] == [["2026-03-01", 0, 0], ["2026-03-02", 2, 2], ["2026-03-03", 0, 0]]
    assert answer["is_cut"] is False
    assert datetime.fromisoformat(answer["as_of"]).utcoffset() is not None


def test_csv_is_that_of_the_command(reports: LocalReports) -> None:
    reply = get(reports, f"answers/active_users.csv?{MARCH}")

    assert reply.body.decode().splitlines()[:2] == ["period,users,events", "2026-03-01,0,0"]
    assert reply.headers["Content-Disposition"] == 'attachment; filename="active_users.csv"'


def test_a_page_is_given_so_many_rows_and_told_of_others(reports: LocalReports) -> None:
    query = "start=2026-03-01&end=2026-12-31&period=day"
    [cut, whole] = (get(reports, f"answers/retention.{kind}?{query}") for kind in ("json", "csv"))

    assert (len(said(cut)["rows"]), said(cut)["is_cut"]) == (MOST_ROWS, True)
    assert len(whole.body.splitlines()) == 1 + 306 * 307 / 2


def test_a_text_stays_a_text(reports: LocalReports) -> None:
    reply = get(reports, f"answers/breakdown_by_column.json?{MARCH}&column=event_type")

    assert [HOSTILE, 1, 1] in said(reply)["rows"]
    assert reply.kind == "application/json"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        ("answers/loyalty.json?start=2026-03-02&end=2026-03-01", "ends before it begins"),
        (f"answers/loyalty.json?{MARCH}&time_zone=Mars", "There is no time zone `Mars`"),
        (f"answers/loyalty.csv?{MARCH}&bots=some", "choose exclude, include or only"),
        (f"answers/loyalty.json?{MARCH}&sql=select+1", "`loyalty` takes no sql"),
        (f"answers/loyalty.json?{MARCH}&start=2026-03-02", "A parameter is given twice"),
        (f"answers/secrets.json?{MARCH}", "There is no question `secrets`"),
        (f"answers/funnel.json?{MARCH}&steps=a,b", "write them as JSON"),
    ],
)
def test_what_cannot_be_asked_is_a_sentence(
    reports: LocalReports, target: str, sentence: str
) -> None:
    reply = get(reports, target)

    assert reply.status == 400
    assert sentence in said(reply)["error"]


def test_every_question_is_told_with_its_definition_and_parameters(reports: LocalReports) -> None:
    questions = {each["name"]: each for each in said(get(reports, "questions.json"))}

    assert list(questions) == list(pack.questions())
    stickiness = questions["stickiness"]
    assert stickiness["title"] == "How much of its month does the audience come back on?"
    assert stickiness["meaning"] == (
        "Stickiness: a day's active users over those of the 30 days that end with it."
    )
    [mode] = [each for each in questions["retention"]["parameters"] if each["name"] == "mode"]
    assert (mode["default"], mode["choices"]) == ("first", ["first", "recurring", "rolling"])


@pytest.mark.parametrize(
    "headers",
    [
        (HOST, BROWSER, ("Sec-Fetch-Site", "cross-site")),
        (HOST, BROWSER, ("Sec-Fetch-Site", "same-site"), ("Origin", "http://127.0.0.1:3000")),
        (HOST, BROWSER, ("Sec-Fetch-Site", "none")),
        (HOST, BROWSER),
        (HOST, ("Origin", "http://127.0.0.1:8000")),
        (HOST, ("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Site", "cross-site")),
        (("Host", "rebound.example:8000"), BROWSER, ("Sec-Fetch-Site", "same-origin")),
        (BROWSER, ("Sec-Fetch-Site", "same-origin")),
    ],
)
@pytest.mark.parametrize(
    "target", [f"answers/loyalty.json?{MARCH}", f"answers/loyalty.csv?{MARCH}"]
)
def test_no_other_page_is_answered(
    reports: LocalReports, target: str, headers: tuple[tuple[str, str], ...]
) -> None:
    assert get(reports, target, *headers).status == 403


def test_a_program_of_this_machine_is_answered(reports: LocalReports) -> None:
    curl = (("Host", "localhost:8000"), ("User-Agent", "curl/8.5.0"))

    assert get(reports, f"answers/loyalty.json?{MARCH}", *curl).status == 200


def test_pages_say_what_scripts_they_trust(reports: LocalReports) -> None:
    page = get(reports, "?report=funnel")

    assert page.kind.startswith("text/html")
    assert "script-src 'self';" in page.headers["Content-Security-Policy"]
    assert get(reports, "reports.js").kind.startswith("text/javascript")


@pytest.mark.parametrize(
    "target", ["nothing.html", "../src/main.ts", "%2e%2e/package.json", "..", "dist/reports.js"]
)
def test_there_are_no_other_files(reports: LocalReports, target: str) -> None:
    assert get(reports, target).status == 404


def test_the_folder_is_found_without_its_slash(reports: LocalReports) -> None:
    reply = reports.reply("/reports?report=live", OWN_PAGE)

    assert (reply.status, reply.headers["Location"]) == (301, "/reports/?report=live")
