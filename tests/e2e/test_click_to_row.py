"""The whole route: a click in a browser becomes a row that SQL can see."""

import pytest
from playwright.sync_api import Browser, Page

from e2e.fixture_site import fixture_site
from e2e.route import Route
from e2e.sdk_page import FILES, open_page
from eventually import eventually

pytest_plugins = ["e2e.browser"]
pytestmark = [pytest.mark.route, pytest.mark.browser]


def test_a_visit_to_the_demo_site_becomes_rows(page: Page, route: Route) -> None:
    page.goto(route.site_url)
    page.click("#buy")
    page.wait_for_url("**/basket.html**")
    visitor = page.evaluate("localStorage.headwater_anonymous_id")

    rows = eventually(lambda: found if len(found := visit(route, visitor)) == 3 else [], 60.0)

    assert rows == [
        {"event_type": "page_view", "path": "/", "session_number": 1, "sessions": 1},
        {"event_type": "link_click", "path": "/", "session_number": 1, "sessions": 1},
        {"event_type": "page_view", "path": "/basket.html", "session_number": 1, "sessions": 1},
    ]


def test_what_many_navigations_interrupt_is_one_row_each(browser: Browser, route: Route) -> None:
    context = browser.new_context()
    with fixture_site(FILES, route.api_url) as url:
        page = context.new_page()
        for n in range(40):
            page.goto(f"{url}/pages/calls-only.html", wait_until="commit")
            page.wait_for_function("typeof window.headwater?.track === 'function'")
            page.evaluate("n => { headwater.track('interrupted', { n }); headwater.flush(); }", n)
        page.close(run_before_unload=False)
        open_page(context.new_page(), f"{url}/pages/calls-only.html")

        counted = eventually(lambda: counts(route, "interrupted", 40), 90.0)
    context.close()

    assert counted == {"rows": 40, "ids": 40, "numbers": 40}


def test_the_rows_of_global_privacy_control_say_so(page: Page, route: Route) -> None:
    page.context.set_extra_http_headers({"Sec-GPC": "1"})
    page.add_init_script(
        "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { value: true })"
    )
    with fixture_site(FILES, route.api_url) as url:
        open_page(page, f"{url}/pages/calls-only.html")
        page.evaluate("headwater.track('private'); headwater.flush()")
        # A client that does not look is stripped by the collector.
        page.evaluate(
            """url => {
              const options = { apiUrl: url, writeKey: "other", ignoreGpc: true };
              const other = headwater.createClient(options);
              other.identify("ann");
              other.track("private");
              other.flush();
            }""",
            route.api_url,
        )

        rows = eventually(lambda: found if len(found := private(route)) == 2 else [], 90.0)

    own, other = rows
    assert own["anonymous_id"] != own["page_view_id"]
    assert other["anonymous_id"] == other["user_id"] == other["page_view_id"]
    assert {(row["consent"], row["ip_address"]) for row in rows} == {("gpc", None)}


def private(route: Route) -> list[dict[str, object]]:
    return route.rows(
        "select consent, ip_address, anonymous_id, user_id, page_view_id from events "
        "where event_type = 'private' order by app_id = 'other'"
    )


def counts(route: Route, event: str, least: int) -> dict[str, object]:
    """Return how many rows and ids there are, once there are so many; else nothing."""
    (row,) = route.rows(
        'select count(*) as "rows", count(distinct event_id) as ids, '
        f"count(distinct properties) as numbers from events where event_type = '{event}'"
    )
    return row if int(row["numbers"]) >= least else {}


def visit(route: Route, visitor: str) -> list[dict[str, object]]:
    """The rows of a visitor, in the order in which things happened."""
    return route.rows(
        "select event_type, path, session_number, count(distinct session_id) over () as sessions "
        f"from events where channel = 'browser' and anonymous_id = '{visitor}' "
        "and event_type in ('page_view', 'link_click') "
        "order by event_time, ingest_sequence, ingest_index"
    )
