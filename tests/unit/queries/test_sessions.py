"""What is a bounce, a session and its engagement, by sessions of a few events."""

from datetime import datetime, timedelta

import pytest

from unit.queries.reference import Lake, Row
from unit.queries.rows import answer_of, event, in_duckdb

NOON = datetime(2026, 3, 29, 12)  # noqa: DTZ001 -- as tables have it
DAY = {"start": "2026-03-29", "end": "2026-03-29"}
LEFT = {"event_type": "page_leave", "message_type": "track"}


def visit(*events: tuple[float, dict[str, object]], session: str | None = "s") -> list[Row]:
    """Return the rows of events by their seconds after noon."""
    return [
        event(number, NOON + timedelta(seconds=after), session_id=session, **columns)
        for number, (after, columns) in enumerate(events)
    ]


def by_column(name: str, rows: list[Row]) -> dict[str, object]:
    with in_duckdb(Lake(rows)) as connection:
        [row] = answer_of(connection, name, DAY)
        return {
            column[0]: value
            for column, value in zip(connection.description or (), row, strict=True)
        }


@pytest.mark.parametrize(
    ("events", "bounces"),
    [
        (((0, {}),), 1),
        (((0, {}), (1, {})), 0),
        (((0, {}), (9.9, LEFT | {"properties": '{"engaged_ms": 9999}'})), 1),
        (((0, {}), (10, LEFT | {"properties": '{"engaged_ms": 10000}'})), 0),
        (((0, {}), (1, {"event_type": "sign_up"})), 0),
        (((0, {}), (1, {"event_type": "play", "properties": '{"nonInteraction": true}'})), 1),
        (((0, {}), (1, {"event_type": "play", "properties": '{"nonInteraction": 1}'})), 1),
        (((0, {}), (1, {"event_type": "identify", "message_type": "identify"})), 1),
        (((0, {}), (11, {"event_type": "web_vitals"})), 0),
    ],
)
def test_a_bounce_has_one_page_few_seconds_and_no_interaction(
    events: tuple[tuple[float, dict[str, object]], ...], bounces: int
) -> None:
    found = by_column("sessions_by_day", visit(*events))

    assert (found["sessions"], found["bounces"]) == (1, bounces)


@pytest.mark.parametrize(("gap", "sessions"), [(1799.999, 1), (1800, 2)])
def test_without_an_id_half_an_hour_ends_a_session(gap: float, sessions: int) -> None:
    rows = visit((0, {}), (gap, {}), session=None)

    assert by_column("sessions_by_day", rows)["sessions"] == sessions


@pytest.mark.parametrize(
    ("events", "seconds", "estimated"),
    [
        (((0, {}), (100, {}), (900, {"event_type": "b"})), 400.0, 1),
        (((0, {}), (900, LEFT | {"properties": '{"engaged_ms": 1500}'})), 1.5, 0),
    ],
)
def test_engagement_is_measured_or_else_at_most_five_minutes_a_page(
    events: tuple[tuple[float, dict[str, object]], ...], seconds: float, estimated: int
) -> None:
    found = by_column("sessions_by_day", visit(*events))

    assert (found["engaged_seconds"], found["estimated_sessions"]) == (seconds, estimated)


@pytest.mark.parametrize(
    ("first", "last", "zone", "sessions"),
    [
        # Ten minutes around midnight of UTC are a session of the day before.
        (-12 * 3600 - 300, -12 * 3600 + 300, "UTC", 0),
        (12 * 3600 - 300, 12 * 3600 + 300, "UTC", 1),
        # Kolkata's day begins at 18:30 UTC, St John's (in summer) at 02:30.
        (-17.5 * 3600, -17.5 * 3600, "Asia/Kolkata", 1),
        (-17.5 * 3600 - 1, -17.5 * 3600 - 1, "Asia/Kolkata", 0),
        (14.5 * 3600 - 1, 14.5 * 3600 - 1, "America/St_Johns", 1),
        (14.5 * 3600, 14.5 * 3600, "America/St_Johns", 0),
    ],
)
def test_a_session_is_of_the_day_on_which_it_began(
    first: float, last: float, zone: str, sessions: int
) -> None:
    with in_duckdb(Lake(visit((first, {}), (last, {})))) as connection:
        [row] = answer_of(connection, "sessions_by_day", DAY | {"time_zone": zone})

    assert row[1] == sessions


def test_the_score_of_a_minute_five_pages_and_three_interactions_is_a_hundred() -> None:
    pages: list[tuple[float, dict[str, object]]] = [(second, {}) for second in range(5)]
    clicks: list[tuple[float, dict[str, object]]] = [
        (second, {"event_type": "link_click"}) for second in (100, 101, 102)
    ]

    assert by_column("engagement", visit(*pages, *clicks))["engagement_score"] == 100.0
