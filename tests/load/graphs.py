"""Panels of the Grafana dashboard over a run, as one picture, without Grafana."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
from playwright.sync_api import Route, sync_playwright

from e2e.browser import launch

_REPOSITORY = Path(__file__).parents[2]
DASHBOARD: Final = _REPOSITORY / "docs" / "observability" / "dashboard.json"
CHARTS: Final = _REPOSITORY / "reports" / "dist"
SITE: Final = "http://charts.invalid"
DRAW: Final = Path(__file__).with_name("draw.js")

PANELS: Final = (
    *("Requests", "Answers within", "Accepted, and written"),
    *("Writer: from stream to row", "Lake: newest row's age", "Writer: commits and their time"),
)
RATE_INTERVAL: Final = "30s"
WIDTH: Final = 1080

Point = tuple[float, float]


@dataclass(frozen=True)
class Graph:
    """A panel's title, Grafana's name of its unit, and points (seconds since the start, value)."""

    title: str
    unit: str
    lines: Mapping[str, Sequence[Point]]


def graphs(prometheus: httpx.Client, start: float, end: float) -> list[Graph]:
    """Ask Prometheus for what the panels show between two times, in seconds since 1970."""
    by_title = {panel["title"]: panel for panel in json.loads(DASHBOARD.read_text())["panels"]}
    return [_graph(prometheus, by_title[title], start, end) for title in PANELS]


def draw(shown: Sequence[Graph], file: Path) -> None:
    """Draw the graphs with ECharts in a browser, as a PNG."""
    with sync_playwright() as playwright:
        browser = launch(playwright, "chromium")
        page = browser.new_page(viewport={"width": WIDTH, "height": 600})
        charts = [vars(graph) for graph in shown]
        page.route(f"{SITE}/*.js", lambda route: route.fulfill(path=CHARTS / _name(route)))
        page.route(f"{SITE}/", lambda route: route.fulfill(body="", content_type="text/html"))
        page.goto(f"{SITE}/")
        page.evaluate(DRAW.read_text(), charts)
        page.screenshot(path=file, full_page=True)
        browser.close()


def _name(route: Route) -> str:
    return route.request.url.rpartition("/")[2]


def _graph(prometheus: httpx.Client, panel: Mapping[str, Any], start: float, end: float) -> Graph:
    lines: dict[str, list[Point]] = {}
    for target in panel["targets"]:
        query = target["expr"].replace("$__rate_interval", RATE_INTERVAL)
        asked = {"query": query, "start": start, "end": end, "step": 5}
        answer = prometheus.get("/query_range", params=asked).raise_for_status().json()
        for series in answer["data"]["result"]:
            lines[name_of(target["legendFormat"], series["metric"])] = [
                (time - start, float(value)) for time, value in series["values"] if value != "NaN"
            ]
    return Graph(panel["title"], panel["fieldConfig"]["defaults"].get("unit", ""), lines)


def name_of(legend: str, labels: Mapping[str, str]) -> str:
    """Return what Grafana writes beside a line: the legend with the labels that it names."""
    return re.sub(r"\{\{(\w+)\}\}", lambda found: labels.get(found[1], ""), legend)
