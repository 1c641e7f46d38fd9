"""The SDK on pages as real sites have them: what is a page view or a click, and what is neither."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page

from e2e.fixture_site import fixture_site
from e2e.recording_api import Message, RecordingApi, kind_of
from e2e.sdk_page import FILES, all_until_now, kinds, open_page, paths, settle, titles

pytest_plugins = ["e2e.browser"]
pytestmark = pytest.mark.browser

TAG = '<script src="/headwater.js" data-api-url="{{api_url}}"></script>'
START = """<script type="module">
  import { createClient } from "/headwater.mjs";
  window.headwater = createClient({ apiUrl: "{{api_url}}" });
  %s
</script>"""


@contextmanager
def site_of(api: RecordingApi, **bodies: str) -> Iterator[str]:
    """Serve pages of these bodies, each under its name; the tag is before each body."""
    head = '<!doctype html><link rel="icon" href="data:,">'
    pages = {f"/{name}.html": f"{head}{body}".encode() for name, body in bodies.items()}
    with fixture_site({**FILES, **pages}, api.url) as url:
        yield url


@pytest.fixture
def plain(page: Page, api: RecordingApi) -> Iterator[Page]:
    """A page called Start, whose view was announced."""
    with site_of(api, start=f"<title>Start</title>{TAG}<body>") as url:
        open_page(page, f"{url}/start.html")
        settle(page)
        yield page


def clicks(messages: list[Message]) -> list[Message]:
    return [m for m in messages if kind_of(m) == "link_click"]


@pytest.mark.parametrize("delay", [0, 5, 20, 60])
def test_a_page_view_has_the_title_that_comes_after_the_push(
    plain: Page, api: RecordingApi, delay: int
) -> None:
    plain.evaluate(
        """delay => new Promise((done) => {
          history.pushState({}, "", "/about");
          setTimeout(() => { document.title = "About"; done(); }, delay);
        })""",
        delay,
    )

    assert titles(all_until_now(plain, api)) == ["Start", "About"]


def test_a_redirect_at_the_entry_keeps_referrer_and_campaign(page: Page, api: RecordingApi) -> None:
    redirects = START % 'history.replaceState(null, "", "/en");'
    with (
        site_of(api, start=f"<title>In</title>{redirects}") as url,
        site_of(api, mail='<a href="{{api_url}}">x</a>') as elsewhere,
    ):
        page.goto(f"{elsewhere}/mail.html")
        page.evaluate("to => { location.href = to }", f"{url}/start.html?utm_source=news&gclid=1")
        page.wait_for_function("window.headwater")

        (load,) = all_until_now(page, api)

        assert load["context"]["page"]["path"] == "/en"
        assert load["context"]["page"]["referrer"] == f"{elsewhere}/"
        assert load["context"]["campaign"] == {"source": "news", "gclid": "1"}


def test_a_redirect_of_the_router_is_one_page_view(plain: Page, api: RecordingApi) -> None:
    plain.evaluate(
        """new Promise((done) => {
          history.pushState({}, "", "/old");
          setTimeout(() => { history.replaceState({}, "", "/new"); done(); }, 5);
        })"""
    )

    start, new = all_until_now(plain, api)
    assert paths([start, new]) == ["/start.html", "/new"]
    assert new["context"]["page"]["referrer"] == start["context"]["page"]["url"]


def test_pages_of_the_navigation_api_are_seen(plain: Page, api: RecordingApi) -> None:
    plain.evaluate(
        """async () => {
          navigation.addEventListener("navigate", (event) => event.intercept({
            async handler() { document.title = new URL(event.destination.url).pathname; },
          }));
          await navigation.navigate("/a").finished;
          await new Promise((done) => setTimeout(done, 150));
          await navigation.navigate("/b").finished;
          headwater.track("bought");
        }"""
    )

    messages = [m for m in all_until_now(plain, api) if kind_of(m) in ("page", "bought")]
    assert titles(messages) == ["Start", "/a", "/b"]
    views = {m["context"]["page"]["path"]: m["context"]["pageViewId"] for m in messages}
    bought = next(m for m in messages if kind_of(m) == "bought")
    assert bought["context"]["pageViewId"] == views["/b"]


def test_the_home_of_a_hash_router_is_the_page_itself(page: Page, api: RecordingApi) -> None:
    routes = """<script>setTimeout(() => {
      history.replaceState(null, "", location.pathname + "#/"); document.title = "Home";
    }, 5)</script>"""
    with site_of(api, app=f"<title>Loading</title>{TAG}{routes}") as url:
        open_page(page, f"{url}/app.html")

        assert titles(all_until_now(page, api)) == ["Home"]


@pytest.mark.parametrize("without", ["", "Object.defineProperty(window, 'navigation', {});"])
def test_a_history_that_cannot_be_patched_costs_nothing_else(
    page: Page, api: RecordingApi, without: str
) -> None:
    frozen = f"<script>{without}Object.freeze(history)</script>"
    body = f'<title>App</title>{frozen}{TAG}<a id="link" href="#x">x</a>'
    with site_of(api, app=body) as url:
        open_page(page, f"{url}/app.html")
        page.click("#link")
        page.evaluate("headwater.track('Signed up')")

        assert sorted(kinds(all_until_now(page, api))) == ["Signed up", "link_click", "page"]


def test_pushes_are_seen_where_there_is_no_navigation_api(page: Page, api: RecordingApi) -> None:
    old = "<script>Object.defineProperty(window, 'navigation', { value: undefined })</script>"
    with site_of(api, app=f"<title>App</title>{old}{TAG}") as url:
        open_page(page, f"{url}/app.html")
        settle(page)
        page.evaluate("history.pushState({}, '', '/a')")
        settle(page)
        page.evaluate("history.replaceState({}, '', '?q=1'); history.back()")
        settle(page)

        assert paths(all_until_now(page, api)) == ["/app.html", "/a", "/app.html"]


def test_an_event_of_a_long_url_is_sent_with_a_shortened_one(
    plain: Page, api: RecordingApi
) -> None:
    plain.evaluate("history.pushState({}, '', '/e1?code=' + 'a'.repeat(11000))")
    settle(plain)
    plain.evaluate("history.pushState({}, '', '/e2?state=' + 'b'.repeat(17000))")
    settle(plain)
    plain.evaluate("headwater.track('saved')")

    messages = all_until_now(plain, api)
    assert paths(messages) == ["/start.html", "/e1", "/e2"]
    assert "saved" in kinds(messages)


def test_what_is_not_followed_in_a_link_is_not_a_click(page: Page, api: RecordingApi) -> None:
    body = """<a href="#followed"><input id="box" type="checkbox">
      <label id="label" for="box">l</label>
      <details><summary id="summary">more</summary></details></a>
      <a id="edited" contenteditable="true" href="#edited">edited</a>"""
    with site_of(api, start=f"<title>Links</title>{TAG}{body}") as url:
        open_page(page, f"{url}/start.html")
        for element in ("box", "label", "summary", "edited"):
            page.evaluate("id => document.getElementById(id).click()", element)

        assert page.evaluate("location.hash") == ""
        assert clicks(all_until_now(page, api)) == []


def test_a_button_in_a_link_is_a_click(page: Page, api: RecordingApi) -> None:
    body = '<a href="#followed"><button id="button">b</button></a>'
    with site_of(api, start=f"<title>Links</title>{TAG}{body}") as url:
        open_page(page, f"{url}/start.html")
        page.click("#button")

        assert page.evaluate("location.hash") == "#followed"
        assert len(clicks(all_until_now(page, api))) == 1


def test_a_link_is_named_by_what_a_person_reads(page: Page, api: RecordingApi) -> None:
    body = """<a id="a" href="#x"><style>.css-1x{color:hotpink}</style><span>Buy</span></a>
      <a id="b" href="#x"><img alt="Our shop" src="data:,"></a>
      <map name="m"><area id="c" href="#x" alt="North"></map>"""
    with site_of(api, start=f"<title>Links</title>{TAG}{body}") as url:
        open_page(page, f"{url}/start.html")
        for element in "abc":
            page.evaluate("id => document.getElementById(id).click()", element)

        texts = [m["properties"]["text"] for m in clicks(all_until_now(page, api))]
        assert texts == ["Buy", "Our shop", "North"]


def test_a_link_carries_what_its_author_gave_it(page: Page, api: RecordingApi) -> None:
    link = '<a id="a" href="#x" download data-hw-plan-name="pro" data-hw-href="?token=s">Get</a>'
    with site_of(api, start=f"<title>Links</title>{TAG}{link}") as url:
        open_page(page, f"{url}/start.html")
        page.evaluate("document.getElementById('a').click()")

        (click,) = clicks(all_until_now(page, api))
        assert click["properties"]["planName"] == "pro"
        assert click["properties"]["href"] == f"{url}/start.html"
        assert click["properties"]["download"] is True


def test_a_form_is_told_of_without_what_was_written(page: Page, api: RecordingApi) -> None:
    body = """<form id="join" name="newsletter" action="/join?token=SECRET" data-hw-place="footer"
      onsubmit="return false"><input name="mail" value="SECRET"><button>Join</button></form>"""
    with site_of(api, start=f"<title>Form</title>{TAG}{body}") as url:
        open_page(page, f"{url}/start.html")
        page.click("button")

        (submit,) = [m for m in all_until_now(page, api) if kind_of(m) == "form_submit"]
        assert submit["properties"] == {
            "place": "footer",
            "id": "join",
            "name": "newsletter",
            "action": f"{url}/join?token=***",
        }


@pytest.mark.parametrize("sandbox", ["", "sandbox=allow-scripts"])
def test_a_link_of_a_preview_to_its_own_site_is_not_outbound(
    page: Page, api: RecordingApi, sandbox: str
) -> None:
    act = "addEventListener('click', (e) => e.preventDefault()); a.click()"
    inner = (
        f"{TAG}<a id=a href=/other.html>x</a><script>setTimeout(() => {{ {act} }}, 200)</script>"
    )
    with site_of(
        api, start=f'<title>Outer</title><iframe {sandbox} srcdoc="{quoted(inner)}">'
    ) as url:
        page.goto(f"{url}/start.html")

        (click,) = api.wait_for(1, "link_click")
        assert click["properties"]["outbound"] is False


def quoted(html: str) -> str:
    return html.replace('"', "&quot;")


def test_a_page_written_anew_is_still_seen(plain: Page, api: RecordingApi) -> None:
    plain.evaluate(
        """document.open(); document.write("<title>New</title><a id='a' href='#x'>x</a>");
        document.close()"""
    )
    plain.click("#a")

    assert kinds(all_until_now(plain, api)) == ["page", "link_click"]


def test_reset_leaves_no_id_that_joins_two_people(plain: Page, api: RecordingApi) -> None:
    plain.evaluate("headwater.identify('ann'); headwater.reset(); headwater.identify('bob')")

    ann, bob = [m for m in all_until_now(plain, api) if m["type"] == "identify"]
    assert ann["anonymousId"] != bob["anonymousId"]
    assert ann["context"]["pageViewId"] != bob["context"]["pageViewId"]
    assert ann["context"]["sessionId"] != bob["context"]["sessionId"]


def test_a_clock_of_fractions_is_one_visit(page: Page, api: RecordingApi) -> None:
    clock = "<script>const now = Date.now; Date.now = () => now() + 0.25</script>"
    with site_of(api, start=f"<title>Clock</title>{clock}{TAG}") as url:
        open_page(page, f"{url}/start.html")
        page.evaluate("headwater.track('a'); headwater.track('b')")

        assert len({m["context"]["sessionId"] for m in all_until_now(page, api)}) == 1


@pytest.mark.parametrize(
    "breaks",
    [
        "Date.now = () => NaN",
        "window.fetch = () => { throw new Error('replaced') }",
        "window.fetch = () => 7",
        "localStorage.setItem('headwater_session', '{}')",
        "Object.defineProperty(window, 'localStorage', { value: null })",
    ],
)
def test_what_a_page_breaks_does_not_break_the_page(
    page: Page, api: RecordingApi, breaks: str
) -> None:
    with site_of(api, start=f"<title>Broken</title><script>{breaks}</script>{TAG}") as url:
        open_page(page, f"{url}/start.html")
        page.evaluate(
            """async () => {
              const circle = { at: new Date(NaN), n: 1n, element: document.body, run() {} };
              circle.self = circle;
              headwater.track("odd", circle);
              headwater.track("large", { text: "x".repeat(1e6) });
              headwater.page(document.body, 7);
              await headwater.flush();
            }"""
        )


def test_a_checkout_without_storage_is_untouched_and_sends_its_calls(
    page: Page, api: RecordingApi
) -> None:
    forbidden = "{ get() { throw new DOMException('', 'SecurityError'); } }"
    checkout = f"""<title>Checkout</title>
      <script>
        for (const name of ["localStorage", "sessionStorage", "indexedDB"])
          Object.defineProperty(window, name, {forbidden});
        Object.defineProperty(Document.prototype, "cookie", {forbidden});
        headwater = [];
        headwater.push(["track", "Checkout started"]);
      </script>
      <body><form id="pay"><input name="card" value="1"><button>Pay</button></form>"""
    with site_of(api, start=checkout + TAG) as url:
        page.goto(f"{url}/start.html")
        before = page.content()
        page.evaluate("headwater.push(['track', 'Card entered'])")
        messages = all_until_now(page, api)
        after = page.content()

    assert sorted(kinds(messages)) == ["Card entered", "Checkout started", "page"]
    assert after == before
    assert 'name="card" value="1"' in after
    assert after.count("<script") == 2


@pytest.mark.parametrize(
    "tag",
    [
        TAG.replace("<script", '<script type="module"'),
        '<script src="/headwater.js" data-write-key="test-key"></script>',
    ],
)
def test_a_script_that_cannot_start_says_what_is_missing(
    page: Page, api: RecordingApi, tag: str
) -> None:
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text))
    call = "<script>headwater = []; headwater.push(['track', 'early'])</script>"
    with site_of(api, start=f"<title>Start</title>{call}{tag}") as url:
        page.goto(f"{url}/start.html")
        page.evaluate("headwater.push(['track', 'late'])")
        settle(page)

    assert said == ["headwater: no data-api-url"]
    assert api.messages == []


def test_a_tab_that_nobody_looked_at_is_not_a_page_view(page: Page, api: RecordingApi) -> None:
    hidden = """<script>
      let state = "hidden";
      Object.defineProperty(document, "visibilityState", { get: () => state });
      const show = (now) => { state = now; document.dispatchEvent(new Event("visibilitychange")) };
    </script>"""
    with site_of(api, start=f"<title>Background</title>{hidden}{TAG}") as url:
        open_page(page, f"{url}/start.html")
        settle(page)
        assert kinds(all_until_now(page, api)) == []

        page.evaluate("show('visible')")

        settle(page)
        assert kinds(all_until_now(page, api)) == ["page"]


def test_only_a_prerendered_page_that_was_visited_sends_anything(
    browser: Browser, api: RecordingApi
) -> None:
    rules = """<script type="speculationrules">{"prerender": [{"urls": ["/p1.html", "/p2.html"],
      "eagerness": "immediate"}]}</script>"""
    tracks = f"{TAG}<script>headwater.track('in ' + document.title)</script>"
    bodies = {name: f"<title>{name}</title>{tracks}" for name in ("p1", "p2")}
    page = browser.new_context().new_page()
    with site_of(api, p0=f"<title>p0</title>{TAG}{rules}", **bodies) as url:
        open_page(page, f"{url}/p0.html")
        page.wait_for_timeout(1_500)
        page.evaluate("location.href = '/p1.html'")

        api.wait_for(1, "in p1")
        api.wait_for(2, "page")
        page.wait_for_timeout(1_200)
        page.context.close()
        assert titles(api.messages) == ["p0", "p1"]
        assert "in p2" not in kinds(api.messages)


def test_what_the_page_tracks_as_it_comes_back_belongs_to_the_new_view(
    browser: Browser, api: RecordingApi
) -> None:
    tracks = """<script>
      addEventListener("pageshow", (event) => event.persisted && headwater.track("back"));
    </script>"""
    page = browser.new_context().new_page()
    with site_of(api, b1=f"<title>b1</title>{tracks}{TAG}", b2="<title>b2</title>") as url:
        open_page(page, f"{url}/b1.html")
        settle(page)
        page.goto(f"{url}/b2.html")
        page.go_back()
        page.wait_for_function("window.headwater")
        page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")

        back = api.wait_for(1, "back")[-1]
        loads = api.wait_for(2, "page")
        page.context.close()
        assert back["context"]["pageViewId"] == loads[-1]["context"]["pageViewId"]
        assert back["context"]["pageViewId"] != loads[0]["context"]["pageViewId"]
