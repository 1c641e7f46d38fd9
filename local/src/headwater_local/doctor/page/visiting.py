"""Opens a page in a real browser, and keeps what became of its snippet."""

import re
from collections.abc import Container
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

import msgspec
from playwright.sync_api import Browser, Error, Page, Request
from playwright.sync_api import TimeoutError as TooLateError

from headwater_local.doctor.page.visit import BATCH_PATH, Exchange, Look, Violation, Visit
from headwater_local.doctor.probe import EVENT, USER_AGENT

PATIENCE_SECONDS: Final = 15.0
"""The SDK sends a second after a page has settled; a collector that starts cold takes three."""

LOAD_SECONDS: Final = 30
"""How long a page's scripts and pictures are waited for."""

_USER_AGENT: Final = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    f"Chrome/{{}} Safari/537.36 {USER_AGENT}"
)

LOOK_SECONDS: Final = 10
"""How long a page may take to be looked at, or to be called, before it counts as stuck."""

_STEP_MS: Final = 100
_ABANDONED: Final = "net::ERR_ABORTED"
"""Why a request failed that the page gave up, as when it is left for another one."""

_BINDING: Final = "headwaterDoctorSaw"

_WATCH: Final = f"""
addEventListener("securitypolicyviolation", (event) => {{
  if (event.disposition === "enforce")
    {_BINDING}({{ directive: event.effectiveDirective, blocked: event.blockedURI }});
}}, true);
"""

_LOOK: Final = """() => {
  // A library's toJSON on the prototypes would have a say in JSON.
  const own = (value) => Object.assign(value, { toJSON: undefined });
  const kept = () => { try { return localStorage.headwater_consent } catch { return "" } };
  return JSON.stringify(own({
    tags: own([...document.querySelectorAll("script[data-api-url]")].map((tag) => own({
      src: tag.src,
      type: tag.type,
      api_url: tag.dataset.apiUrl,
      write_key: tag.dataset.writeKey ?? "",
      consent: tag.dataset.consent ?? "",
      capture: tag.dataset.capture ?? null,
    }))),
    clients: own(Object.keys(window[Symbol.for("headwater")] ?? {})),
    consent: kept() || "",
    has_login: document.querySelector("input[type=password]") !== null,
  }));
}"""

_CALL: Final = f"""() => {{
  if (typeof window.headwater?.track !== "function") return "absent";
  headwater.debug();
  headwater.track("{EVENT}");
  headwater.flush();
  return "called";
}}"""


def visit_page(
    browser: Browser,
    url: str,
    api_url: str,
    patience_seconds: float = PATIENCE_SECONDS,
    look_seconds: float = LOOK_SECONDS,
) -> Visit:
    """Open a page as a new visitor, whose user agent says that it is a bot.

    What the page records by itself is waited for and, if that is nothing, an event is tracked.
    ``api_url`` is the stack's own, which counts even if no snippet of the page names it.
    """
    with browser.new_context(user_agent=_USER_AGENT.format(browser.version)) as context:
        page = context.new_page()
        seen = _Seen()
        seen.watch(page)
        try:
            document = page.goto(url, wait_until="domcontentloaded")
        except Error as error:
            return Visit(url, url=url, status=seen.status(), failure=_reason(error))
        examination = _Examination(page, seen, api_url, look_seconds)
        try:
            examination.run(patience_seconds)
        except TooLateError:
            examination.unfit = f"it gave no answer for {look_seconds:g} s"
        except Error as error:
            examination.unfit = _reason(error)
        endpoints = examination.endpoints()
        return Visit(
            asked_url=url,
            url=page.url,
            status=document.status if document else None,
            unfit=examination.unfit,
            look=examination.look,
            scripts=seen.scripts(),
            sent=seen.sent(endpoints),
            blocked=seen.blocked(endpoints),
            errors=tuple(seen.errors),
            console=tuple(seen.console),
            was_called=examination.was_called,
        )


