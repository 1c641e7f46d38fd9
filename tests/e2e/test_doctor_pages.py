"""Pages whose snippet is broken in every way that we know, and what the doctor says of each."""

import base64
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser

from e2e.fixture_site import BUNDLES, fixture_site
from e2e.loopback import QuietHandler, serve
from e2e.recording_api import RecordingApi, recording_api
from free_ports import free_port
from headwater_local.doctor.finding import Finding, Health
from headwater_local.doctor.page.diagnosis import diagnose
from headwater_local.doctor.page.visiting import LOOK_SECONDS, PATIENCE_SECONDS, visit_page

pytest_plugins = ["e2e.browser"]
pytestmark = pytest.mark.browser

SDK = (BUNDLES / "headwater.js").read_bytes()
DIGEST = f"sha256-{base64.b64encode(hashlib.sha256(SDK).digest()).decode()}"
TAG = '<script async src="/headwater.js" data-api-url="{{api_url}}"></script>'
SEGMENT = """<script>
fetch("{{api_url}}/segment/v1/b", { method: "POST", body: '{"batch":[]}' });
</script>"""
"""What another product sends to its own address, which accepts it."""
LEAVING = "<script>addEventListener('load', () => { location = '/well' })</script>"
SILENT = 0.3
"""Seconds for what is silent for ever; what speaks ends the wait itself."""


def tag(**attributes: str) -> str:
    more = "".join(f' {name.replace("_", "-")}="{text}"' for name, text in attributes.items())
    return TAG.replace(">", f"{more}>", 1)


def policy(text: str) -> str:
    return f'<meta http-equiv="Content-Security-Policy" content="{text}">'


@dataclass(frozen=True)
class Case:
    html: str
    said: str
    remedy: str
    health: Health = Health.FAULT
    patience_seconds: float = SILENT
    look_seconds: float = LOOK_SECONDS


CLOSED = f"http://127.0.0.1:{free_port()}"

