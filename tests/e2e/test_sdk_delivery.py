"""What the SDK delivers while the API, the network, the storage or its own page fails.

The rules are those of ``tests/golden/delivery.yaml``, for all clients.
"""

import socket
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import yaml
from playwright.sync_api import Browser, BrowserContext, Page, Route

from e2e.fixture_site import fixture_site
from e2e.recording_api import DEADLINE_SECONDS, RecordingApi, kind_of, recording_api
from e2e.sdk_page import FILES, open_page, settle

pytest_plugins = ["e2e.browser"]
pytestmark = pytest.mark.browser

DELIVERY = yaml.safe_load((Path(__file__).parents[1] / "golden" / "delivery.yaml").read_text())
TRACK = "count => { for (let n = 0; n < count; n += 1) headwater.track(`e${n}`); }"
WITHOUT_LOCKS = "Object.defineProperty(Navigator.prototype, 'locks', { value: undefined });"
SHOW = """state => {
  Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
COMES_OR_GOES = "type => { dispatchEvent(new PageTransitionEvent(type, { persisted: true })); }"
FILL = """() => {
  let size = 1 << 20;
  for (let n = 0; size > 0; n += 1) {
    try { localStorage.setItem(`filler${n}`, "x".repeat(size)); } catch { size >>= 1; }
  }
}"""


@pytest.fixture
def site(api: RecordingApi) -> Iterator[str]:
    with fixture_site(FILES, api.url) as url:
        yield f"{url}/pages"


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A profile whose pages come and go."""
    context = browser.new_context()
    yield context
    context.close()


def arrived(api: RecordingApi) -> list[str]:
    """Return the names of the test's own events, each once, in order."""
    return [kind_of(m) for m in api.messages if kind_of(m).startswith("e")]


def names(count: int) -> list[str]:
    return [f"e{n}" for n in range(count)]


def all_of(api: RecordingApi, count: int) -> None:
    """Wait for the last of so many events, and see that none is missing or came as two."""
    for name in names(count):
        api.wait_for(1, name)
    assert sorted(arrived(api)) == sorted(names(count))


@pytest.mark.parametrize("status", [s for s in DELIVERY["statuses"]["again"] if s])
def test_what_is_sent_again_is_the_same(
    page: Page, site: str, api: RecordingApi, status: int
) -> None:
    api.answer_next(status)
    open_page(page, f"{site}/calls-only.html")

    page.evaluate("headwater.track('e0'); headwater.flush()")

    refused, accepted = api.wait_for_requests(2)
    for field in DELIVERY["kept"]:
        assert accepted.body["batch"][0][field] == refused.body["batch"][0][field]


@pytest.mark.parametrize("status", DELIVERY["statuses"]["refused"])
def test_what_is_refused_is_sent_once(
    page: Page, site: str, api: RecordingApi, status: int
) -> None:
    api.answer_next(status)
    open_page(page, f"{site}/calls-only.html")

    page.evaluate("headwater.track('e0'); headwater.flush()")
    api.wait_for_requests(1)
    page.evaluate("headwater.track('e1'); headwater.flush()")

    api.wait_for(1, "e1")
    assert arrived(api) == ["e1"]


def test_a_body_that_is_too_large_for_a_proxy_is_halved(
    page: Page, site: str, api: RecordingApi
) -> None:
    api.rule = lambda body: 413 if len(body["batch"]) > 5 else 200
    open_page(page, f"{site}/calls-only.html")

    page.evaluate(TRACK, 40)

    all_of(api, 40)


def test_a_pause_holds_for_hidden_pages_for_flush_and_for_the_next_page(
    page: Page, site: str, api: RecordingApi
) -> None:
    api.answer_next(429, {"Retry-After": "600"})
    open_page(page, f"{site}/calls-only.html")
    page.evaluate("headwater.track('e0'); headwater.flush()")
    api.wait_for_requests(1)

    page.evaluate(
        """async () => {
          for (let n = 1; n < 200; n += 1) headwater.track(`e${n}`);
          for (const value of ["hidden", "visible", "hidden", "visible"]) {
            Object.defineProperty(document, "visibilityState", { value, configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
            await headwater.flush();
          }
        }"""
    )
    open_page(page, f"{site}/calls-only.html")
    page.evaluate("headwater.track('e200'); headwater.flush()")
    settle(page)

    assert len(api.requests) == 1


def test_a_hidden_page_still_batches(page: Page, site: str, api: RecordingApi) -> None:
    open_page(page, f"{site}/calls-only.html")
    page.evaluate("Object.defineProperty(document, 'visibilityState', { value: 'hidden' })")

    page.evaluate(TRACK, 100)

    all_of(api, 100)
    assert len(api.requests) <= 7


