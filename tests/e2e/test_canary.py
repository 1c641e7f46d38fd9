"""The canary beside a route that works, and one whose mapping takes nothing from the stream."""

import json
import os
import signal
from pathlib import Path

import httpx
import pytest

from e2e.route import Route, run
from eventually import eventually
from terraform.alarm import ALARM, OK, Alarm

pytestmark = pytest.mark.route
PLANNED = Path(__file__).parents[1] / "golden" / "canary_alarm.json"
"""The alarm as Terraform plans it, which tests/terraform/monitoring.tftest.hcl holds it to."""

EVENTS = 3

SURE = 60
"""Seconds after which an event that is not a row is lost: several times what a working route
takes."""
PATIENT = 180
"""Seconds that a route that works may take on a machine that is busy."""


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
    assert _rows(route) >= EVENTS
    asked = run("ask", "latest_events", "--format", "json", "--bots", "include", *place)
    assert asked.code == 0, asked.err
    assert "headwater-canary" not in asked.out


def test_its_alarm_rings_within_three_windows_of_a_mapping_that_takes_nothing(
    route: Route,
) -> None:
    alarm = Alarm(json.loads(PLANNED.read_text()))
    lost = _metric(route, "headwater_canary_lost_total")

    windows = [_window(route, alarm, PATIENT)]
    rows, driver = _rows(route), route.pid("driver")
    os.kill(driver, signal.SIGSTOP)
    try:
        windows += [_window(route, alarm, SURE) for _ in range(3)]
    finally:
        os.kill(driver, signal.SIGCONT)
    eventually(lambda: _rows(route) == rows + 3 * EVENTS, 120)
    windows += [_window(route, alarm, PATIENT) for _ in range(2)]

    assert windows == [[0], [3], [3], [3], [0], [0]]
    evaluated = alarm.states({"CanaryLost": window} for window in windows)
    assert evaluated == [OK, OK, ALARM, ALARM, ALARM, OK]
    assert _metric(route, "headwater_canary_lost_total") == lost + 9


def _rows(route: Route) -> int:
    rows = "select count(*) as rows from events where app_id = 'headwater-canary'"
    return int(route.rows(rows)[0]["rows"])


def _window(route: Route, alarm: Alarm, deadline: int) -> list[float]:
    """Let the canary fly, as it does once in each window, and return what its alarm reads."""
    log = route.data_dir / "log" / "canary.log"
    before = len(log.read_text()) if log.exists() else 0
    place = ("--data-dir", str(route.data_dir))
    flown = run("canary", "--once", "--deadline", str(deadline), *place)
    samples = [*alarm.samples(log.read_text()[before:].splitlines())]
    said = f"✗ lost 3 of 3 events: 3 of 3 events are not rows after {deadline} s"
    assert (flown.code, said in flown.out) == ((1, True) if any(samples) else (0, False))
    return samples