@dataclass
class _Examination:
    """What is asked of an open page, each time for a limited time."""

    page: Page
    seen: "_Seen"
    api_url: str
    look_seconds: float
    look: Look = field(default_factory=Look)
    was_called: bool = False
    unfit: str = ""

    def run(self, patience_seconds: float) -> None:
        """Wait for what the page sends.

        Raises:
            playwright.sync_api.Error: the page is stuck, has crashed or has closed itself.
        """
        with suppress(TooLateError):  # A page may load for ever.
            self.page.wait_for_load_state("load", timeout=LOAD_SECONDS * 1000)
        self._wait(patience_seconds)
        self._look()
        if self.look.clients and not self._is_decided():
            self._call()
            self._wait(patience_seconds)

    def endpoints(self) -> frozenset[str]:
        return self.look.endpoints(self.page.url, self.api_url)

    def _wait(self, seconds: float) -> None:
        for _ in range(int(seconds * 1000 / _STEP_MS)):
            is_decided = self._is_decided()
            self.page.wait_for_timeout(_STEP_MS)  # If so, what the browser makes of the answer.
            if is_decided:
                return

    def _is_decided(self) -> bool:
        """Tell whether a request of the SDK was answered or failed, or cannot be made."""
        if not self.seen.has_batches():
            return False
        self._look()
        endpoints = self.endpoints()
        return bool(self.seen.sent(endpoints) or self.seen.blocked(endpoints))

    def _look(self) -> None:
        self.look = msgspec.json.decode(self._ask(_LOOK), type=Look)

    def _call(self) -> None:
        try:
            self.was_called = self._ask(_CALL) == "called"
        except TooLateError:
            raise
        except Error as error:  # The page's own `track`, or what it has replaced, threw.
            self.seen.errors.insert(0, _reason(error))

    def _ask(self, function: str) -> str:
        # `evaluate` knows no timeout. This does, and begins again if the page is left for another;
        # its handle holds a text itself, so that the page is not asked a second time.
        handle = self.page.wait_for_function(
            function, polling=_STEP_MS, timeout=self.look_seconds * 1000
        )
        return str(handle.json_value())


@dataclass
class _Seen:
    """What the browser tells while a page is open."""

    ended: list[Request] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.expose_binding(_BINDING, lambda _, said: self._violated(said))
        page.add_init_script(_WATCH)
        # Not when a request has finished: nobody reads the body of the collector's answer.
        page.on("response", lambda response: self._ended(response.request))
        page.on("requestfailed", self._ended)
        page.on("pageerror", lambda error: self.errors.append(error.message))
        page.on("console", lambda message: self.console.append(message.text))

    def has_batches(self) -> bool:
        """Tell whether anything was sent, or blocked, that the SDK or its like would send."""
        urls = (*map(_first_url, self.ended), *(each.blocked for each in self.violations))
        return any(url.endswith(BATCH_PATH) for url in urls)

    def scripts(self) -> tuple[Exchange, ...]:
        return tuple(_exchange(each) for each in self.ended if each.resource_type == "script")

    def sent(self, endpoints: Container[str]) -> tuple[Exchange, ...]:
        return tuple(
            _exchange(each)
            for each in self.ended
            if each.method == "POST"
            and _first_url(each) in endpoints
            and each.failure != _ABANDONED
        )

    def blocked(self, endpoints: Container[str]) -> tuple[Violation, ...]:
        return tuple(each for each in self.violations if each.blocked in endpoints)

    def status(self) -> int | None:
        """Return the document's, which Chromium gives no page for if its body is empty."""
        answers = [each.response() for each in self.ended if each.is_navigation_request()]
        return next((answer.status for answer in answers if answer), None)

    def _ended(self, request: Request) -> None:
        if request not in self.ended:
            self.ended.append(request)

    def _violated(self, said: object) -> None:
        self.violations.append(msgspec.convert(said, Violation))


def _exchange(request: Request) -> Exchange:
    response = request.response()
    return Exchange(
        url=_first_url(request),
        status=response.status if response else None,
        failure=request.failure or "",
        body=request.post_data or "",
    )


def _first_url(request: Request) -> str:
    """Return what the page asked for, before any redirect."""
    while request.redirected_from:
        request = request.redirected_from
    return request.url


def _reason(error: Error) -> str:
    found = re.search(r"net::\w+", error.message)
    return found[0] if found else error.message.splitlines()[0]
