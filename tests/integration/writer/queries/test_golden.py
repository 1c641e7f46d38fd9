"""One SQL, two engines, plain Python: the same rows, over tables that the real writer wrote."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from headwater_local.questions import pack
from integration.writer.marks import SPARK
from integration.writer.queries.by_hand import APIA, BERLIN, BY_HAND, MARCH
from integration.writer.queries.chosen import (
    KOLKATA,
    OF_A_PLAN,
    OF_NOTHING,
    ON_TRINO,
    QUIET,
    ST_JOHNS,
)
from integration.writer.queries.lakes import GoldenLake
from integration.writer.queries.prepared import execute
from integration.writer.queries.trino import Trino
from unit.queries.asking import CASES, Case, same
from unit.queries.reference import Asked

# Trino and Spark start with the first test.
pytestmark = [*SPARK, pytest.mark.timeout(1800)]

RANGES = (MARCH, OF_A_PLAN, BERLIN, KOLKATA, ST_JOHNS, APIA, QUIET)
FUNNELS = ('["A", "B", "C"]', '["A", "B", "A"]', '["A", "A", "A"]')
ALL = (
    *CASES,
    *(Case("funnel", {"steps": steps}) for steps in FUNNELS),
)

SEGMENTS = {
    "": 8 + 1,
    "properties.plan=pro": 1,
    "properties.plan!=pro": 8,
    "properties.plan=": 1,
    "properties.plan": 6,
    "!properties.plan": 3,
    "properties.plan=7": 2,
    "properties.plan=true": 1,
    'properties.plan=it\'s; "ünï" ✓ --': 1,
    "properties.plan\nproperties.plan!=7\nbrowser=Firefox": 4,
    "traits.plan=pro": 0,
    "!traits.plan": 9,
}
"""Conditions, and how many of the nine events `planned` meet them."""


@pytest.mark.parametrize(("case", "asked"), [*ON_TRINO, *OF_NOTHING], ids=str)
def test_both_engines_have_the_answer_of_plain_python(
    case: Case, asked: Asked, server: Trino, golden_lake: GoldenLake
) -> None:
    arguments, expected = case.arguments(asked), case.expected(golden_lake.reference, asked)

    same(golden_lake.ask_duckdb(case.name, arguments), expected)
    same(execute(server, golden_lake.place.database, case.name, arguments).rows, expected)


@pytest.mark.parametrize("segment", SEGMENTS)
def test_a_segment_has_those_events_that_meet_each_condition(
    segment: str, server: Trino, golden_lake: GoldenLake
) -> None:
    case, asked = (
        Case("breakdown_by_column", {"column": "event_type"}),
        replace(MARCH, segment=segment),
    )
    arguments, expected = case.arguments(asked), case.expected(golden_lake.reference, asked)
    assert sum(events for name, events, _ in expected if name == "planned") == SEGMENTS[segment]

    same(golden_lake.ask_duckdb(case.name, arguments), expected)
    sql = pack.render(case.name, arguments)
    same(server.run(sql, golden_lake.place.database).rows, expected)


@pytest.mark.parametrize("asked", RANGES, ids=str)
def test_duckdb_has_it_for_every_range(asked: Asked, golden_lake: GoldenLake) -> None:
    for case in ALL:
        found = golden_lake.ask_duckdb(case.name, case.arguments(asked))
        same(found, case.expected(golden_lake.reference, asked))


@pytest.mark.parametrize(
    ("name", "refused"), [("failed_records", "nobody did it"), ("data_quality", 2)]
)
def test_what_failed_is_of_the_day_it_was_set_aside(
    name: str, refused: object, server: Trino, golden_lake: GoldenLake
) -> None:
    today = datetime.now(UTC).date()
    asked = Asked(today - timedelta(1), today + timedelta(1))
    arguments = Case(name, {}).arguments(asked)
    expected = Case(name, {}).expected(golden_lake.reference, asked)
    assert any(refused in row for row in expected)

    same(golden_lake.ask_duckdb(name, arguments), expected)
    same(server.run(pack.render(name, arguments), golden_lake.place.database).rows, expected)


@pytest.mark.parametrize(("case", "asked", "answer"), BY_HAND)
def test_the_golden_numbers_are_those_worked_out_by_hand(
    case: Case,
    asked: Asked,
    answer: list[tuple[object, ...]],
    server: Trino,
    golden_lake: GoldenLake,
) -> None:
    arguments = case.arguments(asked)

    for found in (
        golden_lake.ask_duckdb(case.name, arguments),
        execute(server, golden_lake.place.database, case.name, arguments).rows,
    ):
        same([row[: len(answer[0])] for row in found], answer, ordered=True)
