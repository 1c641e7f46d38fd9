"""What every test of the SDK in a browser does: open a page, and take all that it sent."""

from playwright.sync_api import Page

from e2e.fixture_site import BUNDLES, PAGES, files_under
from e2e.recording_api import Message, RecordingApi, kind_of

FILES = files_under(BUNDLES, at="/") | files_under(PAGES, at="/pages/")


def open_page(page: Page, url: str) -> None:
    """Open a page of the site and wait until the SDK has started."""
    page.goto(url)
    page.wait_for_function("typeof window.headwater?.track === 'function'")


def next_task(page: Page) -> None:
    """Let the timers of this moment run in the page: a navigation is announced in one."""
    page.evaluate("new Promise((resolve) => setTimeout(resolve))")


def all_until_now(page: Page, api: RecordingApi) -> list[Message]:
    """Return all that was sent up to a last event of ours, without it."""
    next_task(page)
    page.evaluate("headwater.track('the end'); headwater.flush()")
    api.wait_for(1, "the end")
    return [message for message in api.messages if kind_of(message) != "the end"]


def kinds(messages: list[Message]) -> list[str]:
    return [kind_of(message) for message in messages]
