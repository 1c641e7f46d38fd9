"""The SDK in a real browser, against a collector that records and another site's pages."""

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from e2e.fixture_site import fixture_site
from e2e.recording_api import RecordingApi, recording_api
from e2e.sdk_page import FILES, all_until_now, kinds, open_page, settle

pytest_plugins = ["e2e.browser"]
pytestmark = pytest.mark.browser


@pytest.fixture
def site(api: RecordingApi) -> Iterator[str]:
    with fixture_site(FILES, api.url) as url:
        yield f"{url}/pages"


def test_a_page_load_is_one_page_message(page: Page, site: str, api: RecordingApi) -> None:
    open_page(page, f"{site}/plain.html?utm_source=mail#token")

    (message,) = all_until_now(page, api)

    assert message["type"] == "page"
    assert message["context"]["page"] == {
        "path": "/pages/plain.html",
        "referrer": "",
        "search": "?utm_source=mail",
        "title": "Plain",
        "url": f"{site}/plain.html?utm_source=mail",
    }
    assert message["context"]["campaign"] == {"source": "mail"}
    assert message["context"]["sessionNumber"] == 1


def test_a_request_needs_no_preflight(page: Page, site: str, api: RecordingApi) -> None:
    open_page(page, f"{site}/plain.html")

    all_until_now(page, api)

    (request,) = api.requests
    assert (request.method, request.path) == ("POST", "/v1/b")
    assert request.content_type.startswith("text/plain")
    assert request.body["writeKey"] == "test-key"
    assert request.body["sentAt"].endswith("Z")


def test_push_state_is_a_page_load(page: Page, site: str, api: RecordingApi) -> None:
    open_page(page, f"{site}/plain.html")

    page.evaluate("history.pushState({}, '', '/cart'); document.title = 'Cart'")

    first, second = all_until_now(page, api)
    assert second["context"]["page"]["path"] == "/cart"
    assert second["context"]["page"]["title"] == "Cart"
    assert second["context"]["page"]["referrer"] == f"{site}/plain.html"
    assert second["context"]["pageViewId"] != first["context"]["pageViewId"]


def test_an_event_right_after_push_state_belongs_to_the_new_page(
    page: Page, site: str, api: RecordingApi
) -> None:
    open_page(page, f"{site}/plain.html")

    page.evaluate("history.pushState({}, '', '/cart'); headwater.track('Cart shown')")

    _, cart = [m for m in all_until_now(page, api) if m["type"] == "page"]
    (shown,) = api.wait_for(1, "Cart shown")
    assert shown["context"]["pageViewId"] == cart["context"]["pageViewId"]


@pytest.mark.parametrize(
    ("act", "event"),
    [
        ("document.querySelector('a[href]').click()", "link_click"),
        ("document.body.append(form); form.requestSubmit()", "form_submit"),
    ],
)
def test_a_page_is_announced_before_what_its_visitor_does_at_once(
    page: Page, site: str, api: RecordingApi, act: str, event: str
) -> None:
    open_page(page, f"{site}/links.html")
    settle(page)

    page.evaluate(
        f"""() => {{
          const form = document.createElement("form");
          for (const type of ["click", "submit"]) addEventListener(type, e => e.preventDefault());
          history.pushState({{}}, "", "/cart");
          {act};
        }}"""
    )

    assert kinds(all_until_now(page, api)) == ["page", "page", event]


@pytest.mark.parametrize("url", ["location.href", "'?filter=blue'", "'#section'"])
def test_replace_state_on_the_same_page_is_not_a_page_load(
    page: Page, site: str, api: RecordingApi, url: str
) -> None:
    open_page(page, f"{site}/plain.html")
    settle(page)

    page.evaluate(f"for (let n = 0; n < 50; n += 1) history.replaceState({{ n }}, '', {url})")

    assert kinds(all_until_now(page, api)) == ["page"]


