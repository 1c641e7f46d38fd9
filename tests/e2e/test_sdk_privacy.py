"""What never leaves a page: the passwords, tokens and addresses in its links, URLs and titles."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from e2e.fixture_site import fixture_site
from e2e.recording_api import RecordingApi
from e2e.sdk_page import FILES, all_until_now, kinds, open_page, settle

pytest_plugins = ["e2e.browser"]
pytestmark = pytest.mark.browser


@pytest.fixture
def site(api: RecordingApi) -> Iterator[str]:
    with fixture_site(FILES, api.url) as url:
        yield f"{url}/pages"


def assert_nothing_secret_was_sent(api: RecordingApi) -> None:
    sent = json.dumps([request.body for request in api.requests])
    assert "SECRET" not in sent
    assert "ann@" not in sent


def test_a_click_takes_no_secret_along(page: Page, site: str, api: RecordingApi) -> None:
    open_page(page, f"{site}/secrets.html")
    links = page.locator("a")

    for link in links.all():
        link.click()

    assert kinds(all_until_now(page, api)).count("link_click") == links.count()
    assert_nothing_secret_was_sent(api)


def test_a_click_still_tells_where_the_link_leads(page: Page, site: str, api: RecordingApi) -> None:
    open_page(page, f"{site}/secrets.html")

    for text in ("query", "route", "data", "telephone"):
        page.get_by_text(text, exact=True).click()

    clicks = [m["properties"] for m in all_until_now(page, api) if m["type"] == "track"]
    assert [click["href"] for click in clicks] == [
        f"{site}/secrets.html?from=links&access_token=***&code=***",
        f"{site}/secrets.html#/callback",
        "data:",
        "tel:",
    ]
    assert [click["outbound"] for click in clicks] == [False, False, False, False]


def test_no_part_of_a_page_takes_a_secret_along(page: Page, site: str, api: RecordingApi) -> None:
    open_page(page, f"{site}/secrets.html?a=1&email=SECRET#/callback?access_token=SECRET")

    (load,) = all_until_now(page, api)

    assert load["context"]["page"] == {
        "path": "/pages/secrets.html#/callback",
        "referrer": "",
        "search": "?a=1&email=***",
        "title": "Reset https://shop.invalid/?token=*** for ***",
        "url": f"{site}/secrets.html?a=1&email=***#/callback",
    }


def test_a_campaign_takes_no_secret_along(page: Page, site: str, api: RecordingApi) -> None:
    open_page(page, f"{site}/plain.html?utm_source=news&utm_content=ann%40secret.invalid")

    (load,) = all_until_now(page, api)

    assert load["context"]["campaign"] == {"source": "news", "content": "***"}


def test_no_referrer_takes_a_secret_along(page: Page, site: str, api: RecordingApi) -> None:
    page.goto(f"{site}/other.html?token=SECRET&a=1")
    page.evaluate("to => { location.href = to }", f"{site}/plain.html?code=SECRET#/a?token=SECRET")
    page.wait_for_function("typeof window.headwater?.track === 'function'")
    settle(page)
    page.evaluate("history.pushState({}, '', '/cart')")

    arrived, cart = all_until_now(page, api)

    assert arrived["context"]["page"]["referrer"] == f"{site}/other.html?token=***&a=1"
    assert cart["context"]["page"]["referrer"] == f"{site}/plain.html?code=***#/a"


def test_the_request_says_no_more_of_the_page_than_its_origin(page: Page, site: str) -> None:
    with page.expect_request("**/v1/b") as request:
        page.goto(f"{site}/secrets.html?token=SECRET")

    assert request.value.all_headers()["referer"] == site.replace("/pages", "/")


def test_the_page_names_the_keys_to_mask(page: Page, site: str, api: RecordingApi) -> None:
    open_page(page, f"{site}/masked-keys.html?invite=SECRET&token=1")

    (load,) = all_until_now(page, api)

    assert load["context"]["page"]["search"] == "?invite=***&token=1"


def test_of_a_page_on_disk_only_the_scheme_leaves(
    page: Page, site: str, api: RecordingApi, tmp_path: Path
) -> None:
    script = site.replace("/pages", "/headwater.js")
    tag = f'<script src="{script}" data-api-url="{api.url}"></script>'
    saved = tmp_path / "SECRET.html"
    saved.write_text(f"<title>Saved</title>{tag}")

    open_page(page, saved.as_uri())

    (load,) = all_until_now(page, api)
    assert load["context"]["page"]["url"] == "file:"
    assert_nothing_secret_was_sent(api)
