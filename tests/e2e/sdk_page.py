"""What every test of the SDK in a browser does: open a page, and take all that it sent."""

from playwright.sync_api import Page

from e2e.fixture_site import BUNDLES, PAGES, files_under
from e2e.recording_api import Message, RecordingApi, kind_of

FILES = files_under(BUNDLES, at="/") | files_under(PAGES, at="/pages/")


_ASIDE = ("the end", "page_leave")


def open_page(page: Page, url: str) -> None:
    """Open a page of the site and wait until the SDK has started."""
    page.goto(url)
    page.wait_for_function("typeof window.headwater?.track === 'function'")


def settle(page: Page) -> None:
    """Let the page view be announced: its title and its URL have 100 ms to settle."""
    page.evaluate("new Promise((resolve) => setTimeout(resolve, 250))")


def all_until_now(page: Page, api: RecordingApi) -> list[Message]:
    """Return all that was sent up to a last event of ours.

    Without it, and without ``page_leave``, which a busy machine makes of any test.
    """
    settle(page)
    page.evaluate("headwater.track('the end'); headwater.flush()")
    api.wait_for(1, "the end")
    return [message for message in api.messages if kind_of(message) not in _ASIDE]


def paths(messages: list[Message]) -> list[str]:
    """Return the path of each page view."""
    return [m["context"]["page"]["path"] for m in messages if m["type"] == "page"]


def titles(messages: list[Message]) -> list[str]:
    """Return the title of each page view."""
    return [m["context"]["page"]["title"] for m in messages if m["type"] == "page"]


def kinds(messages: list[Message]) -> list[str]:
    return [kind_of(message) for message in messages]