def test_replace_state_to_another_path_is_a_page_load(
    page: Page, site: str, api: RecordingApi
) -> None:
    open_page(page, f"{site}/plain.html")
    settle(page)

    page.evaluate("history.replaceState({}, '', '/elsewhere')")

    assert kinds(all_until_now(page, api)) == ["page", "page"]


def test_a_redirect_of_the_router_is_one_page_load(
    page: Page, site: str, api: RecordingApi
) -> None:
    open_page(page, f"{site}/plain.html")
    settle(page)

    page.evaluate("history.pushState({}, '', '/a'); history.replaceState({}, '', '/b')")

    _, redirected = all_until_now(page, api)
    assert redirected["context"]["page"]["path"] == "/b"


def test_the_back_button_is_a_page_load(page: Page, site: str, api: RecordingApi) -> None:
    open_page(page, f"{site}/plain.html")
    page.evaluate("history.pushState({}, '', '/cart')")
    settle(page)

    page.go_back()

    paths = [m["context"]["page"]["path"] for m in api.wait_for(3, "page")]
    assert paths == ["/pages/plain.html", "/cart", "/pages/plain.html"]


def test_a_route_in_the_fragment_is_a_page_load(page: Page, site: str, api: RecordingApi) -> None:
    open_page(page, f"{site}/plain.html")
    settle(page)

    page.evaluate("location.hash = '#/cart'")

    _, cart = api.wait_for(2, "page")
    assert cart["context"]["page"]["path"] == "/pages/plain.html#/cart"


def test_a_page_from_the_browsers_cache_is_a_page_load(
    page: Page, site: str, api: RecordingApi
) -> None:
    open_page(page, f"{site}/plain.html")
    settle(page)

    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")

    first, second = all_until_now(page, api)
    assert second["context"]["pageViewId"] != first["context"]["pageViewId"]


def test_a_prerendered_page_counts_once_it_is_shown(
    page: Page, site: str, api: RecordingApi
) -> None:
    page.add_init_script("Object.defineProperty(document, 'prerendering', { value: true })")
    open_page(page, f"{site}/plain.html")
    settle(page)
    page.evaluate("headwater.track('before'); headwater.flush()")

    page.evaluate("document.dispatchEvent(new Event('prerenderingchange'))")

    assert sorted(kinds(all_until_now(page, api))) == ["before", "page"]


def test_a_click_that_leaves_the_page_arrives(page: Page, site: str, api: RecordingApi) -> None:
    open_page(page, f"{site}/links.html")

    page.click("#plain")
    page.wait_for_url("**/other.html?from=links")

    (click,) = api.wait_for(1, "link_click")
    assert click["type"] == "track"
    assert click["properties"] == {
        "href": f"{site}/other.html?from=links",
        "text": "Read more",
        "id": "plain",
        "classes": ["button", "primary"],
        "outbound": False,
        "download": False,
    }


@pytest.mark.parametrize(
    ("clicked", "link"),
    [
        ("#inside", "nested"),
        ("#new-tab", "new-tab"),
        ("#icon svg", "icon"),
        ("#stopped", "stopped"),
        ("#in-shadow b", "in-shadow"),
    ],
)
def test_a_click_anywhere_in_a_link_is_one_click(
    page: Page, site: str, api: RecordingApi, clicked: str, link: str
) -> None:
    open_page(page, f"{site}/links.html")

    page.click(clicked)

    (click,) = api.wait_for(1, "link_click")
    assert click["properties"]["id"] == link


def test_a_click_with_a_modifier_is_a_click(page: Page, site: str, api: RecordingApi) -> None:
    open_page(page, f"{site}/links.html")

    page.click("#plain", modifiers=["ControlOrMeta"])

    assert kinds(all_until_now(page, api)) == ["page", "link_click"]


def test_the_middle_button_is_a_click(page: Page, site: str, api: RecordingApi) -> None:
    open_page(page, f"{site}/links.html")

    settle(page)
    page.click("#plain", button="middle")

    assert kinds(all_until_now(page, api)) == ["page", "link_click"]