def test_a_blocked_api_is_not_knocked_at_for_ever(page: Page, site: str, api: RecordingApi) -> None:
    tries: list[Route] = []

    def block(route: Route) -> None:
        tries.append(route)
        route.abort()

    page.route("**/v1/b", block)
    page.clock.install()
    open_page(page, f"{site}/calls-only.html")
    page.evaluate("headwater.track('e0')")

    for _ in range(20):
        page.clock.run_for(15_000)

    assert len(tries) == DELIVERY["blocked"]["failures"]
    page.unroute("**/v1/b")
    page.evaluate("dispatchEvent(new Event('online'))")
    api.wait_for(1, "e0")


def test_events_outlive_a_tab_that_is_killed(
    context: BrowserContext, site: str, api: RecordingApi
) -> None:
    api.rule = lambda _: 503
    page = context.new_page()
    open_page(page, f"{site}/calls-only.html")
    page.evaluate(TRACK, 30)
    api.wait_for_requests(1)
    page.close(run_before_unload=False)

    api.rule = None
    open_page(context.new_page(), f"{site}/calls-only.html")

    all_of(api, 30)


@pytest.mark.parametrize("tabs", [2, 5])
def test_tabs_neither_lose_nor_double_what_they_share(
    context: BrowserContext, site: str, api: RecordingApi, tabs: int
) -> None:
    pages = [context.new_page() for _ in range(tabs)]
    for page in pages:
        open_page(page, f"{site}/calls-only.html")

    for index, page in enumerate(pages):
        page.evaluate(
            "([from, to]) => { for (let n = from; n < to; n += 1) headwater.track(`e${n}`); }",
            [index * 20, index * 20 + 20],
        )
    for page in pages[1:]:
        page.close()

    all_of(api, tabs * 20)
    sent = [m["messageId"] for request in api.requests for m in request.body["batch"]]
    assert len(set(sent)) == tabs * 20


@pytest.mark.parametrize("browser_lacks", ["", WITHOUT_LOCKS], ids=["lock", "lease"])
def test_one_tab_sends_at_a_time(
    context: BrowserContext, site: str, api: RecordingApi, browser_lacks: str
) -> None:
    context.add_init_script(browser_lacks)
    one, two = context.new_page(), context.new_page()
    for page in (one, two):
        open_page(page, f"{site}/calls-only.html")
    may_answer = Event()
    asked: list[object] = []

    def answer(body: object) -> int:
        asked.append(body)
        return 200 if may_answer.wait(DEADLINE_SECONDS) else 503

    api.rule = answer

    with one.expect_request("**/v1/b"):
        one.evaluate("headwater.track('e0'); void headwater.flush()")
    if browser_lacks:
        # The storage reaches another tab's process a moment late.
        two.wait_for_function("Object.values(localStorage).some((text) => text > Date.now())")
    two.evaluate("headwater.track('e1'); void headwater.flush()")
    settle(two)
    assert len(asked) == 1
    may_answer.set()

    all_of(api, 2)


def test_a_storage_that_is_full_to_the_byte_loses_nothing(
    context: BrowserContext, site: str, api: RecordingApi
) -> None:
    one, two = context.new_page(), context.new_page()
    for page in (one, two):
        open_page(page, f"{site}/calls-only.html")
    one.evaluate("for (let n = 0; n < 10; n += 1) headwater.track(`e${n}`)")
    two.evaluate(FILL)
    two.evaluate("for (let n = 10; n < 20; n += 1) headwater.track(`e${n}`)")

    two.evaluate("headwater.flush()")
    one.close()

    all_of(api, 20)


def test_many_navigations_during_requests_lose_nothing(
    context: BrowserContext, site: str, api: RecordingApi
) -> None:
    page = context.new_page()
    for n in range(30):
        page.goto(f"{site}/calls-only.html", wait_until="commit")
        page.wait_for_function("typeof window.headwater?.track === 'function'")
        page.evaluate("name => { headwater.track(name); headwater.flush(); }", f"e{n}")

    all_of(api, 30)


def test_what_the_page_keeps_alive_itself_costs_no_event(
    context: BrowserContext, site: str, api: RecordingApi
) -> None:
    page = context.new_page()
    open_page(page, f"{site}/calls-only.html")
    page.evaluate(
        """url => {
          fetch(url, { method: "POST", keepalive: true, mode: "no-cors",
            body: JSON.stringify({ batch: [], text: "x".repeat(40000) }) });
          const text = "x".repeat(2500);
          for (let n = 0; n < 19; n += 1) headwater.track(`e${n}`, { text });
        }""",
        f"{api.url}/own",
    )
    page.goto(f"{site}/other.html")
    open_page(page, f"{site}/calls-only.html")

    all_of(api, 19)


def test_an_api_that_was_away_over_the_browsers_cache_gets_each_event_once(
    context: BrowserContext, site: str, api: RecordingApi
) -> None:
    api.rule = lambda _: 503
    page = context.new_page()
    open_page(page, f"{site}/calls-only.html")
    page.evaluate(TRACK, 5)
    page.goto(f"{site}/other.html")
    api.wait_for_requests(1)
    api.rule = None

    page.go_back()

    all_of(api, 5)


