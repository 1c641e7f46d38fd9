"""The guard of the AWS stand-in: only requests that the route itself needs get through.

ministack checks no credentials, lets every origin read every answer, and runs the code of Lambda
functions, Glue jobs and others as the user.

This module is imported by the AWS stand-in's interpreter, which has the standard library and
ministack alone.
"""

import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any, Final

from headwater_local.web_pages import REFUSAL, is_of_web_page

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

_TARGETS: Final = re.compile(
    r"Kinesis_20131202\.\w+"
    r"|DynamoDB_20120810\.(?:CreateTable|DescribeTable|UpdateTimeToLive|BatchWriteItem|Query)"
    r"|secretsmanager\.(?:CreateSecret|GetSecretValue|PutSecretValue)"
    r"|AmazonSQS\.(?:CreateQueue|SendMessage|ReceiveMessage|DeleteMessage)"
    r"|AWSGlue\.(?:Batch)?(?:Create|Get|Update|Delete)(?:Databases?|Tables?|TableVersions?)"
)
"""What ``X-Amz-Target`` may name: the stream, Glue's catalog without its jobs, and what the sinks
need of DynamoDB and Secrets Manager; and a queue, for tests of staged mode: a laptop's has no SQS.
S3 has none."""

_OWN_PATHS: Final = ("/_ministack/health", "/_ministack/reset")
_UNUSED: Final = "the AWS stand-in has only what the route and its sinks use"


class Guard:
    """Passes requests that the route may send on to an application.

    Others are answered 403, and so is any that would open a WebSocket.
    """

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on (ASGI 3)."""
        match scope["type"]:
            case "websocket":
                await send({"type": "websocket.close"})
            case "http" if reason := refusal(scope["path"], _headers(scope)):
                await _refuse(send, reason)
            case _:
                await self._application(scope, receive, send)


def refusal(path: str, headers: Iterable[tuple[str, str]]) -> str | None:
    """Return why a request is refused, or None if it is passed on."""
    headers = list(headers)
    if is_of_web_page(headers):
        return REFUSAL
    targets = [value for name, value in headers if name.lower() == "x-amz-target"]
    is_used = path in _OWN_PATHS if path.startswith("/_") else all(map(_TARGETS.fullmatch, targets))
    return None if is_used and len(targets) <= 1 else _UNUSED


def _headers(scope: Message) -> Iterable[tuple[str, str]]:
    return ((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])


async def _refuse(send: Send, reason: str) -> None:
    body = f"{reason}\n".encode()
    headers = [
        (b"content-type", b"text/plain"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),  # What the client still sends is left unread.
    ]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": body})
