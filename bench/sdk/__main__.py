"""Measure every SDK, and write the table into ``docs/browser-sdk.md``: ``make bench-sdk``."""

import gzip
import re
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright
from rich.console import Console
from rich.progress import track

from e2e.browser import launch
from e2e.fixture_site import fixture_site
from sdk.collector import Collector, collector

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs" / "browser-sdk.md"
NAMES = {
    "headwater": "**headwater**",
    "plausible": "plausible-tracker 0.3.9",
    "snowplow": "@snowplow/browser-tracker 4.10.1",
    "segment": "@segment/analytics-next 1.84.3",
    "posthog": "posthog-js 1.449.2",
}
EVENTS = 100
ROUNDS = 9
QUIET_MS = 6_000
"""Longer than any of them waits for company."""

BLANK = "blank"
BLANK_SCRIPT = b"window.start = () => { window.track = () => {} };"
"""What the same page costs without an SDK."""

PAGE = """<!doctype html><link rel="icon" href="data:,"><title>Bench</title>
<script src="/sdk.js"></script>
<script>start("{{api_url}}")</script>"""
TRACK = "async (n) => { for (let i = 0; i < n; i += 1) await track(`bench-${i}`); }"
BURST = "(n) => { for (let i = 0; i < n; i += 1) track(`bench-${i}`); }"

Fault = Callable[[BrowserContext, str, Collector], None]


def away_for_a_while(context: BrowserContext, url: str, api: Collector) -> None:
    """The API answers 503 for three seconds."""
    api.status = 503
    page = _open(context, url)
    page.evaluate(TRACK, EVENTS)
    page.wait_for_timeout(3_000)
    api.status = 200
    page.wait_for_timeout(12_000)


def killed_tab(context: BrowserContext, url: str, api: Collector) -> None:
    """The tab is closed while the API answers 503; another one opens when it is back."""
    api.status = 503
    page = _open(context, url)
    page.evaluate(TRACK, EVENTS)
    page.wait_for_timeout(1_500)
    page.close()
    api.status = 200
    _open(context, url).wait_for_timeout(12_000)


def offline_visit(context: BrowserContext, url: str, api: Collector) -> None:
    """The network goes; the page is left and opened again when it is back."""
    del api
    page = _open(context, url)
    context.set_offline(offline=True)
    page.evaluate(TRACK, EVENTS)
    page.wait_for_timeout(1_500)
    page.close()
    context.set_offline(offline=False)
    _open(context, url).wait_for_timeout(12_000)


def left_at_once(context: BrowserContext, url: str, api: Collector) -> None:
    """The visitor leaves right after the last event, and comes back."""
    del api
    page = _open(context, url)
    page.evaluate(TRACK, EVENTS)
    page.goto("about:blank")
    page.wait_for_timeout(1_000)
    _open(context, url).wait_for_timeout(8_000)


FAULTS: dict[str, Fault] = {
    "503 for 3 s": away_for_a_while,
    "tab closed at 503": killed_tab,
    "offline, then back": offline_visit,
    "left at once": left_at_once,
}


def _open(context: BrowserContext, url: str) -> Page:
    page = context.new_page()
    page.goto(url)
    page.wait_for_function("typeof window.track === 'function'")
    return page


@dataclass(frozen=True)
class Cost:
    """What a page's main thread spends: ms of processor time, and requests for the calls."""

    start_ms: float
    calls_ms: float
    requests: int


def cost(browser: Browser, script: bytes) -> Cost:
    """Measure a page of a fresh profile: its opening, and ``EVENTS`` calls until all is sent."""
    with collector() as api, fixture_site({"/": PAGE.encode(), "/sdk.js": script}, api.url) as url:
        context = browser.new_context()
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Performance.enable", {"timeDomain": "threadTicks"})
        page.goto(url)
        page.wait_for_timeout(QUIET_MS)
        started, requests = _spent_ms(session), api.requests
        page.evaluate(BURST, EVENTS)
        page.wait_for_timeout(QUIET_MS)
        measured = Cost(started, _spent_ms(session) - started, api.requests - requests)
        context.close()
        return measured


def _spent_ms(session: CDPSession) -> float:
    metrics = session.send("Performance.getMetrics")["metrics"]
    [seconds] = [each["value"] for each in metrics if each["name"] == "TaskDuration"]
    return float(seconds) * 1000


def costs(browser: Browser, scripts: Mapping[str, bytes]) -> Mapping[str, Cost]:
    """Measure the scripts in turns; the medians are of what each adds to a blank page."""
    taken: dict[str, list[Cost]] = {name: [] for name in scripts}
    for _ in track(range(ROUNDS), "rounds", console=Console(stderr=True)):
        for name, script in scripts.items():
            taken[name].append(cost(browser, script))
    blank = _median(taken[BLANK])
    return {name: _beyond(blank, _median(each)) for name, each in taken.items()}


def _median(all_costs: list[Cost]) -> Cost:
    return Cost(
        median(each.start_ms for each in all_costs),
        median(each.calls_ms for each in all_costs),
        int(median(each.requests for each in all_costs)),
    )


def _beyond(blank: Cost, measured: Cost) -> Cost:
    return replace(
        measured,
        start_ms=measured.start_ms - blank.start_ms,
        calls_ms=measured.calls_ms - blank.calls_ms,
    )


def lost_and_doubled(browser: Browser, script: bytes) -> list[str]:
    """Return how many events were lost and how many doubled under each fault."""
    tallies = []
    files = {"/": PAGE.encode(), "/sdk.js": script}
    for fault in FAULTS.values():
        with collector() as api, fixture_site(files, api.url) as url:
            context = browser.new_context()
            fault(context, url, api)
            context.close()
            tallies.append(f"{api.lost(EVENTS)} / {api.doubled()}")
    return tallies


def row(browser: Browser, name: str, script: bytes, measured: Cost) -> list[str]:
    """Return the cells of an SDK's row."""
    size = len(gzip.compress(script, compresslevel=9, mtime=0))
    return [
        NAMES[name],
        f"{size:,}",
        f"{measured.start_ms:.1f}",
        f"{measured.calls_ms:.0f}",
        str(measured.requests),
        *lost_and_doubled(browser, script),
    ]


def table(rows: list[list[str]]) -> str:
    """Return the rows as Markdown."""
    heads = ["", "bytes, gzipped", "start, ms", f"{EVENTS} calls, ms", "requests", *FAULTS]
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def main() -> None:
    """Measure all."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        subprocess.run(["node", "build.mjs", folder], check=True, cwd=Path(__file__).parent)
        browser = launch(playwright, "chromium")
        scripts = {name: (Path(folder) / f"{name}.js").read_bytes() for name in NAMES}
        measured = costs(browser, {BLANK: BLANK_SCRIPT, **scripts})
        rows = [row(browser, name, scripts[name], measured[name]) for name in NAMES]
        version = browser.version
        browser.close()
    text = f"<!-- figures: begin -->\nChromium {version}.\n\n{table(rows)}<!-- figures: end -->"
    whole = re.compile(r"<!-- figures: begin -->.*<!-- figures: end -->", re.DOTALL)
    DOCS.write_text(whole.sub(lambda _: text, DOCS.read_text()))


if __name__ == "__main__":
    main()