def test_a_page_that_was_offline_in_the_browsers_cache_sends_when_it_is_back(
    context: BrowserContext, site: str, api: RecordingApi
) -> None:
    page = context.new_page()
    open_page(page, f"{site}/calls-only.html")
    context.set_offline(True)
    page.evaluate(TRACK, 5)

    page.evaluate(COMES_OR_GOES, "pagehide")
    page.evaluate(COMES_OR_GOES, "pageshow")
    settle(page)
    context.set_offline(False)

    all_of(api, 5)


def test_an_api_that_answers_nothing_gets_all_when_it_is_there(context: BrowserContext) -> None:
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        port = reserved.getsockname()[1]
    with fixture_site(FILES, f"http://127.0.0.1:{port}") as url:
        page = context.new_page()
        open_page(page, f"{url}/pages/calls-only.html")
        page.evaluate(TRACK, 5)
        page.evaluate("headwater.flush()")
        page.evaluate("headwater.flush()")

        with recording_api(port) as api:
            page.reload()
            all_of(api, 5)


def test_a_tab_that_denies_consent_stops_the_others(
    context: BrowserContext, site: str, api: RecordingApi
) -> None:
    one, two = context.new_page(), context.new_page()
    for page in (one, two):
        open_page(page, f"{site}/calls-only.html")
    two.evaluate(TRACK, 5)

    one.evaluate("headwater.consent('denied')")
    two.evaluate("headwater.track('e5'); headwater.flush()")
    settle(two)

    assert arrived(api) == []
    kept: list[Any] = two.evaluate("[document.cookie, Object.keys(localStorage)]")
    assert kept == ["", ["headwater_consent"]]


def test_an_id_that_a_tab_kept_after_consent_was_denied_goes(
    context: BrowserContext, site: str
) -> None:
    one, two = context.new_page(), context.new_page()
    for page in (one, two):
        open_page(page, f"{site}/calls-only.html")
    one.evaluate("headwater.consent('denied')")
    two.wait_for_function("localStorage.headwater_consent === 'denied'")

    two.evaluate("localStorage.headwater_anonymous_id = 'late'; headwater.flush()")

    two.wait_for_function("!('headwater_anonymous_id' in localStorage)")


def test_global_privacy_control_stores_nothing_and_is_said(
    page: Page, site: str, api: RecordingApi
) -> None:
    page.add_init_script(
        "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { value: true })"
    )
    open_page(page, f"{site}/plain.html")
    page.evaluate("headwater.identify('ann'); headwater.track('e0'); headwater.flush()")

    (load,) = api.wait_for(1, "page")
    assert load["context"]["consent"] == "gpc"
    assert "userId" not in load
    assert page.evaluate("[document.cookie, Object.keys(localStorage)]") == ["", []]


def _stop_the_clock(page: Page) -> None:
    """Let time pass only as the test says: a busy machine's seconds would count as engaged."""
    page.clock.install(time=0)
    page.clock.pause_at(1)


def test_engaged_time_is_what_was_looked_at(page: Page, site: str, api: RecordingApi) -> None:
    _stop_the_clock(page)
    open_page(page, f"{site}/plain.html")
    page.clock.run_for(60_000)

    page.evaluate(SHOW, "hidden")
    page.clock.run_for(600_000)

    (leave,) = api.wait_for(1, "page_leave")
    (load,) = api.wait_for(1, "page")
    assert leave["properties"]["engaged_ms"] == 60_000
    assert leave["properties"]["scroll_depth"] == 100
    assert leave["context"]["pageViewId"] == load["context"]["pageViewId"]


def test_each_page_of_an_app_has_its_own_engaged_time(
    page: Page, site: str, api: RecordingApi
) -> None:
    _stop_the_clock(page)
    open_page(page, f"{site}/plain.html")
    page.clock.run_for(10_000)
    page.evaluate("history.pushState({}, '', '/second')")
    page.clock.run_for(20_000)
    page.evaluate(SHOW, "hidden")
    page.clock.run_for(600_000)
    page.evaluate(SHOW, "visible")
    page.clock.run_for(30_000)
    page.evaluate(SHOW, "hidden")

    leaves = api.wait_for(3, "page_leave")
    engaged = {
        view["context"]["page"]["path"]: sum(
            leave["properties"]["engaged_ms"]
            for leave in leaves
            if leave["context"]["pageViewId"] == view["context"]["pageViewId"]
        )
        for view in api.wait_for(2, "page")
    }
    assert engaged == {"/pages/plain.html": 10_000, "/second": 50_000}


def test_a_machine_that_sleeps_reads_nothing(page: Page, site: str, api: RecordingApi) -> None:
    _stop_the_clock(page)
    open_page(page, f"{site}/plain.html")
    page.clock.run_for(10_000)

    page.clock.fast_forward(8 * 3_600_000)
    page.evaluate(COMES_OR_GOES, "pageshow")

    (leave,) = api.wait_for(1, "page_leave")
    assert leave["properties"]["engaged_ms"] <= 15_000