def test_what_follows_no_link_is_not_a_link_click(page: Page, site: str, api: RecordingApi) -> None:
    open_page(page, f"{site}/links.html")

    page.click("#plain", button="right")
    page.click("#button")
    page.click("#no-link")

    assert kinds(all_until_now(page, api)) == ["page"]


def test_a_link_to_another_host_is_outbound(page: Page, site: str, api: RecordingApi) -> None:
    open_page(page, f"{site}/links.html")

    page.click("#outbound")

    (click,) = api.wait_for(1, "link_click")
    assert click["properties"]["outbound"] is True


def test_an_icon_is_named_by_its_label(page: Page, site: str, api: RecordingApi) -> None:
    open_page(page, f"{site}/links.html")

    page.click("#icon")

    (click,) = api.wait_for(1, "link_click")
    assert click["properties"]["text"] == "To the top"


def test_identify_lasts_over_a_reload(page: Page, site: str, api: RecordingApi) -> None:
    open_page(page, f"{site}/plain.html")
    page.evaluate("headwater.identify('u1', { plan: 'pro' }); headwater.flush()")

    open_page(page, f"{site}/plain.html")

    before, after = api.wait_for(2, "page")
    (identify,) = api.wait_for(1, "identify")
    assert identify["traits"] == {"plan": "pro"}
    assert after["userId"] == "u1"
    assert after["anonymousId"] == before["anonymousId"]
    assert after["context"]["sessionId"] == before["context"]["sessionId"]


def test_hosts_of_one_site_share_visitor_and_visit(
    page: Page, site: str, api: RecordingApi
) -> None:
    port = urlsplit(site).port
    for host in ("shop.site.localhost", "www.site.localhost"):
        open_page(page, f"http://{host}:{port}/pages/plain.html")
        page.evaluate("headwater.identify('u1'); headwater.flush()")

    shop, www = api.wait_for(2, "page")
    assert www["anonymousId"] == shop["anonymousId"]
    assert www["userId"] == "u1"
    assert www["context"]["sessionId"] == shop["context"]["sessionId"]
    assert {cookie["domain"] for cookie in page.context.cookies()} == {".site.localhost"}


def test_reset_is_a_new_visitor(page: Page, site: str, api: RecordingApi) -> None:
    open_page(page, f"{site}/plain.html")

    page.evaluate("headwater.identify('u1'); headwater.reset(); headwater.track('after')")

    (identify,) = api.wait_for(1, "identify")
    (after,) = api.wait_for(1, "after")
    assert "userId" not in after
    assert after["anonymousId"] != identify["anonymousId"]


def test_what_waits_is_sent_when_the_page_goes(page: Page, site: str, api: RecordingApi) -> None:
    open_page(page, f"{site}/plain.html")

    page.evaluate(
        """other => {
          for (let n = 0; n < 39; n += 1) headwater.track(`last ${n}`, { text: "x".repeat(800) });
          location.href = other;
        }""",
        f"{site}/other.html",
    )

    api.wait_for(1, "last 38")
    api.wait_for(1, "last 0")


def test_what_is_tracked_while_the_page_goes_is_sent(
    page: Page, site: str, api: RecordingApi
) -> None:
    open_page(page, f"{site}/plain.html")
    page.evaluate("addEventListener('pagehide', () => headwater.track('goodbye'))")

    page.goto(f"{site}/other.html")

    api.wait_for(1, "goodbye")


def test_a_503_is_retried_with_the_same_messages(page: Page, site: str, api: RecordingApi) -> None:
    api.answer_next(503, {"Retry-After": "1"})

    open_page(page, f"{site}/plain.html")

    refused, accepted = api.wait_for_requests(2)
    assert (refused.status, accepted.status) == (503, 200)
    assert accepted.body["batch"] == refused.body["batch"]
    assert accepted.body["sentAt"] > refused.body["sentAt"]


