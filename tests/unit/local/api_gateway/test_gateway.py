import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from headwater_local.api_gateway.gateway import MAX_BODY_BYTES, Gateway


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


def _call(gateway: Gateway, method: str, url: str, body: bytes = b"") -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(gateway)
        async with httpx.AsyncClient(transport=transport, base_url="http://api") as client:
            headers = {"content-type": "application/json"}
            return await client.request(method, url, content=body, headers=headers)

    return asyncio.run(ask())


def test_invokes_the_handler_and_sends_its_answer(threads: ThreadPoolExecutor) -> None:
    def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
        seen = [event["rawPath"], event["body"]]
        return {"statusCode": 202, "headers": {"x-seen": "yes"}, "body": json.dumps(seen)}

    answer = _call(Gateway(handler, threads), "POST", "/v1/t%20k?a=1", b'{"a":1}')

    assert (answer.status_code, answer.headers["x-seen"]) == (202, "yes")
    assert answer.json() == ["/v1/t%20k", '{"a":1}']


def test_a_route_may_have_a_handler_of_its_own(threads: ThreadPoolExecutor) -> None:
    gateway = Gateway(
        lambda _event, _context: "one", threads, routes={"GET /v1/a": lambda *_: "other"}
    )

    asked = [("GET", "/v1/a?b=1"), ("POST", "/v1/a"), ("GET", "/v1/ab")]

    assert [_call(gateway, *each).json() for each in asked] == ["other", "one", "one"]


def test_passes_preflight_requests_on(threads: ThreadPoolExecutor) -> None:
    def handler(event: dict[str, Any], _context: object) -> str:
        return str(event["requestContext"]["http"]["method"])

    answer = _call(Gateway(handler, threads), "OPTIONS", "/v1/track")

    assert answer.json() == "OPTIONS"


def test_asks_no_handler_about_half_a_request(threads: ThreadPoolExecutor) -> None:
    asked: list[object] = []
    sent: list[object] = []
    messages: Iterator[dict[str, Any]] = iter(
        [
            {"type": "http.request", "body": b'{"batch": [', "more_body": True},
            {"type": "http.disconnect"},
        ]
    )

    async def receive() -> dict[str, Any]:
        return next(messages)

    async def send(message: object) -> None:
        sent.append(message)

    gateway = Gateway(lambda event, _context: asked.append(event), threads)
    asyncio.run(gateway({"type": "http", "method": "POST"}, receive, send))

    assert (asked, sent) == ([], [])


def test_refuses_a_body_over_the_limit_without_asking_the_handler(
    threads: ThreadPoolExecutor,
) -> None:
    asked: list[object] = []
    gateway = Gateway(lambda event, _context: asked.append(event), threads)

    answer = _call(gateway, "POST", "/", b"x" * (MAX_BODY_BYTES + 1))

    assert answer.status_code == 413
    assert asked == []


def test_says_nothing_about_a_handler_that_failed(threads: ThreadPoolExecutor) -> None:
    def handler(_event: dict[str, Any], _context: object) -> None:
        raise RuntimeError("secret")

    answer = _call(Gateway(handler, threads), "GET", "/")

    assert answer.status_code == 500
    assert answer.json() == {"message": "Internal Server Error"}


def test_gives_up_on_a_handler_that_takes_too_long(threads: ThreadPoolExecutor) -> None:
    gateway = Gateway(lambda _event, _context: {}, threads, integration_seconds=0.0)

    answer = _call(gateway, "GET", "/")

    assert answer.status_code == 503
