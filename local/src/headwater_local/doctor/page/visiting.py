"""Opens a page in a real browser, and keeps what became of its snippet."""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

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

_STEP_MS: Final = 100
_BINDING: Final = "headwaterDoctorSaw"

_WATCH: Final = f"""
addEventListener("securitypolicyviolation", (event) => {{
  if (event.disposition === "enforce")
    {_BINDING}({{ directive: event.effectiveDirective, blocked: event.blockedURI }});
}}, true);
"""

_LOOK: Final = """() => {
  const kept = () => { try { return localStorage.headwater_consent } catch { return "" } };
  return {
    tags: [...document.querySelectorAll("script[data-api-url]")].map((tag) => ({
      src: tag.src,
      type: tag.type,
      api_url: tag.dataset.apiUrl,
      write_key: tag.dataset.writeKey ?? "",
      consent: tag.dataset.consent ?? "",
      capture: tag.dataset.capture ?? null,
    })),
    clients: Object.keys(window[Symbol.for("headwater")] ?? {}),
    consent: kept() || "",
    has_login: document.querySelector("input[type=password]") !== null,
  };
}"""

_CALL: Final = f"""() => {{
  if (typeof window.headwater?.track !== "function") return false;
  headwater.debug();
  headwater.track("{EVENT}");
  headwater.flush();
  return true;
}}"""


def visit_page(browser: Browser, url: str, patience_seconds: float = PATIENCE_SECONDS) -> Visit:
    """Open a page as a new visitor, whose user agent says that it is a bot.

    What the page records by itself is waited for and, if that is nothing, an event is tracked.
    """
    with browser.new_context(user_agent=_USER_AGENT.format(browser.version)) as context:
        page = context.new_page()
        seen = _Seen()
        seen.watch(page)
        try:
            document = page.goto(url, wait_until="domcontentloaded")
        except Error as error:
            return Visit(url, url=url, status=seen.status(), failure=_reason(error))
        with suppress(TooLateError):  # A page may load for ever.
            page.wait_for_load_state("load", timeout=LOAD_SECONDS * 1000)
        _wait(page, seen.is_decided, patience_seconds)
        look = _look(page)
        was_called = False
        if look.clients and not seen.is_decided():
            was_called = bool(page.evaluate(_CALL))
            _wait(page, seen.is_decided, patience_seconds)
        return Visit(
            asked_url=url,
            url=page.url,
            status=document.status if document else None,
            look=look,
            scripts=seen.exchanges(seen.is_script),
            sent=seen.exchanges(seen.is_batch),
            violations=tuple(seen.violations),
            errors=tuple(seen.errors),
            console=tuple(seen.console),
            was_called=was_called,
        )


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

    def is_decided(self) -> bool:
        """Tell whether a request of the SDK was answered or failed, or cannot be made."""
        return any(map(self.is_batch, self.ended)) or any(
            violation.is_of_batch for violation in self.violations
        )

    def exchanges(self, are_wanted: Callable[[Request], bool]) -> tuple[Exchange, ...]:
        return tuple(_exchange(request) for request in self.ended if are_wanted(request))

    @staticmethod
    def is_script(request: Request) -> bool:
        return request.resource_type == "script"

    @staticmethod
    def is_batch(request: Request) -> bool:
        return request.method == "POST" and urlsplit(request.url).path.endswith(BATCH_PATH)

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
    first = request
    while first.redirected_from:
        first = first.redirected_from
    response = request.response()
    return Exchange(
        url=first.url,
        status=response.status if response else None,
        failure=request.failure or "",
        body=request.post_data or "",
    )


def _look(page: Page) -> Look:
    try:
        return msgspec.convert(page.evaluate(_LOOK), Look)
    except Error:  # It has just been left for another one.
        page.wait_for_load_state("domcontentloaded")
        return msgspec.convert(page.evaluate(_LOOK), Look)


def _wait(page: Page, until: Callable[[], bool], seconds: float) -> None:
    for _ in range(int(seconds * 1000 / _STEP_MS)):
        if until():
            page.wait_for_timeout(_STEP_MS)  # What the browser makes of the answer.
            return
        page.wait_for_timeout(_STEP_MS)


def _reason(error: Error) -> str:
    found = re.search(r"net::\w+", error.message)
    return found[0] if found else error.message.splitlines()[0]
