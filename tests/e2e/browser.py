"""A real browser for the tests: the machine's own Chromium, or what HEADWATER_BROWSER names.

Use it with ``pytest_plugins = ["e2e.browser"]`` and the fixture ``page``.
"""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Error, Page, Playwright, sync_playwright

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright, os.environ.get("HEADWATER_BROWSER", "chromium"))
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a fresh profile; a test fails where a script on it threw."""
    errors: list[Error] = []
    context = browser.new_context()
    context.on("weberror", lambda web_error: errors.append(web_error.error))
    page = context.new_page()
    yield page
    context.close()
    assert errors == []


def launch(playwright: Playwright, name: str) -> Browser:
    """Start ``chromium``, or ``firefox`` or ``webkit`` as Playwright installs them."""
    if name == "chromium":
        found = filter(None, map(shutil.which, CHROMIUM_NAMES))
        return playwright.chromium.launch(executable_path=next(found, None), args=CHROMIUM_FLAGS)
    return {"firefox": playwright.firefox, "webkit": playwright.webkit}[name].launch()
