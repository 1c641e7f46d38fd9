import pytest
import sqlglot

from headwater_local.questions import pack
from headwater_local.reports.routes import PAGES
from headwater_reports import questions
from headwater_reports.errors import QuestionError
from headwater_reports.questions import FILE, statement

MARCH = {"start": "2026-03-01", "end": "2026-03-31"}
HOSTILE = "it's'; drop table events; -- \\' \" ? :start ünï✓"


def test_the_pages_list_the_questions_of_the_pack() -> None:
    listed = questions.read(PAGES)

    told = {name: each.as_json() for name, each in listed.items()}
    assert told == {name: each.as_json() for name, each in pack.questions().items()}, (
        f"{FILE} is out of date: run `make reports`"
    )


def test_a_statement_has_an_argument_for_each_question_mark() -> None:
    assert statement(pack.questions(), "active_users", MARCH | {"period": "day"}) == (
        "EXECUTE active_users USING "
        "'2026-03-01', '2026-03-31', '', 'UTC', 'exclude', '', '', 'day', 'monday'"
    )


def test_a_question_without_parameters_has_none() -> None:
    assert statement(pack.questions(), "audit", {}) == "EXECUTE audit"


def test_a_text_stays_one_literal() -> None:
    sql = statement(pack.questions(), "user_timeline", MARCH | {"user": HOSTILE})

    [*_, text] = sqlglot.tokenize(sql.replace("EXECUTE user_timeline", "SELECT"), read="athena")
    assert text.text == HOSTILE


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("users; drop table events", MARCH, "There is no question `users; drop table events`"),
        ("loyalty", MARCH | {"sql": "select 1"}, "`loyalty` takes no sql"),
        ("loyalty", MARCH | {"time_zone": "Mars"}, "There is no time zone `Mars`"),
        ("loyalty", {"start": "2026-03-01"}, "`loyalty` needs end"),
    ],
)
def test_what_cannot_be_asked_is_a_sentence(
    name: str, arguments: dict[str, str], said: str
) -> None:
    with pytest.raises(QuestionError) as raised:
        statement(pack.questions(), name, arguments)

    assert said in str(raised.value)
