"""The extra scripts beside the SDK: web vitals and errors."""

import pytest
from playwright.sync_api import Browser

from e2e.fixture_site import fixture_site
from e2e.recording_api import RecordingApi
from e2e.sdk_page import FILES, open_page, settle

pytest_plugins = ["e2e.browser"]
pytestmark = pytest.mark.browser

BODY = """<!doctype html><link rel="icon" href="data:,"><title>Extras</title>
<script src="/headwater-errors.js"></script>
<script src="/headwater-web-vitals.js"></script>
<script src="/headwater.js" data-api-url="{{api_url}}" data-capture="page_views" async></script>
<h1>A heading</h1><button onclick="broken()">Break</button>"""


def test_vitals_and_errors_belong_to_their_page_view(browser: Browser, api: RecordingApi) -> None:
    page = browser.new_context().new_page()
    with fixture_site({**FILES, "/extras.html": BODY.encode()}, api.url) as url:
        open_page(page, f"{url}/extras.html")
        settle(page)
        page.click("button")
        page.click("button")
        page.evaluate("void Promise.reject(new Error('rejected'))")
        page.goto(f"{url}/pages/other.html")

        (load,) = api.wait_for(1, "page")
        (vitals,) = api.wait_for(1, "web_vitals")
        thrown, rejected = api.wait_for(2, "error")
        page.context.close()

    assert set(vitals["properties"]) >= {"fcp", "lcp", "ttfb"}
    assert thrown["properties"]["name"] == "ReferenceError"
    assert thrown["properties"]["message"] == "broken is not defined"
    assert rejected["properties"]["message"] == "rejected"
    views = {message["context"]["pageViewId"] for message in (load, vitals, thrown, rejected)}
    assert len(views) == 1
