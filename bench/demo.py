"""From a fresh clone to a filled report page, timed step by step: ``make bench-demo``.

What is committed here is cloned, and set up with an empty home, so that each package is downloaded
and built anew. A real browser opens the reports of what ``headwater demo`` wrote, and that step
ends only when each panel has its answer. Last come two statements, one after the other, as the
prompt of ``headwater query`` runs them. Prints the table of ``docs/performance.md``.
"""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psutil
from playwright.sync_api import expect, sync_playwright
from rich.console import Console

from e2e.browser import launch
from e2e.route import Route
from headwater_local.data_dir import DataDir
from headwater_local.inspection.dialect import Dialect
from headwater_local.inspection.sql import LocalLake

CHECKOUT: Final = Path(__file__).parents[1]
HEADWATER: Final = ".venv/bin/headwater"
OURS: Final = {
    *("PIP_CACHE_DIR", "UV_CACHE_DIR", "XDG_CACHE_HOME", "XDG_DATA_HOME", "npm_config_cache"),
    *("UV_PROJECT_ENVIRONMENT", "UV_PYTHON_INSTALL_DIR"),
    *("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "PYTHONPATH", "VIRTUAL_ENV"),
}
"""Variables by which the clone would use this checkout's caches, packages or options of make."""

STATEMENT: Final = "select event_type, count(*) from events group by 1 order by 2 desc"
PATIENCE_MS: Final = 120_000

_console: Final = Console(stderr=True)


def main() -> None:
    """Time each step, and print them as a table."""
    seconds: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as home:
        clone = Path(folder).resolve() / "headwater"
        environment = _fresh(os.environ, home)
        with _timed(seconds, "`git clone`"):
            subprocess.run(["git", "clone", "--quiet", str(CHECKOUT), str(clone)], check=True)
        with _timed(seconds, "`make setup`"):
            _run(environment, clone, "make", "setup")
        with _headwater(clone, environment, seconds) as route:
            with _timed(seconds, "`headwater demo`"):
                _run(environment, clone, HEADWATER, "demo", "--data-dir", str(route.data_dir))
            with _timed(seconds, "the first report page, filled"):
                _see(f"{route.site_url}/reports/?app=demo")
            lake = LocalLake(DataDir.at(route.data_dir))
            for statement in (
                "the first statement at the prompt of `headwater query`",
                "the next one",
            ):
                with _timed(seconds, statement):
                    lake.run(STATEMENT, Dialect.ATHENA)
    print(f"Cores: {psutil.cpu_count()}.\n\n| step | seconds |\n|---|---|")
    for step, taken in seconds.items():
        print(f"| {step} | {taken:.3g} |")


def _fresh(inherited: Mapping[str, str], home: str) -> Mapping[str, str]:
    """Return the environment of somebody who has nothing of this checkout."""
    kept = {name: value for name, value in inherited.items() if name not in OURS}
    folders = kept["PATH"].split(os.pathsep)
    path = [each for each in folders if not Path(each).is_relative_to(CHECKOUT)]
    return {**kept, "HOME": home, "PATH": os.pathsep.join(path)}


@contextmanager
def _timed(seconds: dict[str, float], step: str) -> Iterator[None]:
    _console.rule(step)
    started = time.monotonic()
    yield
    seconds[step] = time.monotonic() - started


def _run(environment: Mapping[str, str], clone: Path, *command: str) -> None:
    subprocess.run(command, cwd=clone, env=environment, check=True)


@contextmanager
def _headwater(
    clone: Path, environment: Mapping[str, str], seconds: dict[str, float]
) -> Iterator[Route]:
    """Run the clone's Headwater on ports of its own."""
    route = Route(clone / "data", command=(str(clone / HEADWATER),), environment=environment)
    try:
        with _timed(seconds, "`headwater up`, until it is up"):
            route.start()
        yield route
    finally:
        route.end()


def _see(url: str) -> None:
    """Wait until each panel of a report has its answer.

    Raises:
        AssertionError: one still waits after two minutes, failed or is empty.
    """
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = launch(playwright, "chromium")
        page = browser.new_page()
        page.goto(url)
        expect(page.locator("#panels section .content > *").first).to_be_attached()
        expect(page.locator(".state")).to_have_count(0)
        for chart in page.locator(".chart").all():
            expect(chart.locator("svg")).to_be_attached()
        browser.close()


if __name__ == "__main__":
    main()