CASES = {
    "no snippet": Case("<h1>Hello</h1>", "has none", "<head>"),
    "an error before it": Case(
        "<script>gone.forEach(add); document.head.append(tag)</script>",
        "a script threw before it could add it: gone is not defined",
        "mend that error",
    ),
    "a tag without an address": Case(
        '<script src="/headwater.js"></script>', "its tag has no data-api-url", "paste"
    ),
    "a tag of type module": Case(tag(type="module"), 'type="module"', "remove the type"),
    "a tag that waits for a consent manager": Case(
        tag(type="text/plain"), "which no browser runs", "consent manager", Health.WARNING
    ),
    "a script that is not there": Case(
        TAG.replace("headwater.js", "headwater.0123.js"), "answers 404", "script_tag"
    ),
    "a script whose host is away": Case(
        TAG.replace("/headwater.js", f"{CLOSED}/headwater.js"), "ERR_CONNECTION_REFUSED", "paste"
    ),
    "a script of another release": Case(
        tag(integrity=f"sha256-{'A' * 43}=", crossorigin="anonymous"),
        "is not the one in `integrity`",
        "script_tag",
    ),
    "a script that may not be read": Case(
        TAG.replace("/headwater.js", "{{other}}/headwater.js").replace(">", " crossorigin>", 1),
        "to load it with `crossorigin`",
        "Access-Control-Allow-Origin",
    ),
    "another script at its address": Case(
        TAG.replace("headwater.js", "other.js"), "is not the SDK", "read the error: other"
    ),
    "a policy on scripts": Case(
        policy("script-src 'none'") + TAG, "Content Security Policy blocks", "script-src"
    ),
    "a policy on connections": Case(
        policy("connect-src 'self'") + TAG, "(connect-src)", "{{api_url}} to the policy's",
        patience_seconds=PATIENCE_SECONDS,
    ),
    "an address where nothing answers": Case(
        TAG.replace("{{api_url}}", CLOSED), f"nothing answers at {CLOSED}", "set data-api-url=",
        patience_seconds=PATIENCE_SECONDS,
    ),
    "an address of something else": Case(
        TAG.replace("{{api_url}}", "/events"), "is not a collector (501)", "set data-api-url=",
        patience_seconds=PATIENCE_SECONDS,
    ),
    "an address that is none": Case(
        TAG.replace("{{api_url}}", "ftp://events.example"), "`ftp://events.example`", "set data-api"
    ),
    "an origin that may not send": Case(
        TAG.replace("{{api_url}}", "{{other}}"), "(CORS)", "`collector.allowed_origins`",
        patience_seconds=PATIENCE_SECONDS,
    ),
    "a key that is refused": Case(
        tag(data_write_key="wrong"), 'refuses its key (401): the tag has data-write-key="wrong"',
        "`collector.write_keys`",
        patience_seconds=PATIENCE_SECONDS,
    ),
    "a visitor who was not asked": Case(
        tag(data_consent="pending"), "data-consent is `pending`", "granted", Health.WARNING
    ),
    "a visitor who denied": Case(
        "<script>localStorage.headwater_consent = 'denied'</script>" + TAG,
        "the device keeps `denied`",
        "granted",
        Health.WARNING,
    ),
    "a middleware that drops everything": Case(
        '<script type="module">import { createClient } from "/headwater.mjs";'
        'createClient({ apiUrl: "{{api_url}}", middleware: () => null });</script>',
        "it runs and sends nothing",
        "middleware",
    ),
    "a page that records nothing by itself": Case(
        tag(data_capture="link_clicks"), 'data-capture="link_clicks"', "page_views", Health.WARNING,
        patience_seconds=2,
    ),
    "Segment beside a broken snippet": Case(
        SEGMENT + TAG.replace("headwater.js", "headwater.0123.js"), "answers 404", "script_tag"
    ),
    "Segment beside a snippet that drops everything": Case(
        SEGMENT + '<script type="module">import { createClient } from "/headwater.mjs";'
        'createClient({ apiUrl: "{{api_url}}", middleware: () => null });</script>',
        "it runs and sends nothing",
        "middleware",
    ),
    "Segment blocked beside a broken snippet": Case(
        policy("connect-src 'none'") + SEGMENT + TAG.replace("headwater.js", "headwater.0123.js"),
        "answers 404",
        "script_tag",
    ),
    "a page that loops for ever": Case(
        "<script>addEventListener('load', () => setTimeout(() => { while (true) {} }))</script>"
        + TAG,
        "could not be examined: it gave no answer for 0.5 s",
        "loops",
        look_seconds=0.5,
    ),
    "a snippet whose track throws": Case(
        tag(data_capture="link_clicks", onload="headwater.track = () => { throw Error('mine') }"),
        "it runs and sends nothing",
        "mine",
    ),
    "a library with a toJSON of its own": Case(
        "<script>Array.prototype.toJSON = Object.prototype.toJSON = () => 'x'</script>"
        + tag(data_consent="pending"),
        "data-consent is `pending`",
        "granted",
        Health.WARNING,
    ),
    "a page that asks for a password": Case(
        "<input type=password>", "asks for a password", "the doctor has no account"
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Site:
    url: str
    other: str
    api: RecordingApi


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """A page for each case, and another host with the SDK, which lets no page read it."""
    scripts = {
        "/headwater.js": SDK,
        "/headwater.mjs": (BUNDLES / "headwater.mjs").read_bytes(),
        "/other.js": b"throw new Error('other')",
    }
    with recording_api() as api, fixture_site(scripts, api.url) as other:
        api.rule = lambda body: 401 if body.get("writeKey") == "wrong" else 200
        pages = {
            f"/{name.replace(' ', '-')}": case.html.replace("{{other}}", other)
            for name, case in CASES.items()
        }
        pages["/leaving"] = LEAVING + TAG
        pages["/well"] = tag(integrity=DIGEST, data_write_key="shop")
        files = {path: f"<!doctype html><title>A</title>{html}" for path, html in pages.items()}
        with fixture_site(
            scripts | {path: text.encode() for path, text in files.items()}, api.url
        ) as url:
            yield Site(url, other, api)


def examined(
    browser: Browser, site: Site, path: str, seconds: float = SILENT, look: float = LOOK_SECONDS
) -> list[Finding]:
    visit = visit_page(browser, f"{site.url}{path}", site.api.url, seconds, look)
    return [*diagnose(visit, site.api.url)]


def ailing(findings: list[Finding]) -> Finding:
    [finding] = [finding for finding in findings if finding.health is not Health.GOOD]
    return finding


@pytest.mark.parametrize("name", CASES)
def test_names_what_keeps_a_page_from_being_recorded(
    browser: Browser, site: Site, name: str
) -> None:
    case = CASES[name]

    path = f"/{name.replace(' ', '-')}"
    finding = ailing(examined(browser, site, path, case.patience_seconds, case.look_seconds))

    assert finding.health is case.health
    assert case.said in finding.said
    assert case.remedy.replace("{{api_url}}", site.api.url) in finding.remedy


def test_follows_a_snippet_that_works_to_the_collectors_answer(
    browser: Browser, site: Site
) -> None:
    visit = visit_page(browser, f"{site.url}/well", site.api.url)

    [finding] = diagnose(visit, site.api.url)
    assert finding.said == f"{site.api.url} accepted what it sent, 1 in all (200)"
    assert visit.write_key == "shop"
    [accepted] = visit.accepted_ids
    # Not the last: when the browser closes the page, that is an event too.
    assert accepted in {message["messageId"] for message in site.api.messages}


def test_keeps_pages_in_the_browsers_sandbox_unless_it_is_root(browser: Browser) -> None:
    system = browser.new_browser_cdp_session().send("SystemInfo.getInfo")

    assert ("--no-sandbox" in system["commandLine"]) is (os.geteuid() == 0)


def test_follows_a_page_that_leaves_for_another_while_it_is_looked_at(
    browser: Browser, site: Site
) -> None:
    [finding] = examined(browser, site, "/leaving", PATIENCE_SECONDS)

    assert "accepted what it sent" in finding.said


def test_names_a_page_that_is_not_there(browser: Browser, site: Site) -> None:
    assert ailing(examined(browser, site, "/nowhere")).said.endswith("/nowhere answers 404")
    [finding] = diagnose(visit_page(browser, CLOSED, site.api.url), site.api.url)
    assert "cannot be opened" in finding.said


class BehindLogin(QuietHandler):
    """A site that asks who is there: by HTTP, and by a form that its account page leads to."""

    def do_GET(self) -> None:  # noqa: N802
        match self.path:
            case "/intern":
                challenge = {"WWW-Authenticate": 'Basic realm="intern"'}
                self.answer(401, b"Who are you?", challenge)
            case "/account":
                self.answer(302, b"", {"Location": "/login?to=account"})
            case _:
                form = b"<!doctype html><form><input type=password></form>"
                self.answer(200, form, {"Content-Type": "text/html"})


def test_names_a_page_that_asks_who_is_there(browser: Browser, site: Site) -> None:
    with serve(BehindLogin) as url:
        visit = visit_page(browser, f"{url}/intern", site.api.url, SILENT)

    finding = ailing([*diagnose(visit, site.api.url)])
    assert finding.health is Health.FAULT
    assert finding.said == f"{url}/intern asks for a login (401)"
    assert "the doctor has no account" in finding.remedy


def test_names_a_login_that_a_page_leads_to(browser: Browser, site: Site) -> None:
    with serve(BehindLogin) as url:
        visit = visit_page(browser, f"{url}/account", site.api.url, SILENT)

    leads, asks = diagnose(visit, site.api.url)
    login = f"{url}/login?to=account"
    assert (leads.health, leads.said) == (
        Health.WARNING,
        f"it leads to a login, {login}, which was examined",
    )
    assert (asks.health, asks.said) == (
        Health.FAULT,
        f"{login} asks for a password, and has no snippet",
    )


def test_names_another_stack_that_a_page_sends_to(browser: Browser, site: Site) -> None:
    visit = visit_page(browser, f"{site.url}/well", site.api.url)

    finding = ailing([*diagnose(visit, "https://mine.example")])
    assert finding.said.endswith("this stack's address is https://mine.example")
    assert 'data-api-url="https://mine.example"' in finding.remedy
