"""``headwater ask`` as it is typed, over golden tables in memory, and on an Athena that is told."""

import csv
import io
import json
import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from typing import Any, Final

import pytest
from typer.testing import CliRunner, Result

from e2e.loopback import QuietHandler, serve
from e2e.reports_site import InMemoryLake
from headwater_local import cli
from headwater_local.commands import ask as command
from headwater_local.inspection import sql as inspection
from headwater_local.questions import pack
from headwater_reports.errors import QueryError, QuestionError
from integration.writer.queries.by_hand import MARCH
from unit.queries.asking import Case
from unit.queries.golden_rows import golden_lake
from unit.queries.reference import Asked, Lake, Reference
from unit.queries.rows import in_duckdb

RANGE: Final = ("--start", str(MARCH.start), "--end", str(MARCH.end))
STEPS: Final = '["A", "B", "C"]'


@pytest.fixture(scope="module")
def lake() -> Lake:
    return golden_lake()


@pytest.fixture
def tables(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reference]:
    """What plain Python knows of the tables that the command finds."""
    with in_duckdb(lake) as connection:
        monkeypatch.setattr(inspection, "LocalLake", lambda _: InMemoryLake(connection))
        yield Reference(lake)


def ask(*arguments: str) -> Result:
    return CliRunner().invoke(cli.commands, ["ask", *arguments], env={"COLUMNS": "200"})


def answer(*arguments: str) -> list[tuple[Any, ...]]:
    """Return the rows that it prints as JSON."""
    result = ask(*arguments, "--format", "json")
    assert result.exit_code == 0, result.output
    return [tuple(row.values()) for row in json.loads(result.output)]


def as_printed(rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return [tuple(str(cell) if isinstance(cell, date) else cell for cell in row) for row in rows]


def days_of(sql: str) -> set[str]:
    """Return the days that a statement names."""
    return set(re.findall(r"'(\d{4}-\d\d-\d\d)'", sql))


def test_lists_every_question() -> None:
    listed = ask("--format", "csv").output

    rows = list(csv.DictReader(io.StringIO(listed)))
    assert {row["question"] for row in rows} == pack.questions().keys()
    assert all(row["asks"].endswith("?") for row in rows)


def test_answers_as_plain_python_does(tables: Reference) -> None:
    expected = Case("page_views_by_day", {}).expected(tables, MARCH)

    assert expected
    assert answer("page_views_by_day", *RANGE) == as_printed(expected)


def test_a_question_takes_a_parameter_of_its_own(tables: Reference) -> None:
    expected = Case("funnel", {"steps": STEPS}).expected(tables, MARCH)

    assert answer("funnel", *RANGE, "--with", f"steps={STEPS}") == as_printed(expected)


def test_each_condition_of_a_segment_holds(tables: Reference) -> None:
    both = Asked(MARCH.start, MARCH.end, segment="utm_campaign=spring\nutm_source!=News")
    conditions = ("--segment", "utm_campaign=spring", "--segment", "utm_source!=News")

    narrowed = answer("page_views_by_day", *RANGE, *conditions)

    assert narrowed == as_printed(Case("page_views_by_day", {}).expected(tables, both))
    assert narrowed != answer("page_views_by_day", *RANGE)


def test_app_zone_and_bots_are_asked_for(tables: Reference) -> None:
    asked = Asked(MARCH.start, MARCH.end, time_zone="Pacific/Auckland", bots="include")
    options = ("--time-zone", "Pacific/Auckland", "--bots", "include")

    found = answer("page_views_by_day", *RANGE, *options)

    assert found == as_printed(Case("page_views_by_day", {}).expected(tables, asked))
    assert found != answer("page_views_by_day", *RANGE)
    nobody = answer("page_views_by_day", *RANGE, "--app", "none-such")
    assert {views for _, views, *_ in nobody} == {0}


def test_a_csv_has_the_columns_at_its_top(tables: Reference) -> None:
    printed = ask("page_views_by_day", *RANGE, "--format", "csv").output

    rows = list(csv.DictReader(io.StringIO(printed)))
    expected = Case("page_views_by_day", {}).expected(tables, MARCH)
    assert [(row["day"], int(row["views"])) for row in rows] == [
        (str(day), views) for day, views, *_ in expected
    ]


def test_explains_a_question_without_asking_it() -> None:
    explained = ask("retention", "--explain").output

    asked = pack.question("retention")
    assert explained.startswith(f"{asked.title}\n{asked.definition}")
    assert f"Question marks of its prepared statement: {', '.join(asked.marks)}." in explained


def test_prints_the_sql_that_it_would_run() -> None:
    printed = ask("page_views_by_day", *RANGE, "--sql").output

    arguments = Case("page_views_by_day", {}).arguments(MARCH)
    assert printed == pack.render("page_views_by_day", arguments) + "\n"


def test_an_end_alone_is_of_thirty_days() -> None:
    printed = ask("page_views_by_day", "--end", "2026-01-31", "--sql").output

    assert days_of(printed) == {"2026-01-02", "2026-01-31"}


def test_today_is_that_of_the_time_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    class Evening(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Evening":
            return cls(2026, 1, 31, 23, 30, tzinfo=UTC).astimezone(tz)

    monkeypatch.setattr(command, "datetime", Evening)

    assert days_of(ask("page_views_by_day", "--sql").output) == {"2026-01-02", "2026-01-31"}
    in_berlin = ask("page_views_by_day", "--time-zone", "Europe/Berlin", "--sql").output
    assert days_of(in_berlin) == {"2026-01-03", "2026-02-01"}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["page_view"], "page_views_by_day"),
        (["page_views_by_day", "--end", "soon"], "write a day as 2026-01-31"),
        (["page_views_by_day", "--start", "2026-02-01", "--end", "2026-01-31"], "ends before it"),
        (["page_views_by_day", "--time-zone", "Berlin"], "no time zone `Berlin`"),
        (["page_views_by_day", "--segment", "planet=Mars"], "planet"),
        (["page_views_by_day", "--with", "event=paid"], "takes no event"),
    ],
)
def test_refuses_what_cannot_be_asked(arguments: list[str], sentence: str) -> None:
    error = ask(*arguments, "--sql").exception

    assert isinstance(error, QuestionError)
    assert sentence in str(error)


