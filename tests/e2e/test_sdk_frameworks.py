"""The SDK on sites of React Router, Vue Router, Turbo and htmx, as their packages are published."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from e2e.fixture_site import files_under, fixture_site
from e2e.recording_api import RecordingApi
from e2e.sdk_page import FILES, all_until_now, open_page, paths, settle, titles

pytest_plugins = ["e2e.browser"]
pytestmark = pytest.mark.browser

PROJECT = Path(__file__).parent / "frameworks"
HEAD = '<!doctype html><link rel="icon" href="data:,"><title>%s</title>%s'
TAG = '<script src="/headwater.js" data-api-url="{{api_url}}"></script>'
APP = HEAD % ("Loading", TAG) + '<div id="app"></div><script src="/%s.js"></script>'
LINKS = '<body><a id="a" href="/a.html">a</a> <a id="b" href="/b.html">b</a></body>'
BOOST = LINKS.replace("<body>", '<body hx-boost="true">')


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts of the sites."""
    folder = tmp_path_factory.mktemp("bundles")
    subprocess.run(["node", "build.mjs", str(folder)], check=True, cwd=PROJECT)
    return folder


@pytest.fixture
def site(bundles: Path, api: RecordingApi) -> Iterator[str]:
    def multi(name: str, title: str, body: str) -> bytes:
        return (HEAD % (title, f'{TAG}<script src="/{name}.js" defer></script>') + body).encode()

    pages = {
        "/": (APP % "react").encode(),
        "/react.html": (APP % "react").encode(),
        "/in": (APP % "vue").encode(),
        "/vue.html": (APP % "vue").encode(),
        "/turbo.html": multi("turbo", "Turbo", LINKS),
        "/a.html": multi("turbo", "A", LINKS),
        "/b.html": multi("turbo", "B", LINKS),
        "/htmx.html": multi("htmx", "htmx", BOOST),
    }
    with fixture_site({**FILES, **files_under(bundles, at="/"), **pages}, api.url) as url:
        yield url


def click(page: Page, *ids: str) -> None:
    """Follow links in turn; each page is looked at for a moment."""
    for name in ids:
        page.click(f"#{name}")
        settle(page)


@pytest.mark.parametrize("query", ["", "?strict"])
def test_react_pages_have_their_own_titles(
    page: Page, site: str, api: RecordingApi, query: str
) -> None:
    open_page(page, f"{site}/{query}")
    settle(page)

    click(page, "about", "list", "home")
    page.go_back()
    settle(page)

    messages = all_until_now(page, api)
    assert titles(messages) == ["Home", "About", "List", "Home", "List"]
    assert paths(messages) == ["/", "/about", "/list", "/", "/list"]


def test_redirects_of_react_router_are_one_page_view(
    page: Page, site: str, api: RecordingApi
) -> None:
    open_page(page, f"{site}/")
    settle(page)

    click(page, "loaded")
    click(page, "moved")

    assert titles(all_until_now(page, api)) == ["Home", "List", "About"]


def test_the_first_redirect_of_vue_router_is_not_a_page_view(
    page: Page, site: str, api: RecordingApi
) -> None:
    open_page(page, f"{site}/in?utm_source=news")
    settle(page)
    click(page, "home")

    messages = all_until_now(page, api)
    assert paths(messages) == ["/about", "/"]
    assert titles(messages) == ["About", "Home"]
    assert {m["context"]["campaign"]["source"] for m in messages} == {"news"}


def test_the_entry_of_a_hash_router_is_one_page_view(
    page: Page, site: str, api: RecordingApi
) -> None:
    open_page(page, f"{site}/vue.html?hash")
    settle(page)
    click(page, "about")

    assert titles(all_until_now(page, api)) == ["Home", "About"]


@pytest.mark.parametrize("name", ["turbo", "htmx"])
def test_pages_that_are_swapped_in_are_seen(
    page: Page, site: str, api: RecordingApi, name: str
) -> None:
    open_page(page, f"{site}/{name}.html")
    settle(page)

    for link in ("a", "b"):
        page.click(f"#{link}")
        page.wait_for_function("title => document.title === title", arg=link.upper())
        settle(page)

    messages = all_until_now(page, api)
    assert paths(messages) == [f"/{name}.html", "/a.html", "/b.html"]
    assert titles(messages)[1:] == ["A", "B"]
