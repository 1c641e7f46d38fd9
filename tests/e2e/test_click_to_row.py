"""The whole route: a click in a browser becomes a row that SQL can see."""

import pytest
from playwright.sync_api import Page

from e2e.route import Route
from eventually import eventually

pytest_plugins = ["e2e.browser"]
pytestmark = [pytest.mark.route, pytest.mark.browser]


def test_a_visit_to_the_demo_site_becomes_rows(page: Page, route: Route) -> None:
    page.goto(route.site_url)
    page.click("#buy")
    page.wait_for_url("**/basket.html**")

    rows = eventually(lambda: found if len(found := visit(route)) == 3 else [], 60.0)

    assert rows == [
        {"event_type": "page_view", "path": "/", "session_number": 1, "sessions": 1},
        {"event_type": "link_click", "path": "/", "session_number": 1, "sessions": 1},
        {"event_type": "page_view", "path": "/basket.html", "session_number": 1, "sessions": 1},
    ]


def visit(route: Route) -> list[dict[str, object]]:
    """The rows of this test's visitor, in the order in which things happened."""
    return route.rows(
        "select event_type, path, session_number, count(distinct session_id) over () as sessions "
        f"from events where channel = 'browser' and context like '%{route.site_url}%' "
        "order by event_time, ingest_sequence, ingest_index"
    )
