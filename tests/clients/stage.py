"""Letting each client send all that it sends, to the API behind a tap."""

import shutil
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from playwright.sync_api import Browser

from clients import run
from clients.certificate import make_certificate
from clients.http_request import HttpRequest
from clients.recorded import recorded_requests, send
from clients.table import Client, Tried
from clients.tap import Tap, tap
from e2e.fixture_site import fixture_site
from eventually import eventually

SECONDS = 60.0
_KOTLIN_STORE = Path("/tmp/analytics-kotlin")  # noqa: S108 -- where Segment's client writes


@dataclass(frozen=True, slots=True)
class Traffic:
    """What a client sent with a key; and to which other hosts its page made requests."""

    key: str
    requests: tuple[HttpRequest, ...]
    other_hosts: frozenset[str] = frozenset()

    @property
    def messages(self) -> list[tuple[HttpRequest, dict[str, Any]]]:
        """The messages that are events, each with its request."""
        posts = [each for each in self.requests if each.method == "POST"]
        events = [each for each in posts if "series" not in each.json]
        return [(each, message) for each in events for message in each.messages]


@dataclass(frozen=True, slots=True)
class Stage:
    """What clients need: the API, a browser, and a folder to write into."""

    api_url: str
    browser: Browser
    folder: Path

    def traffic_of(self, client: Client) -> Traffic:
        """Let a client send all that it sends."""
        if client.tried is Tried.RUN:
            key = f"{client.name.replace(' ', '-')}-{uuid.uuid4().hex[:8]}"
            return _RUN[client.name](self, key)
        requests = recorded_requests(client.name)
        for request in requests:
            send(self.api_url, request).raise_for_status()
        return Traffic(client.name, tuple(requests))


def _server(start: Callable[[str, str], None], stage: Stage, key: str) -> Traffic:
    with tap(stage.api_url) as tapped:
        start(f"{tapped.url}/", key)
        return Traffic(key, tuple(tapped.requests))


def _java(stage: Stage, key: str) -> Traffic:
    with tap(stage.api_url) as tapped:
        run.java_client(f"{tapped.url}/", key, _until(tapped, 6))
        return Traffic(key, tuple(tapped.requests))


def _kotlin(stage: Stage, key: str) -> Traffic:
    tls, trust_store = make_certificate(stage.folder)
    try:
        with tap(stage.api_url, tls) as tapped:
            run.kotlin_client(tapped.url, key, trust_store, _until(tapped, 5))
            return Traffic(key, tuple(tapped.requests))
    finally:
        shutil.rmtree(_KOTLIN_STORE / key, ignore_errors=True)


def _page(name: str, count: int, options: Mapping[str, str], stage: Stage, key: str) -> Traffic:
    hosts: set[str] = set()
    with (
        tap(stage.api_url) as tapped,
        fixture_site(run.browser_client_files(), tapped.url) as site_url,
        stage.browser.new_context() as context,
    ):
        page = context.new_page()
        page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
        page.clock.install()
        query = urlencode({"key": key, "host": f"{tapped.url}/", **options})
        page.goto(f"{site_url}/{name}.html?{query}")
        has_come = _until(tapped, count, lambda: page.wait_for_timeout(20))
        has_come()
        # A minute later it would have reported on itself.
        page.clock.fast_forward(60_000)
        page.wait_for_timeout(20)
        own = {urlsplit(url).netloc for url in (site_url, tapped.url)}
        return Traffic(key, tuple(tapped.requests), frozenset(hosts - own))


def _until(tapped: Tap, count: int, meanwhile: Callable[[], object] = lambda: None) -> run.Until:
    """Return what waits until so many messages have come."""

    def has_come() -> bool:
        meanwhile()
        return len(Traffic("", tuple(tapped.requests)).messages) >= count

    return lambda: eventually(has_come, SECONDS)


_RUN: Mapping[str, Callable[[Stage, str], Traffic]] = {
    "analytics-next": partial(_page, "analytics-next", 6, {}),
    "analytics-next batching": partial(_page, "analytics-next", 6, {"batching": "yes"}),
    "analytics-node": partial(_server, partial(run.node_client, "segment")),
    "analytics-python": partial(_server, partial(run.python_client, "segment")),
    "analytics-java": _java,
    "analytics-kotlin": _kotlin,
    "analytics-go": partial(_server, run.go_client),
    "rudder-sdk-js": partial(_page, "rudder-sdk-js", 5, {}),
    "rudder-sdk-js beacons": partial(_page, "rudder-sdk-js", 5, {"beacon": "yes"}),
    "rudder-sdk-node": partial(_server, partial(run.node_client, "rudderstack")),
    "rudder-sdk-python": partial(_server, partial(run.python_client, "rudderstack")),
}