def test_refuses_a_parameter_without_a_value() -> None:
    result = ask("funnel", "--with", "steps")

    assert result.exit_code == 2
    assert "steps=VALUE" in result.output


@dataclass
class Athena:
    """Answers of the API, one after the other for each action; what was asked."""

    answers: dict[str, list[tuple[int, dict[str, Any]]]]
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def reply(self, action: str, request: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        with self.lock:
            self.asked.append((action, request))
            return self.answers[action].pop(0)


STARTED: Final = (200, {"QueryExecutionId": "1"})
SUCCEEDED: Final = (
    200,
    {"QueryExecution": {"Status": {"State": "SUCCEEDED", "SubmissionDateTime": 1_769_900_000}}},
)
ROWS: Final = (
    200,
    {
        "ResultSet": {
            "ResultSetMetadata": {"ColumnInfo": [{"Name": "views", "Type": "bigint"}]},
            "Rows": [{"Data": [{"VarCharValue": text}]} for text in ("views", "42")],
        }
    },
)
THROTTLED: Final = (400, {"__type": "ThrottlingException", "message": "Rate exceeded"})


@pytest.fixture
def athena(monkeypatch: pytest.MonkeyPatch) -> Iterator[Athena]:
    told = Athena(
        {
            "StartQueryExecution": [STARTED],
            "GetQueryExecution": [SUCCEEDED],
            "GetQueryResults": [ROWS],
        }
    )

    class Handler(QuietHandler):
        def do_POST(self) -> None:  # noqa: N802
            body = self.rfile.read(int(self.headers["Content-Length"]))
            action = self.headers["X-Amz-Target"].rpartition(".")[2]
            status, answer = told.reply(action, json.loads(body))
            kind = {"Content-Type": "application/x-amz-json-1.1"}
            self.answer(status, json.dumps(answer).encode(), kind)

    with serve(Handler) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        monkeypatch.setenv("AWS_REGION", "eu-west-1")
        monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
        yield told


def test_athena_is_asked_the_sql_in_its_workgroup(athena: Athena) -> None:
    assert answer("page_views_by_day", *RANGE, "--athena", "blue-stack") == [(42,)]

    action, request = athena.asked[0]
    arguments = Case("page_views_by_day", {}).arguments(MARCH)
    assert action == "StartQueryExecution"
    assert request["QueryString"] == pack.render("page_views_by_day", arguments)
    assert request["WorkGroup"] == "blue-stack"
    assert request["QueryExecutionContext"] == {"Database": "blue_stack"}


def test_athenas_database_can_have_another_name(athena: Athena) -> None:
    answer("page_views_by_day", *RANGE, "--athena", "blue", "--database", "green")

    assert athena.asked[0][1]["QueryExecutionContext"] == {"Database": "green"}


def test_a_call_that_is_throttled_is_made_again(athena: Athena) -> None:
    athena.answers["StartQueryExecution"].insert(0, THROTTLED)

    assert answer("page_views_by_day", *RANGE, "--athena", "blue") == [(42,)]
    assert [action for action, _ in athena.asked].count("StartQueryExecution") == 2


def test_what_athena_refuses_is_a_sentence(athena: Athena) -> None:
    refused = (400, {"__type": "InvalidRequestException", "message": "WorkGroup is not found"})
    athena.answers["StartQueryExecution"] = [refused]

    error = ask("page_views_by_day", *RANGE, "--athena", "blue").exception

    assert isinstance(error, QueryError)
    assert "WorkGroup is not found" in str(error)
