"""The SDK on pages that carry others' elements and polluted prototypes: events go where they did.

Sanitizers let ``id``, ``name`` and ``data-*`` of users' content through, and a gadget of another
library may write to ``Object.prototype``. The pages act by themselves: on a page whose document is
taken over, a test can find no element.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page

from e2e.fixture_site import BUNDLES, REPOSITORY, fixture_site
from e2e.recording_api import RecordingApi, recording_api
from e2e.sdk_page import FILES, all_until_now, kinds, open_page

pytest_plugins = ["e2e.browser"]
pytestmark = pytest.mark.browser

TAG = '<script src="/headwater.js" data-api-url="{{api_url}}" data-write-key="test-key"></script>'
ACTS = """
<form>
  <input name="matches">
  <a id="acting-link" href="/clicked" onclick="return false">A link</a>
</form>
<script>
  HTMLElement.prototype.click.call(window["acting-link"]);
  window.headwater.push(["track", "acted"]);
</script>
"""

ELEMENTS = {
    "image": '<img name="{name}" data-api-url="{url}">',
    "two images": '<img name="{name}"><img name="{name}" data-api-url="{url}">',
    "form": '<form name="{name}" data-api-url="{url}"><input name="dataset"></form>',
    "object": '<object id="{name}" data-api-url="{url}"></object>',
    "link": '<a id="{name}" href="{url}" data-api-url="{url}"></a>',
    "frame": '<iframe name="{name}"></iframe>',
}


@pytest.fixture
def elsewhere() -> Iterator[RecordingApi]:
    """Where the hostile parts of a page would have the events go."""
    with recording_api() as api:
        yield api


@contextmanager
def site_with(body: str, api: RecordingApi) -> Iterator[str]:
    """Serve one page with this body; gives its URL."""
    html = f'<!doctype html><link rel="icon" href="data:,"><title>Hostile</title>{body}'
    with fixture_site(FILES | {"/hostile.html": html.encode()}, api.url) as url:
        yield f"{url}/hostile.html"


def script_names() -> list[str]:
    """Return every name that the built SDK may read of an object."""
    bundle = (BUNDLES / "headwater.js").read_text()
    return sorted(set(re.findall(r"[A-Za-z_$][\w$]*", bundle)))


def assert_all_arrived(api: RecordingApi, elsewhere: RecordingApi, url: str) -> None:
    (load,) = api.wait_for(1, "page")
    (click,) = api.wait_for(1, "link_click")
    (acted,) = api.wait_for(1, "acted")
    assert load["context"]["page"]["title"] == "Hostile"
    assert load["context"]["page"]["referrer"] == ""
    assert click["properties"]["href"] == url.replace("hostile.html", "clicked")
    assert acted["anonymousId"] == load["anonymousId"]
    assert {request.body["writeKey"] for request in api.requests} == {"test-key"}
    assert elsewhere.requests == []


@pytest.mark.parametrize("kind", ELEMENTS)
def test_no_element_stands_in_for_a_name_that_the_script_reads(
    page: Page, api: RecordingApi, elsewhere: RecordingApi, kind: str
) -> None:
    element = ELEMENTS[kind]
    content = "".join(element.format(name=name, url=elsewhere.url) for name in script_names())

    with site_with(content + TAG + ACTS, api) as url:
        page.goto(url)

        assert_all_arrived(api, elsewhere, url)


def test_a_polluted_prototype_answers_for_no_name_that_the_script_reads(
    page: Page, api: RecordingApi, elsewhere: RecordingApi
) -> None:
    with site_with(polluting(script_names(), elsewhere.url) + TAG + ACTS, api) as url:
        page.goto(url)

        assert_all_arrived(api, elsewhere, url)


def test_a_polluted_prototype_stands_in_for_no_missing_attribute(
    page: Page, api: RecordingApi, elsewhere: RecordingApi
) -> None:
    names = ["apiUrl", "writeKey", "data-api-url", "dataset", "getAttribute"]
    body = polluting(names, elsewhere.url) + '<script src="/headwater.js"></script>'

    with site_with(body, api) as url:
        page.goto(url)

        assert page.evaluate("Object.getOwnPropertyDescriptor(window, 'headwater')") is None


def test_a_polluted_prototype_adds_no_option_to_the_modules(
    page: Page, api: RecordingApi, elsewhere: RecordingApi
) -> None:
    script = """<script type="module">
      import { createClient } from "/headwater.mjs";
      createClient({ apiUrl: "{{api_url}}" });
    </script>"""
    names = ["writeKey", "capture", "maskedKeys", "debug"]

    with site_with(polluting(names, elsewhere.url) + script, api) as url:
        page.goto(url)

        api.wait_for(1, "page")
        assert "writeKey" not in api.requests[0].body


def test_a_polluted_prototype_queues_no_calls(page: Page, api: RecordingApi) -> None:
    script = '<script>Object.prototype.headwater = [["identify", "victim"]]</script>'

    with site_with(script + TAG + ACTS, api) as url:
        open_page(page, url)

        assert sorted(kinds(all_until_now(page, api))) == ["acted", "link_click", "page"]


def polluting(names: list[str], value: str) -> str:
    """Return a script that gives every object these names, as a merge of hostile JSON does."""
    return f"""<script>
      for (const name of {json.dumps(names)}) Object.prototype[name] ??= {json.dumps(value)};
    </script>"""


def test_base_does_not_move_an_api_on_the_pages_own_host(page: Page, api: RecordingApi) -> None:
    tag = '<script src="/headwater.js" data-api-url="/first-party"></script>'

    with (
        site_with(tag + '<base href="http://evil.invalid/">', api) as url,
        page.expect_request("**/v1/b") as request,
    ):
        page.goto(url)

    assert request.value.url == url.replace("hostile.html", "first-party/v1/b")


@pytest.mark.parametrize("brand", ['<div id="headwater"></div>', '<iframe name="headwater">'])
def test_an_element_of_the_queues_name_loses_no_call(
    page: Page, api: RecordingApi, brand: str
) -> None:
    readme = (REPOSITORY / "browser-sdk" / "README.md").read_text()
    queue = re.search(r"<script>.*headwater \|\|.*</script>", readme)
    assert queue
    call = '<script>headwater.push(["track", "early"])</script>'

    with site_with(f"{brand}</iframe>{queue[0]}{call}{TAG}", api) as url:
        page.goto(url)

        api.wait_for(1, "early")
        api.wait_for(1, "page")


@pytest.mark.parametrize(
    "brand",
    [
        '<a id="headwater"></a>',
        '<form name="headwater"><input name="push"></form>',
        '<iframe name="headwater" src="data:,"></iframe>',
    ],
)
def test_an_element_in_the_place_of_the_queue_does_not_switch_the_script_off(
    page: Page, api: RecordingApi, brand: str
) -> None:
    queue = "<script>window.headwater = window.headwater || [];</script>"

    with site_with(f"{brand}{queue}{TAG}", api) as url:
        page.goto(url)

        api.wait_for(1, "page")


def test_an_element_called_cookie_does_not_make_a_new_visitor_of_each_page(
    page: Page, api: RecordingApi
) -> None:
    forbidden = "{ get() { throw new DOMException('', 'SecurityError'); } }"
    script = f"<script>Object.defineProperty(window, 'localStorage', {forbidden})</script>"

    with site_with(f'<img name="cookie">{script}{TAG}', api) as url:
        page.goto(url)
        api.wait_for(1, "page")
        page.goto(url)

        first, second = api.wait_for(2, "page")
        assert first["anonymousId"] == second["anonymousId"]
