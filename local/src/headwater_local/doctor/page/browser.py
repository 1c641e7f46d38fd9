"""The browser of this machine, by Playwright: Chromium, Chrome or Edge."""

import os
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
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def launch_chromium(playwright: Playwright) -> Browser:
    """Start the first browser of Chromium's family that starts here, without a window.

    In Chromium's sandbox, except as root, whom Chromium refuses one.

    Raises:
        playwright.sync_api.Error: it has none, or none that starts: why the first did not.
    """
    failures: list[Error] = []
    for path, channel in _browsers():
        try:
            return playwright.chromium.launch(
                executable_path=path,
                channel=channel,
                chromium_sandbox=not _is_root(),
                args=_FLAGS,
            )
        except Error as error:
            failures.append(error)
    raise failures[0]


def _browsers() -> Iterator[tuple[str | None, str | None]]:
    """Yield path or channel of each browser to try; the channels only if no path has one."""
    found = list(filter(None, map(shutil.which, _NAMES)))
    yield from ((path, None) for path in found)
    if not found:
        yield from ((None, channel) for channel in _CHANNELS)


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0  # Windows has no such thing.


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
            raise DoctorError(_why_none(error)) from error
        with browser:
            yield browser


def _why_none(error: Error) -> str:
    if "No usable sandbox" in error.message:
        return (
            "No browser could be started: this system gives Chromium no sandbox. Install Chrome or "
            "Edge, whose packages bring one, or allow unprivileged user namespaces."
        )
    return (
        f"No browser could be started ({error.message.splitlines()[0]}): install Chromium, "
        "Chrome or Edge, or run `uv run playwright install chromium`."
    )
