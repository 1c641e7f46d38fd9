"""Each definition of docs/definitions.md decides an answer: said otherwise, the answer is another.

Those of segments are in ``test_segments.py``.
"""

from collections.abc import Iterator, Mapping

import duckdb
import pytest

from headwater_local.questions import pack
from headwater_local.questions.athena_dialect import to_duckdb
from integration.writer.queries.by_hand import BERLIN, MARCH, WALKS
from integration.writer.queries.chosen import BEFORE, KOLKATA, LONG, MONDAYS, SUNDAYS
from unit.queries.asking import CASES, Case, redefined, same
from unit.queries.golden_rows import golden_lake
from unit.queries.reference import Asked, Lake, Reference
from unit.queries.rows import in_duckdb
from unit.queries.test_random_rows import SEEDS

SESSIONS = Case("sessions_by_day", {})
CHANNELS = Case("channels", {})
ENGAGEMENT = Case("engagement", {})
ACTIVE = Case("active_users", {"period": "day"})
VIEWS = Case("page_views_by_day", {})
ABC = Case("funnel", {"steps": '["A", "B", "C"]'})
AAA = Case("funnel", {"steps": '["A", "A", "A"]'})
ORDERS = Case("attribution", {"event": "order_paid"})
SOON = Case("attribution", {"event": "order_paid", "within_days": "2"})
QUALITY = Case("data_quality", {})
FIRSTS = "WHERE event.event_time < span.until\n    AND event.app_id"

