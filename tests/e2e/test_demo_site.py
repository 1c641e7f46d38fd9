"""The demo website as its visitor sees it; a recording collector stands where the route begins."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from e2e.fixture_site import BUNDLES, DEMO, files_under, fixture_site
from e2e.recording_api import RecordingApi

pytest_plugins = ["e2e.browser"]
pytestmark = pytest.mark.browser

FILES = (
    files_under(BUNDLES, at="/")
    | files_under(DEMO, at="/")
    | {
        "/": DEMO / "index.html",
        "/config.js": b'window.HEADWATER = { apiUrl: "{{api_url}}", sdkUrl: "/headwater.js" };',
    }
)


@pytest.fixture
def site(api: RecordingApi) -> Iterator[str]:
    with fixture_site(FILES, api.url) as url:
        yield url


def test_buying_is_a_click_and_a_page_load(page: Page, site: str, api: RecordingApi) -> None:
    page.goto(site)

    page.click("#buy")
    page.wait_for_url("**/basket.html?bottle=glacier")

    (click,) = api.wait_for(1, "link_click")
    api.wait_for(2, "page")
    assert click["properties"]["id"] == "buy"


def test_the_springs_are_a_page_without_a_page_load(
    page: Page, site: str, api: RecordingApi
) -> None:
    page.goto(site)

    page.click("#springs")

    _, springs = api.wait_for(2, "page")
    assert springs["context"]["page"]["path"] == "/#/springs"
    expect(page.locator("#route")).to_have_text("You are there.")


def test_signing_in_identifies(page: Page, site: str, api: RecordingApi) -> None:
    page.goto(site)

    page.fill("#sign-in [name=user]", "ada")
    page.press("#sign-in [name=user]", "Enter")

    (identify,) = api.wait_for(1, "identify")
    assert identify["userId"] == "ada"
    expect(page.locator("#who")).to_have_text("Signed in as ada.")


def test_signing_out_is_a_new_visitor(page: Page, site: str, api: RecordingApi) -> None:
    page.goto(site)
    page.fill("#sign-in [name=user]", "ada")
    page.click("#sign-in [type=submit]")

    page.click("#sign-out")
    page.click("#springs")

    first, last = api.wait_for(2, "page")
    assert last["anonymousId"] != first["anonymousId"]


def test_an_order_is_an_event_with_properties(page: Page, site: str, api: RecordingApi) -> None:
    page.goto(f"{site}/basket.html?bottle=moss")

    page.click("#order")

    (order,) = api.wait_for(1, "Order placed")
    assert order["properties"] == {"bottle": "moss", "bottles": 1}


def test_the_list_shows_what_was_sent_and_answered(page: Page, site: str) -> None:
    page.goto(site)

    first = page.locator("#sent li").first
    expect(first).to_contain_text("page_view: /")
    expect(first).to_contain_text("200")


def test_the_list_shows_the_click_that_left_the_page_before(page: Page, site: str) -> None:
    page.goto(site)

    page.click("#buy")
    page.wait_for_url("**/basket.html?bottle=glacier")

    expect(page.locator("#sent")).to_contain_text("link_click: Buy for 3.20")


def test_asking_for_news_tells_nothing_of_the_address(
    page: Page, site: str, api: RecordingApi
) -> None:
    page.goto(site)

    page.fill("#news [name=mail]", "ada@example.com")
    page.click("#news [type=submit]")

    (submit,) = api.wait_for(1, "form_submit")
    assert submit["properties"]["place"] == "shop"
    assert "ada" not in str(submit["properties"])


def test_who_denies_consent_is_not_recorded(page: Page, site: str, api: RecordingApi) -> None:
    page.goto(site)
    api.wait_for(1, "page")

    page.click("[value=denied]")
    page.click("#springs")

    expect(page.locator("#route")).to_have_text("You are there.")
    assert api.messages[-1]["type"] == "page"
    assert page.evaluate("document.cookie") == ""
