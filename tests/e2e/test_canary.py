"""The canary beside a route that works, and one whose consumer stands still."""

import os
import signal

import httpx
import pytest

from e2e.route import Route, run

pytestmark = pytest.mark.route


def _metric(route: Route, name: str) -> float:
    answer = httpx.get(f"{route.site_url}/metrics", trust_env=False, timeout=30)
    [line] = [line for line in answer.text.splitlines() if line.startswith(f"{name} ")]
    return float(line.split()[1])


def test_sees_its_events_in_the_table_and_no_question_counts_them(route: Route) -> None:
    place = ("--data-dir", str(route.data_dir))
    lost, seen = (
        _metric(route, f"headwater_canary_{each}") for each in ("lost_total", "seconds_count")
    )

    flown = run("canary", "--once", *place)

    assert flown.code == 0, flown.out + flown.err
    assert "✓ 3 events were rows after" in flown.out
    assert _metric(route, "headwater_canary_lost_total") == lost
    assert _metric(route, "headwater_canary_seconds_count") == seen + 1
    rows = "select count(*) as rows from events where app_id = 'headwater-canary'"
    assert route.rows(rows)[0]["rows"] >= 3
    asked = run("ask", "latest_events", "--format", "json", "--bots", "include", *place)
    assert asked.code == 0, asked.err
    assert "headwater-canary" not in asked.out


def test_tells_of_a_loss_while_nothing_takes_events_from_the_stream(route: Route) -> None:
    lost = _metric(route, "headwater_canary_lost_total")
    driver = route.pid("driver")
    os.kill(driver, signal.SIGSTOP)
    try:
        flown = run("canary", "--once", "--deadline", "6", "--data-dir", str(route.data_dir))
    finally:
        os.kill(driver, signal.SIGCONT)

    assert flown.code == 1
    assert "✗ lost 3 of 3 events: 3 of 3 events are not rows after 6 s" in flown.out
    assert _metric(route, "headwater_canary_lost_total") == lost + 3
