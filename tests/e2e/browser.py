"""A real browser for the tests: the machine's own Chromium, or what HEADWATER_BROWSER names.

Where there is none the tests are skipped, but not in continuous integration, which sets ``CI``.
Use it with ``pytest_plugins = ["e2e.browser"]`` and the fixture ``page``.
"""

import os
from collections.abc import Iterator, Mapping

import pytest
from playwright.sync_api import Browser, Error, Page, Playwright, expect, sync_playwright

from headwater_local.doctor.page.browser import launch_chromium

# The other process of the tests may be starting a Spark, and one page has hundreds of frames.
PATIENCE_MS = 90_000
expect.set_options(timeout=PATIENCE_MS)


# Not for the whole run: until it ends, Playwright's event loop counts as running in this thread.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = _launch_or_skip(playwright, os.environ)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a fresh profile; a test fails where a script on it threw."""
    errors: list[Error] = []
    context = browser.new_context()
    context.set_default_timeout(PATIENCE_MS)
    context.on("weberror", lambda web_error: errors.append(web_error.error))
    page = context.new_page()
    yield page
    context.close()
    assert errors == []


def _launch_or_skip(playwright: Playwright, environment: Mapping[str, str]) -> Browser:
    try:
        return launch(playwright, environment.get("HEADWATER_BROWSER", "chromium"))
    except Error as error:
        if "CI" in environment:
            raise
        pytest.skip(f"No browser could be started: {error.message.splitlines()[0]}")


def launch(playwright: Playwright, name: str) -> Browser:
    """Start ``chromium``, or ``firefox`` or ``webkit`` as Playwright installs them."""
    if name == "chromium":
        return launch_chromium(playwright)
    return {"firefox": playwright.firefox, "webkit": playwright.webkit}[name].launch()
