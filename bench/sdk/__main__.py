"""Measure every SDK, and write the table into ``docs/browser-sdk.md``: ``make bench-sdk``."""

import gzip
import re
import statistics
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

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
STARTS = 5
QUIET_MS = 6_000
"""Longer than any of them waits for company."""

PAGE = """<!doctype html><link rel="icon" href="data:,"><title>Bench</title>
<script>const began = performance.now()</script>
<script src="/sdk.js"></script>
<script>start("{{api_url}}"); window.took = performance.now() - began</script>"""
TRACK = "async (n) => { for (let i = 0; i < n; i += 1) await track(`bench-${i}`); }"
BURST = """(n) => {
  const began = performance.now();
  for (let i = 0; i < n; i += 1) track(`bench-${i}`);
  return performance.now() - began;
}"""

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


def row(browser: Browser, name: str, script: Path) -> list[str]:
    """Measure one SDK: the cells of its row."""
    files: dict[str, bytes | Path] = {"/": PAGE.encode(), "/sdk.js": script}
    starts, bursts, requests, tallies = [], [], 0, []
    with collector() as api, fixture_site(files, api.url) as url:
        for _ in range(STARTS):
            context = browser.new_context()
            page = _open(context, url)
            starts.append(page.evaluate("took"))
            page.wait_for_timeout(1_500)
            context.close()
        context = browser.new_context()
        page = _open(context, url)
        page.wait_for_timeout(QUIET_MS)
        before = api.requests
        bursts.append(page.evaluate(BURST, EVENTS))
        page.wait_for_timeout(QUIET_MS)
        requests = api.requests - before
        context.close()
    for fault in FAULTS.values():
        with collector() as api, fixture_site(files, api.url) as url:
            context = browser.new_context()
            fault(context, url, api)
            context.close()
            tallies.append(f"{api.lost(EVENTS)} / {api.doubled()}")
    size = len(gzip.compress(script.read_bytes(), compresslevel=9, mtime=0))
    return [
        NAMES[name],
        f"{size:,}",
        f"{statistics.median(starts):.1f}",
        f"{bursts[0]:.0f}",
        str(requests),
        *tallies,
    ]


def table(rows: list[list[str]]) -> str:
    """Return the rows as Markdown."""
    heads = ["", "bytes, gzipped", "start, ms", "100 calls, ms", "requests", *FAULTS]
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def main() -> None:
    """Measure all, one after the other."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        subprocess.run(["node", "build.mjs", folder], check=True, cwd=Path(__file__).parent)
        browser = launch(playwright, "chromium")
        rows = [row(browser, name, Path(folder) / f"{name}.js") for name in NAMES]
        version = browser.version
        browser.close()
    text = f"<!-- figures: begin -->\nChromium {version}.\n\n{table(rows)}<!-- figures: end -->"
    whole = re.compile(r"<!-- figures: begin -->.*<!-- figures: end -->", re.DOTALL)
    DOCS.write_text(whole.sub(lambda _: text, DOCS.read_text()))


if __name__ == "__main__":
    main()
