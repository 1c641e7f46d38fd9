"""The browser of this machine, by Playwright: Chromium, Chrome or Edge."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from playwright.sync_api import Browser, Error, Playwright, sync_playwright

from headwater_local.errors import DoctorError

_NAMES: Final = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
)
_CHANNELS: Final = (None, "chrome", "msedge")
"""Playwright's own download, and where macOS and Windows keep the other two."""

_FLAGS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def launch_chromium(playwright: Playwright) -> Browser:
    """Start the first browser of Chromium's family that this machine has, without a window.

    Raises:
        playwright.sync_api.Error: it has none, or none that starts.
    """
    if found := next(filter(None, map(shutil.which, _NAMES)), None):
        return playwright.chromium.launch(executable_path=found, args=_FLAGS)
    failed = Error("")
    for channel in _CHANNELS:
        try:
            return playwright.chromium.launch(channel=channel, args=_FLAGS)
        except Error as error:
            failed = error
    raise failed


@contextmanager
def running_browser() -> Iterator[Browser]:
    """Run a browser until the block ends.

    Raises:
        DoctorError: this machine has none, or none that starts.
    """
    with sync_playwright() as playwright:
        try:
            browser = launch_chromium(playwright)
        except Error as error:
            raise DoctorError(
                f"No browser could be started ({error.message.splitlines()[0]}): install Chromium, "
                "Chrome or Edge, or run `uv run playwright install chromium`."
            ) from error
        with browser:
            yield browser