DEFINITIONS: Mapping[str, tuple[str, str, Case, Asked]] = {
    "a day is one of the time zone": (
        "at_timezone(with_timezone(event.event_time, 'UTC'), given.time_zone)",
        "event.event_time",
        *(VIEWS, KOLKATA),
    ),
    "a day without events has a row": ("LEFT JOIN hits", "JOIN hits", VIEWS, MARCH),
    "repeats are left out": ("repeat.appearance IS NULL", "true", VIEWS, MARCH),
    "the canary is left out": (
        "IS NULL\n    AND event.app_id <> 'headwater-canary'",
        "IS NULL",
        *(VIEWS, BEFORE),
    ),
    "bots are left out": ("= (given.bots = 'only')", "IS NOT NULL", VIEWS, MARCH),
    "what a device did is its user's": (
        "coalesce(known.user_id, event.user_id) AS person",
        "event.user_id AS person",
        *(ACTIVE, MARCH),
    ),
    "an id is replaced over two steps": (
        "THEN min(CASE WHEN ends.is_begin THEN links.user_id END) OVER at_id",
        "THEN links.user_id",
        *(ACTIVE, MARCH),
    ),
    "a shared device stays apart": (
        "count(DISTINCT user_id) = 1",
        "count(DISTINCT user_id) > 0",
        *(ACTIVE, MARCH),
    ),
    "a week begins on a Sunday if asked": (
        "week_start = 'sunday'",
        "week_start = ''",
        *(Case("active_users", SUNDAYS), MARCH),
    ),
    "new is by the first event ever": (
        FIRSTS,
        FIRSTS.replace("WHERE", "WHERE event.event_time >= span.since AND"),
        *(Case("new_and_returning", {"period": "day"}), MARCH),
    ),
    "a session ends after 30 minutes": ("'30' MINUTE", "'31' MINUTE", SESSIONS, BERLIN),
    "a session lasts for 30 minutes": ("'30' MINUTE", "'29' MINUTE", SESSIONS, BERLIN),
    "a session is of the day it began": (
        "max(day) FILTER (WHERE place_of_all = 1) AS day",
        "max(day) AS day",
        *(SESSIONS, LONG),
    ),
    "a page leave is not an interaction": ("NOT IN ('page_leave', ", "NOT IN (", SESSIONS, BEFORE),
    "nonInteraction is none": ("NOT IN ('true', '1')", "NOT IN ('1')", ENGAGEMENT, MARCH),
    "engagement is measured by page leaves": (
        "FILTER (WHERE event_type = 'page_leave') AS measured",
        "AS measured",
        *(SESSIONS, BEFORE),
    ),
    "engagement is the sum": ("sum(TRY_CAST(json_ex", "max(TRY_CAST(json_ex", SESSIONS, LONG),
    "an estimate is the last resort": (
        "coalesce(measured, estimated, 0)",
        "coalesce(estimated, measured, 0)",
        *(SESSIONS, BEFORE),
    ),
    "a page counts for five minutes": ("300000", "600000", SESSIONS, BERLIN),
    "a bounce is under ten seconds": ("seconds < 10 AND", "seconds < 15 AND", SESSIONS, BEFORE),
    "a bounce has no second page": ("pages < 2 AND", "pages < 3 AND", SESSIONS, BEFORE),
    "a bounce has no interaction": (" AND interactions = 0", "", SESSIONS, BEFORE),
    "a score has 30 for interactions": (
        "30 * least(CAST(session.interactions",
        "20 * least(CAST(session.interactions",
        *(ENGAGEMENT, MARCH),
    ),
    "loyal is whoever came on two days": (
        "visit_days >= 2",
        "visit_days >= 3",
        *(Case("loyalty", {}), MARCH),
    ),
    "stickiness looks at 30 days": (
        "days.day - INTERVAL '30' DAY",
        "days.day - INTERVAL '31' DAY",
        *(Case("stickiness", {}), LONG),
    ),
    "a source is another host": (
        r"regexp_replace(landing_host, '^www\.', '')",
        "''",
        CHANNELS,
        BEFORE,
    ),
    "an ad click is paid": ("WHEN was_ad_click OR", "WHEN", CHANNELS, MARCH),
    "attribution is of the last": ("session.began DESC", "session.began", ORDERS, MARCH),
    "attribution is of what was before": (
        "session.began <= conversions.event_time",
        "true",
        *(ORDERS, MARCH),
    ),
    "attribution is of the days before": (
        "-asked.within_days, conversions",
        "-asked.within_days - 2, conversions",
        *(SOON, BEFORE),
    ),
    "attribution passes over direct": ("AND session.channel <> 'direct'", "", ORDERS, BEFORE),
    "a step is strictly later": ("AND 1 PRECEDING", "AND CURRENT ROW", ABC, WALKS),
    "an event is one step": ("AND 1 PRECEDING", "AND CURRENT ROW", AAA, WALKS),
    "a funnel may be tried again": ("max(start_1)", "min(start_1)", ABC, WALKS),
    "the window is from step one": ("-asked.window_hours,", "-asked.window_hours - 1,", ABC, WALKS),
    "the window includes its end": ("started >= earliest", "started > earliest", ABC, WALKS),
    "a period has ended on the last day": (
        "> given.last_day",
        ">= given.last_day",
        *(Case("retention", MONDAYS), LONG),
    ),
    "late is after 24 hours": ("'24' HOUR", "'72' HOUR", QUALITY, MARCH),
    "clamped is by the writer": ("= 'clamped'", "= 'client'", QUALITY, MARCH),
    "three visits of four": ("* 3 + 3) / 4", "+ 1) / 2", Case("web_vitals", {}), MARCH),
}
"""What is said in SQL, what else it could say, and a question that it decides."""


@pytest.fixture(scope="module")
def lake() -> Lake:
    return golden_lake()


@pytest.fixture(scope="module")
def reference(lake: Lake) -> Reference:
    return Reference(lake)


@pytest.fixture(scope="module")
def connection(lake: Lake) -> Iterator[duckdb.DuckDBPyConnection]:
    with in_duckdb(lake) as connection:
        yield connection


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_another_definition_has_another_answer(
    connection: duckdb.DuckDBPyConnection, reference: Reference, definition: str
) -> None:
    said, other, case, asked = DEFINITIONS[definition]
    sql, expected = pack.render(case.name, case.arguments(asked)), case.expected(reference, asked)
    same(connection.execute(to_duckdb(sql)).fetchall(), expected)

    changed = connection.execute(to_duckdb(redefined(sql, said, other))).fetchall()

    with pytest.raises(AssertionError):
        same(changed, expected)


def test_the_docs_count_what_is_tested() -> None:
    docs = " ".join((pack.SQL.parents[3] / "docs" / "definitions.md").read_text().split())

    assert f"{len(pack.questions())} questions in {len(CASES)} cases" in docs
    assert f"over {SEEDS} randomly generated tables" in docs
    assert f"For each of {len(DEFINITIONS)} rules, a test changes" in docs
