"""Pages and screens: which are viewed, how a session goes through them, how well they are read."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from unit.queries.reference import Lake, Row
from unit.queries.rows import answer_of, event, in_duckdb

NOON = datetime(2026, 3, 29, 12)  # noqa: DTZ001 -- as tables have it
DAY = {"start": "2026-03-29", "end": "2026-03-29"}


def screen(number: int, name: str) -> Row:
    context = json.dumps({"app": {"name": "Springs"}, "$message": {"name": name}})
    return event(
        number,
        NOON + timedelta(seconds=number),
        event_type="screen_view",
        message_type="screen",
        session_id="s",
        context=context,
    )


def page(number: int, path: str | None) -> Row:
    at = NOON + timedelta(seconds=number)
    return event(number, at, session_id="s", host="shop.example", path=path, context="{}")


VISIT = [screen(1, "Home"), screen(2, "Basket"), page(3, "/pay"), page(4, None), screen(5, "Home")]


@pytest.mark.parametrize(
    ("name", "own", "answer"),
    [
        (
            "top_pages",
            {},
            [
                (None, "Home", 2, 1),
                ("shop.example", "/pay", 1, 1),
                ("shop.example", None, 1, 1),
                (None, "Basket", 1, 1),
            ],
        ),
        ("entry_pages", {}, [("Home", 1, 1)]),
        ("exit_pages", {}, [("Home", 1, 1)]),
        ("paths_from_page", {"page": "Basket"}, [(1, "/pay", 1), (2, None, 1), (3, "Home", 1)]),
        ("paths_to_page", {"page": "/pay"}, [(1, "Basket", 1), (2, "Home", 1), (3, None, 1)]),
    ],
)
def test_a_screen_is_a_page_by_its_name(
    name: str, own: dict[str, str], answer: list[tuple[Any, ...]]
) -> None:
    with in_duckdb(Lake(VISIT)) as connection:
        found = answer_of(connection, name, DAY | own)

    assert [row[: len(answer[0])] for row in found] == answer


@pytest.mark.parametrize(("views", "seconds"), [((None, None), 15.0), (("p", "p"), 30.0)])
def test_engagement_is_that_of_a_page_view(views: tuple[str | None, ...], seconds: float) -> None:
    left = [
        event(
            number,
            NOON + timedelta(seconds=number),
            event_type="page_leave",
            host="shop.example",
            path="/pay",
            page_view_id=view,
            properties=json.dumps({"engaged_ms": number * 1000}),
        )
        for number, view in zip((10, 20), views, strict=True)
    ]
    with in_duckdb(Lake([page(3, "/pay"), *left])) as connection:
        [row] = answer_of(connection, "top_pages", DAY)

    assert row[:5] == ("shop.example", "/pay", 1, 1, seconds)
