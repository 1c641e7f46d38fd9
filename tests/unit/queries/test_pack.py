from collections.abc import Iterator, Sequence
from datetime import date, datetime

import duckdb
import pytest
import sqlglot

from headwater_contract.canary import CANARY_APP
from headwater_local.questions import pack
from headwater_reports.errors import QuestionError
from unit.queries.asking import CASES
from unit.queries.reference import Asked, Lake
from unit.queries.rows import answer_of, event, in_duckdb

MARCH = {"start": "2026-03-01", "end": "2026-03-31"}
DAY = datetime(2026, 3, 2)  # noqa: DTZ001 -- as tables have it
EVERY = [*pack.questions()]


def test_every_question_is_compared_with_plain_python() -> None:
    assert {case.name for case in CASES} == set(EVERY)


@pytest.mark.parametrize("name", EVERY)
def test_a_header_asks_and_names_the_columns_that_come(name: str) -> None:
    question = pack.question(name)
    [case, *_] = [case for case in CASES if case.name == name]
    asked = Asked(date(2026, 3, 1), date(2026, 3, 2))
    with in_duckdb(Lake([])) as connection:
        answer_of(connection, name, case.arguments(asked))
        columns = [column[0] for column in connection.description or ()]

    told = question.definition.partition("Columns:")[2]
    assert question.title.endswith("?")
    assert all(column in told for column in columns), f"{columns} in {told}"


BOUNCE = "Bounce: fewer than two page views, under 10 engaged seconds and no interactive event."


@pytest.mark.parametrize("name", EVERY)
def test_a_header_says_what_its_words_mean(name: str) -> None:
    question = pack.question(name)

    assert question.meaning
    assert BOUNCE in question.meaning or "bounce" not in question.definition


@pytest.fixture(scope="module")
def lakes() -> Iterator[Sequence[duckdb.DuckDBPyConnection]]:
    """A lake that the canary alone sent to, and one that nobody did."""
    seen = [
        event(number, DAY, app_id=CANARY_APP, event_type=event_type, is_bot=number % 2 == 0)
        for number, event_type in enumerate(["page_view", "headwater_canary", "order_paid"] * 2)
    ]
    with in_duckdb(Lake(seen)) as with_canary, in_duckdb(Lake([])) as without:
        yield with_canary, without


@pytest.mark.parametrize("name", EVERY)
def test_no_question_counts_the_canarys_events(
    lakes: Sequence[duckdb.DuckDBPyConnection], name: str
) -> None:
    [case, *_] = [case for case in CASES if case.name == name]
    arguments = case.arguments(Asked(date(2026, 3, 1), date(2026, 3, 3), bots="include"))

    with_canary, without = (answer_of(lake, name, arguments) for lake in lakes)

    assert with_canary == without


@pytest.mark.parametrize("name", EVERY)
def test_a_prepared_statement_takes_each_parameter_in_the_order_of_the_header(name: str) -> None:
    question = pack.question(name)

    assert list(dict.fromkeys(question.marks)) == list(question.parameters)
    again = {each for each in question.marks if question.marks.count(each) > 1}
    assert again <= {"segment"}


@pytest.mark.parametrize("name", EVERY)
def test_athena_is_given_one_statement(name: str) -> None:
    [case, *_] = [case for case in CASES if case.name == name]
    sql = pack.render(name, case.arguments(Asked(date(2026, 3, 1), date(2026, 3, 2))))

    assert len(sqlglot.parse(sql, read="athena")) == 1
    assert "${" not in sql


def test_a_text_stays_a_text() -> None:
    hostile = "it's'; drop table events; -- \\' \" :start ünï✓"
    with in_duckdb(Lake([event(1, DAY, event_type=hostile)])) as connection:
        arguments = {**MARCH, "event": hostile, "column": "event_type"}

        assert answer_of(connection, "breakdown_by_column", arguments) == [(hostile, 1, 1)]


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("nothing", {}, "There is no question `nothing`: choose one of active_users,"),
        ("loyalty", {"start": "2026-03-01"}, "`loyalty` needs end (end: the last day, included)"),
        ("loyalty", MARCH | {"event": "a"}, "`loyalty` takes no event: it takes start, end, app,"),
        ("loyalty", MARCH | {"end": "2026-02-01"}, "ends before it begins: 2026-03-01 is after"),
        ("loyalty", MARCH | {"end": "2066-02-01"}, "The range is longer than 3660 days"),
        ("loyalty", MARCH | {"end": "31.3.2026"}, "end is `31.3.2026`: write a day as 2026-01-31"),
        ("loyalty", MARCH | {"end": "20260331"}, "end is `20260331`: write it as 2026-03-31"),
        ("loyalty", MARCH | {"time_zone": "Mars"}, "There is no time zone `Mars`: write an IANA"),
        ("loyalty", MARCH | {"bots": "some"}, "bots is `some`: choose exclude, include or only"),
        ("loyalty", MARCH | {"app": "a\0"}, "A text with a NUL character matches nothing"),
        ("retention", MARCH | {"period": "month"}, "period is `month`: choose day or week"),
        ("retention", MARCH | {"mode": "x"}, "mode is `x`: choose first, recurring or rolling"),
        ("attribution", MARCH | {"event": "a", "model": "x"}, "model is `x`: choose last or first"),
        (
            "breakdown_by_column",
            MARCH | {"column": "context"},
            "column is `context`: choose event_",
        ),
        ("funnel", MARCH, "`funnel` needs steps (steps: the events in order, as JSON, such as"),
        ("funnel", MARCH | {"steps": "a, b"}, "steps is `a, b`: write them as JSON, such as"),
        ("funnel", MARCH | {"steps": "[1]"}, "steps must be a list of event names"),
        ("funnel", MARCH | {"steps": "[]"}, "A funnel has 1 to 8 steps, and these are 0"),
        ("funnel", MARCH | {"steps": str(['"a"'] * 40).replace("'", "")}, "and these are 40"),
        ("funnel", MARCH | {"steps": '["a"]', "window_hours": "1.5"}, "write a whole number from"),
        ("conversions", MARCH | {"event": "a", "value": "total"}, "value is `total`: write a JSON"),
    ],
)
def test_what_cannot_be_asked_is_a_sentence(
    name: str, arguments: dict[str, str], said: str
) -> None:
    with pytest.raises(QuestionError) as raised:
        pack.render(name, arguments)

    assert said in str(raised.value)
