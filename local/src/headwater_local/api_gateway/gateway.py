"""API Gateway's part in front of a Lambda handler, as an ASGI application.

It keeps the limits that a client can run into: 10 MB a request (413) and 30 seconds an integration
(503). An invocation that fails is a 500 without a reason. ("Quotas for configuring and running
an HTTP API in API Gateway", Amazon API Gateway Developer Guide.)
"""

import asyncio
import logging
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from concurrent.futures import Executor
from datetime import UTC, datetime
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from headwater_local.api_gateway.payload_v2 import (
    Request,
    Response,
    json_response,
    to_event,
    to_response,
)

MAX_BODY_BYTES = 10 * 1024**2
INTEGRATION_SECONDS = 30.0

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Handler = Callable[[dict[str, Any], None], Any]
"""A Lambda handler that ignores the context object, as the collector's does."""

_TOO_LARGE = json_response(
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE, {"message": "Request Entity Too Large"}
)
_TIMED_OUT = json_response(HTTPStatus.SERVICE_UNAVAILABLE, {"message": "Service Unavailable"})
_FAILED = json_response(HTTPStatus.INTERNAL_SERVER_ERROR, {"message": "Internal Server Error"})

_log = logging.getLogger(__name__)


class Gateway:
    """Turns each HTTP request into an invocation of ``handler`` on a thread of ``threads``.

    ``routes`` are those with another handler, by method and path (``GET /v1/history``). It gives up
    on one that takes longer than ``integration_seconds``.
    """

    def __init__(
        self,
        handler: Handler,
        threads: Executor,
        integration_seconds: float = INTEGRATION_SECONDS,
        routes: Mapping[str, Handler] = MappingProxyType({}),
    ) -> None:
        self._handler = handler
        self._routes = routes
        self._threads = threads
        self._integration_seconds = integration_seconds

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI 3, scope type ``http``)."""
        try:
            body = await _read_body(receive)
        except _TooLargeError:
            await _send(send, _TOO_LARGE, close=True)
        except _ClientGoneError:
            return  # The client has gone: there is nobody to answer.
        else:
            began = time.monotonic()
            response = await self._invoke(_request(scope, body))
            _log_access(scope["method"], response.status, time.monotonic() - began)
            await _send(send, response)

    async def _invoke(self, request: Request) -> Response:
        request_id = str(uuid.uuid4())
        event = to_event(request, request_id, datetime.now(UTC))
        work = asyncio.get_running_loop().run_in_executor(
            self._threads, self._call, event, request_id
        )
        try:
            return await asyncio.wait_for(work, self._integration_seconds)
        except TimeoutError:
            _log.error("request took too long", extra={"fields": {"request": request_id}})
            return _TIMED_OUT

    def _call(self, event: dict[str, Any], request_id: str) -> Response:
        try:
            asked = event["requestContext"]["http"]
            handler = self._routes.get(f"{asked['method']} {asked['path']}", self._handler)
            return to_response(handler(event, None))
        except Exception:  # noqa: BLE001 -- as in Lambda, any error is an error of the call
            _log.exception("request failed", extra={"fields": {"request": request_id}})
            return _FAILED


def _log_access(method: str, status: int, seconds: float) -> None:
    """Log what of the access log on AWS is counted (``terraform/modules/collector/api.tf``)."""
    fields = {"method": method, "status": status, "latency_ms": round(seconds * 1000, 1)}
    _log.info("answered", extra={"fields": fields})


class _TooLargeError(Exception):
    """The body is over the limit."""


class _ClientGoneError(Exception):
    """The client went away before it had sent the whole body."""


async def _read_body(receive: Receive) -> bytes:
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _ClientGoneError
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > MAX_BODY_BYTES:
            raise _TooLargeError
    return bytes(body)


def _request(scope: Message, body: bytes) -> Request:
    return Request(
        method=scope["method"],
        path=scope["raw_path"].decode("latin-1"),
        query=scope["query_string"].decode("latin-1"),
        headers=[(k.decode("latin-1"), v.decode("latin-1")) for k, v in scope["headers"]],
        body=body,
        source_ip=scope["client"][0],
        protocol=f"HTTP/{scope['http_version']}",
    )


async def _send(send: Send, response: Response, *, close: bool = False) -> None:
    headers = [(k.lower().encode("latin-1"), v.encode("latin-1")) for k, v in response.headers]
    headers.append((b"content-length", str(len(response.body)).encode()))
    if close:
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.body})