def test_retry_after_is_waited_for(page: Page, site: str, api: RecordingApi) -> None:
    page.clock.install()
    api.answer_next(503, {"Retry-After": "500"})
    open_page(page, f"{site}/plain.html")
    page.clock.fast_forward(2_000)
    api.wait_for_requests(1)

    page.clock.fast_forward(500_000)

    first, second = api.wait_for_requests(2)
    assert second.body["batch"] == first.body["batch"]


def test_a_400_is_not_retried(page: Page, site: str, api: RecordingApi) -> None:
    page.clock.install()
    api.answer_next(400)
    open_page(page, f"{site}/plain.html")
    settle(page)
    page.evaluate("headwater.track('refused'); headwater.flush()")

    page.clock.fast_forward(3_600_000)

    assert all_until_now(page, api) == []
    assert kinds(api.requests[0].body["batch"]) == ["page", "refused"]


def test_calls_before_the_script_are_not_lost(page: Page, site: str, api: RecordingApi) -> None:
    open_page(page, f"{site}/queued.html")

    identify, early, load = all_until_now(page, api)

    assert identify["traits"] == {"plan": "pro"}
    assert early["event"] == "Before the script"
    assert load["type"] == "page"
    assert load["userId"] == "early-bird"


def test_push_works_after_the_script_too(page: Page, site: str, api: RecordingApi) -> None:
    open_page(page, f"{site}/plain.html")

    page.evaluate("headwater.push(['track', 'late'])")

    api.wait_for(1, "late")


def test_the_same_tag_twice_counts_once(page: Page, site: str, api: RecordingApi) -> None:
    open_page(page, f"{site}/twice.html")

    assert kinds(all_until_now(page, api)) == ["page"]


def test_a_queue_that_a_second_tag_finds_is_not_a_second_client(
    page: Page, site: str, api: RecordingApi
) -> None:
    open_page(page, f"{site}/twice-queued.html")

    assert sorted(kinds(all_until_now(page, api))) == ["first", "page", "second"]


def test_only_what_is_named_is_captured(page: Page, site: str, api: RecordingApi) -> None:
    open_page(page, f"{site}/calls-only.html")

    page.click("#plain")
    page.evaluate("headwater.page('Home')")

    (home,) = all_until_now(page, api)
    assert home["name"] == "Home"


def test_the_module_does_the_same(page: Page, site: str, api: RecordingApi) -> None:
    page.goto(f"{site}/module.html")

    (event,) = api.wait_for(1, "From a module")
    (load,) = api.wait_for(1, "page")
    assert event["context"]["pageViewId"] == load["context"]["pageViewId"]


def test_a_frame_without_any_storage_works(page: Page, site: str, api: RecordingApi) -> None:
    page.goto(f"{site}/sandboxed.html")
    frame = page.frames[1]
    frame.wait_for_function("typeof window.headwater?.track === 'function'")

    frame.evaluate("headwater.identify('u1'); headwater.track('after')")

    (load,) = api.wait_for(1, "page")
    (after,) = api.wait_for(1, "after")
    assert after["userId"] == "u1"
    assert after["anonymousId"] == load["anonymousId"]


def test_events_wait_while_the_api_is_away(page: Page) -> None:
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        port = reserved.getsockname()[1]
    with fixture_site(FILES, f"http://127.0.0.1:{port}") as url:
        open_page(page, f"{url}/pages/plain.html")
        page.evaluate("headwater.track('too early'); headwater.flush()")

        with recording_api(port) as api:
            api.wait_for(1, "too early")
            api.wait_for(1, "page")


def test_nothing_is_logged_unless_debug_is_on(page: Page, site: str, api: RecordingApi) -> None:
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text))
    open_page(page, f"{site}/plain.html")

    page.evaluate("headwater.track(''); headwater.track('big', { text: 'x'.repeat(40_000) })")

    assert kinds(all_until_now(page, api)) == ["page"]
    assert said == []
