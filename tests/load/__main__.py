"""Run k6 against a Headwater of its own, and account for each event; ``make load-k6``.

It ends with 1 if a request failed, if there were too few, or if the table has another number of
rows than events were accepted. The figures go into docs/reliability.md; where a Prometheus is
installed it reads ``/metrics`` meanwhile, and panels of the dashboard become a picture beside them.
Of a k6 that is killed nothing is known but what the collector says: the table is held against that,
and the docs stay as they are.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx
from prometheus_client.parser import text_string_to_metric_families

from e2e.route import HEADWATER, Route
from load.graphs import Graph, draw, graphs
from load.summary import Summary
from prometheus_server import IS_INSTALLED, prometheus_reading

SCRIPT: Final = Path(__file__).with_name("ramp.js")
REPORT: Final = Path(__file__).parents[2] / "docs" / "reliability.md"
PICTURE: Final = REPORT.parent / "images" / "load-k6.png"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
WRITTEN_SECONDS: Final = 600.0


@dataclass(frozen=True)
class Rows:
    """Rows of the events that were sent, and how many differ."""

    count: int
    distinct: int


@dataclass(frozen=True)
class Flights:
    """What the canary's flights lost meanwhile, how many lost nothing, and their mean seconds."""

    lost: int
    whole: int
    seconds: float


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(prog="make load-k6")
    parser.add_argument("--k6", type=Path, required=True)
    parser.add_argument("--vus", type=int, default=50)
    parser.add_argument("--ramp", default="2m")
    parser.add_argument("--hold", default="1m")
    parser.add_argument("--requests", type=int, default=37_000)
    parser.add_argument("--kill", type=int, help="seconds after which k6 is killed")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        route = Route(Path(folder) / "data")
        try:
            route.start()
            is_whole = _run(asked, route, Path(folder))
        finally:
            route.end()
    sys.exit(not is_whole)


def _run(asked: argparse.Namespace, route: Route, folder: Path) -> bool:
    name, file = f"load-{int(time.time())}", folder / "summary.json"
    with _watched(route, folder) as prometheus:
        start = time.time()
        with _canary(route):
            has_passed = _k6(asked, route, name, file)
        route.wait_until_written(WRITTEN_SECONDS)
        shown = graphs(prometheus, start, time.time()) if prometheus else []
    if not file.exists():
        is_whole = _is_whole_without_summary(route, name)
        return is_whole and asked.kill is not None
    summary, rows, flights = Summary.read(file.read_text()), _rows(route, name), _flights(route)
    report = _report(asked, summary, rows, flights)
    print(report)  # noqa: T201 -- what the target is for
    if is_whole := has_passed and summary.accepted == rows.count == rows.distinct:
        _write(report, shown)
    else:
        print(  # noqa: T201 -- as above
            "The docs stay as they are: a request failed, there were fewer than "
            f"{asked.requests:,} (then set a longer HOLD, or REQUESTS), or the table has other "
            "rows than were accepted."
        )
    return is_whole


@contextmanager
def _watched(route: Route, folder: Path) -> Iterator[httpx.Client | None]:
    target, own = route.site_url.removeprefix("http://"), folder / "prometheus"
    own.mkdir()
    reading = prometheus_reading(target, own, seconds=5) if IS_INSTALLED else nullcontext()
    with reading as client:
        yield client


def _write(report: str, shown: Sequence[Graph]) -> None:
    before, _, rest = REPORT.read_text().partition(BEGIN)
    REPORT.write_text(f"{before}{BEGIN}\n\n{report}\n\n{END}{rest.partition(END)[2]}")
    if shown:
        draw(shown, PICTURE)
    else:
        print(f"{PICTURE.name} was not redrawn: no Prometheus is installed.")  # noqa: T201 -- above


def _is_whole_without_summary(route: Route, name: str) -> bool:
    rows, told = _rows(route, name), _told(route)
    [every] = route.rows("select count(*) as n from events")
    accepted = int(told["headwater_messages_accepted_total"])
    repeats = int(told["headwater_repeats_total"])
    print(  # noqa: T201 -- above
        "k6 ended before it had written its summary, so what it counted is unknown. The collector "
        f"accepted {accepted:,} messages, the canary's among them; the table has {every['n']:,} "
        f"rows, and {repeats:,} were left out as repeats. Of k6's events it has {rows.count:,} "
        f"rows, {rows.distinct:,} of them different."
    )
    return accepted == every["n"] + repeats and rows.count == rows.distinct


def _k6(asked: argparse.Namespace, route: Route, name: str, file: Path) -> bool:
    settings = {
        "API_URL": route.api_url,
        "RUN": name,
        "VUS": str(asked.vus),
        "RAMP": asked.ramp,
        "HOLD": asked.hold,
        "REQUESTS": str(asked.requests),
        "SUMMARY": str(file),
        "K6_NO_USAGE_REPORT": "true",
    }
    sender = subprocess.Popen([asked.k6, "run", SCRIPT], env={**_without_proxies(), **settings})
    try:
        return sender.wait(asked.kill) == 0
    except subprocess.TimeoutExpired:
        sender.kill()
        return sender.wait() == 0


def _without_proxies() -> dict[str, str]:
    return {
        name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")
    }


@contextmanager
def _canary(route: Route) -> Iterator[None]:
    place = ("--data-dir", str(route.data_dir))
    flier = subprocess.Popen([*HEADWATER, "canary", *place], stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        flier.terminate()
        flier.wait(30)


def _rows(route: Route, name: str) -> Rows:
    counts = "select count(*) as n, count(distinct event_id) as ids from events"
    [row] = route.rows(f"{counts} where event_type = '{name}'")
    return Rows(row["n"], row["ids"])


def _told(route: Route) -> dict[str, float]:
    """Return the samples of `/metrics` that have no labels."""
    answer = httpx.get(f"{route.site_url}/metrics", trust_env=False, timeout=60)
    return {
        sample.name: sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
        if not sample.labels
    }


def _flights(route: Route) -> Flights:
    told = _told(route)
    count = told["headwater_canary_seconds_count"]
    seconds = told["headwater_canary_seconds_sum"] / count if count else 0.0
    return Flights(int(told["headwater_canary_lost_total"]), int(count), seconds)


def _report(asked: argparse.Namespace, summary: Summary, rows: Rows, flights: Flights) -> str:
    times = (
        f"{summary.median:,.0f} ms (median), {summary.p95:,.0f} ms (p95), "
        f"{summary.p99:,.0f} ms (p99), {summary.longest:,.0f} ms (longest)"
    )
    flown = (
        f"{flights.whole} flights without a loss, {flights.seconds:.1f} s to a row on average; "
        f"{flights.lost} events lost"
    )
    lines = (
        ("virtual users", f"up to {asked.vus} within {asked.ramp}, then {asked.hold}"),
        ("requests", f"{summary.requests:,}, {summary.per_second:,.0f} a second"),
        ("failed", f"{summary.failed:,}"),
        ("answered within", times),
        ("events accepted, as k6 counts", f"{summary.accepted:,}"),
        ("rows of them in the table", f"{rows.count:,}"),
        ("different ones among those", f"{rows.distinct:,}"),
        ("the canary meanwhile", flown),
    )
    return "\n".join(("| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in lines)))


if __name__ == "__main__":
    main()
