"""History and counts beside a whole Headwater: they have what the lake has, whatever dies."""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
import httpx
import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from playwright.sync_api import Page, expect

from e2e.route import Route
from e2e.sinks import Sinks
from eventually import eventually
from headwater_local.names import READ_KEY

pytest_plugins = ["e2e.browser"]
pytestmark = pytest.mark.route

PATHS = ("/", "/basket.html", "/springs", "/" + "a" * 3000)
SAMPLE = Path(__file__).parents[2] / "sample" / "django"


@pytest.fixture(scope="module")
def sinks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sinks]:
    route = Sinks(tmp_path_factory.mktemp("sinks") / "data", "--sinks", "history,counts")
    route.start()
    yield route
    route.end()


def by_type(route: Route) -> dict[str, int]:
    """Return the lake's events by type."""
    sql = "select event_type, count(*) as events from events group by 1"
    return {row["event_type"]: row["events"] for row in route.rows(sql)}


def test_agree_with_the_lake_though_each_part_dies(sinks: Sinks) -> None:
    for number, part in enumerate(
        ("history", "counts", "history-driver", "counts-driver", "postgres")
    ):
        for page in PATHS:
            sinks.view(page, number)
        sinks.kill(part)
    sinks.wait_until_written()

    eventually(lambda: sinks.totals() == by_type(sinks), 120.0)
    views = sinks.totals()["page_view"]
    eventually(lambda: sum(len(sinks.hits(page)) for page in PATHS) == views, 120.0)


def test_the_history_is_closed_without_its_key(sinks: Sinks) -> None:
    assert sinks.history({"path": "/"}, key="guessed").status_code == 401


@pytest.mark.parametrize("query", [{"limit": 1_000_000}, {"cursor": "forged"}, {"from": "x"}])
def test_what_the_history_cannot_answer_is_a_sentence(sinks: Sinks, query: dict[str, Any]) -> None:
    answer = sinks.history({"path": "/", **query})

    assert answer.status_code == 400
    assert answer.json()["error"]


def test_a_flat_page_hit_is_in_the_history_and_in_the_lake(sinks: Sinks) -> None:
    hit = {"pagePath": "/flat", "timestamp": int(time.time() * 1000), "colour": "blue"}

    sent = httpx.post(f"{sinks.api_url}/v1/history", json=hit, timeout=30, trust_env=False)

    assert sent.status_code == 200
    [kept] = eventually(lambda: sinks.hits("/flat"), 120.0) or []
    assert (kept["timestamp"], kept["properties"]["colour"]) == (hit["timestamp"], "blue")
    sinks.wait_until_written()
    [row] = sinks.rows("select count(*) as events from events where path = '/flat'")
    assert row == {"events": 1}


def answer(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("hello")


urlpatterns = [path("from-django", answer)]


def test_django_sends_its_page_hits(sinks: Sinks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(SAMPLE)
    settings.configure(
        ROOT_URLCONF=sys.modules[__name__],
        MIDDLEWARE=["page_hits.PageHits"],
        ALLOWED_HOSTS=["testserver"],
        HEADWATER_URL=sinks.api_url,
    )
    django.setup()

    assert Client().get("/from-django", headers={"user-agent": "Mozilla/5.0"}).status_code == 200
    assert Client().get("/nowhere").status_code == 404

    [kept] = eventually(lambda: sinks.hits("/from-django"), 120.0) or []
    assert kept["appId"] == "django"
    assert kept["host"] == "testserver"


@pytest.mark.browser
def test_the_visualization_shows_the_numbers_of_sql(sinks: Sinks, page: Page) -> None:
    for number, visited in enumerate(PATHS[:3]):
        for repeat in range(4 * number + 3):
            sinks.view(visited, 100 + repeat, minutes_ago=repeat * (7 - number) % 50)
    sinks.wait_until_written()
    sql = "select path, count(*) as hits from events where event_type = 'page_view' group by 1"
    expected = {row["path"]: row["hits"] for row in sinks.rows(sql) if row["path"] in PATHS[:3]}
    eventually(lambda: all(len(sinks.hits(p)) == hits for p, hits in expected.items()), 120.0)
    address = httpx.QueryParams({"api": sinks.api_url, "hours": "1", "path": list(expected)})

    page.goto(f"{sinks.site_url}/visualization.html?{address}#key={READ_KEY}")

    expect(page.locator("#total")).to_have_text(str(sum(expected.values())))
    rows = page.locator("#by-page tr")
    shown = {
        row.locator("td").nth(0).inner_text(): int(row.locator("td").nth(1).inner_text())
        for row in rows.all()
    }
    assert shown == expected
    over_time = page.locator("#over-time rect title").all_text_contents()
    assert sum(int(title.rpartition(" ")[2]) for title in over_time) == sum(expected.values())
    if folder := os.environ.get("SCREENSHOTS"):
        page.set_viewport_size({"width": 960, "height": 760})
        page.screenshot(path=f"{folder}/page-hits.png", full_page=True)
