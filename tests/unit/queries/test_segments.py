"""Segments: which events and sessions are in, by each kind of condition and of question."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

import duckdb
import pytest

from headwater_local.questions import pack
from headwater_local.questions.athena_dialect import to_duckdb
from headwater_reports.arguments import SEGMENT_COLUMNS
from headwater_reports.errors import QuestionError
from headwater_reports.questions import MAX_BYTES, statement
from unit.queries.asking import SEGMENTS, Case, redefined, same
from unit.queries.reference import Asked, Lake, Reference
from unit.queries.rows import answer_of, in_duckdb, random_lake

MARCH = {"start": "2026-03-01", "end": "2026-03-31"}
ASKED = Asked(date(2026, 3, 5), date(2026, 3, 31))
EVENTS = Case("breakdown_by_column", {"column": "event_type"})


@pytest.fixture(scope="module")
def lake() -> Lake:
    return random_lake(3)


@pytest.fixture(scope="module")
def reference(lake: Lake) -> Reference:
    return Reference(lake)


@pytest.fixture(scope="module")
def connection(lake: Lake) -> Iterator[duckdb.DuckDBPyConnection]:
    with in_duckdb(lake) as connection:
        yield connection


@pytest.mark.parametrize("segment", SEGMENTS)
def test_a_segment_is_that_of_plain_python(
    connection: duckdb.DuckDBPyConnection, reference: Reference, segment: str
) -> None:
    asked = replace(ASKED, segment=segment)

    same(
        answer_of(connection, EVENTS.name, EVENTS.arguments(asked)),
        EVENTS.expected(reference, asked),
    )


def test_the_segments_that_are_tried_take_some_events_and_leave_some(reference: Reference) -> None:
    counted = {
        segment: len(reference.hits(replace(ASKED, segment=segment))) for segment in SEGMENTS
    }

    assert [segment for segment, events in counted.items() if not events] == []
    assert [segment for segment in SEGMENTS[1:] if counted[segment] == counted[""]] == []


@pytest.mark.parametrize(
    "conditions",
    [("country", "DE"), ("properties.plan", "pro"), ("traits.plan", "pro"), ("path", "/a")],
)
def test_a_condition_and_its_opposite_are_all(
    reference: Reference, connection: duckdb.DuckDBPyConnection, conditions: tuple[str, str]
) -> None:
    name, value = conditions

    def events(segment: str) -> int:
        arguments = EVENTS.arguments(replace(ASKED, segment=segment))
        return sum(row[1] for row in answer_of(connection, EVENTS.name, arguments))

    everything = len(reference.hits(ASKED))
    assert events(f"{name}={value}") + events(f"{name}!={value}") == everything
    assert events(name) + events(f"!{name}") == everything


DEFINITIONS: Mapping[str, tuple[str, Case, str, str]] = {
    "an event's": ("AND reading.in_segment", Case("loyalty", {}), "", "device_type=mobile"),
    "a session's": (
        "AND sessions_read.in_segment",
        Case("channels", {}),
        "",
        "device_type=mobile",
    ),
    "one event is enough for a session": (
        "bool_or(in_segment)",
        Case("channels", {}),
        "bool_and(in_segment)",
        "device_type=mobile",
    ),
    "firsts are of the segment": (
        "'only'))\n    AND -- None",
        Case("new_and_returning", {}),
        "'only'))\n    AND true OR -- None",
        "device_type=mobile",
    ),
    "a day of thirty": ("WHERE in_segment", Case("stickiness", {}), "", "device_type=mobile"),
    "what is absent is another": (
        "element_at(tried, 3) IS NOT NULL\n    AND",
        EVENTS,
        "element_at(tried, 3) IS NULL\n    OR",
        "device_type!=mobile",
    ),
    "empty is a value": (
        "IN ('', concat",
        EVENTS,
        "IN ('', '=', concat",
        "properties.plan=",
    ),
    "negation": ("= '!')\n)) = 0", EVENTS, "= '?')\n)) = 0", "device_type!=mobile"),
    "all conditions": (
        ")) = 0 END",
        EVENTS,
        ")) <= 1 END",
        "device_type=mobile\npath=/a",
    ),
    "the last trait": ("event_time DESC, event_id DESC", EVENTS, "event_time", "traits.plan=pro"),
}
"""What is said in SQL, a question that it decides, what else it could say, and a segment."""


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_another_definition_has_another_answer(
    connection: duckdb.DuckDBPyConnection, reference: Reference, definition: str
) -> None:
    said, case, other, segment = DEFINITIONS[definition]
    asked = replace(ASKED, segment=segment)
    sql, expected = pack.render(case.name, case.arguments(asked)), case.expected(reference, asked)
    same(connection.execute(to_duckdb(sql)).fetchall(), expected)

    changed = connection.execute(to_duckdb(redefined(sql, said, other))).fetchall()

    with pytest.raises(AssertionError):
        same(changed, expected)


def test_every_column_that_may_be_named_is_looked_at() -> None:
    sql = (pack.SQL / "expressions" / "in_segment.sql").read_text()

    assert tuple(re.findall(r"WHEN '(\w+)' THEN event\.\1\n", sql)) == SEGMENT_COLUMNS


def test_the_docs_name_every_column() -> None:
    docs = (pack.SQL.parents[3] / "docs" / "definitions.md").read_text()
    of_segments = docs.partition("## Segments")[2].partition("## Questions")[0]

    assert [name for name in SEGMENT_COLUMNS if f"`{name}`" not in of_segments] == []


def test_a_bound_segment_is_never_sql() -> None:
    hostile = "browser=it's'; drop table events; -- \\' \" :start"

    sql = statement(pack.questions(), "loyalty", MARCH | {"segment": hostile})

    assert sql.endswith(", 'browser=it''s''; drop table events; -- \\'' \" :start'")


@pytest.mark.parametrize(
    "segment",
    [
        "country=DE\n",
        "\n\ncountry",
        "channel=browser\nchannel!=import\nchannel",
        "country==",
        "properties.a.b[0].c!=x",
        'traits["a=b"]=c=d',
    ],
)
def test_what_is_well_formed_is_asked(connection: duckdb.DuckDBPyConnection, segment: str) -> None:
    answer_of(connection, EVENTS.name, MARCH | {"segment": segment})


@pytest.mark.parametrize(
    ("segment", "said"),
    [
        ("plan=pro", "A segment cannot look at `plan`: choose event_type, app_id, "),
        ("country = DE", "cannot look at `country `: choose"),
        ("country=DE\n user_id", "cannot look at ` user_id`: choose"),
        ("properties=x", "cannot look at `properties`: choose"),
        ("properties.a b=x", "cannot look at `properties.a b`: choose"),
        ('properties["a\\"]=x', 'cannot look at `properties["a\\"]`: choose'),
        ("traits.$=x", "such as traits.plan; without spaces around."),
        ("=DE", "The segment has the line `=DE`: write name=value, name!=value, name (if there"),
        ("!", "The segment has the line `!`: write name=value"),
        ("!country=DE", "The segment has the line `!country=DE`: write name=value"),
        ('properties["a=b', 'The segment has the line `properties["a=b`: write name=value'),
        ("country=DE\r\nos", "The segment has the line `country=DE\r`: write name=value"),
        ("channel=search", "The column channel has no `search`: it is how an event was sent, "),
        ("channel!=paid", "has no `paid`: it is how an event was sent, browser, server, mobile,"),
        ("country=\0", "A text with a NUL character matches nothing: leave it out."),
        ("\n".join(["country"] * 21), "A segment has at most 20 conditions, and these are 21."),
    ],
)
def test_what_cannot_be_asked_is_a_sentence(segment: str, said: str) -> None:
    with pytest.raises(QuestionError) as raised:
        pack.render("loyalty", MARCH | {"segment": segment})

    assert said in str(raised.value)


def test_what_is_longer_than_athena_takes_is_a_sentence() -> None:
    with pytest.raises(QuestionError, match=r"bytes long, and Athena takes 262,144: ask for less"):
        statement(pack.questions(), "loyalty", MARCH | {"segment": "path=" + "x" * MAX_BYTES})
