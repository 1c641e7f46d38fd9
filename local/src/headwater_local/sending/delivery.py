"""One batch, sent to the API with retries.

What is retried follows Segment's HTTP API and RFC 9110: a connection that failed, 408, 429 and 5xx;
``Retry-After`` is respected. The messages keep their ids, so a lost answer costs nothing but time.
"""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import httpx

from headwater_local.backoff import LONGEST_SECONDS, backoff_seconds
from headwater_local.errors import SendError
from headwater_local.sending.messages_file import Message, Refusal, request_body

GIVE_UP_SECONDS = 300.0
FIRST_PAUSE_SECONDS = 0.25

_RETRYABLE = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS}
_NEVER = {HTTPStatus.NOT_IMPLEMENTED, HTTPStatus.HTTP_VERSION_NOT_SUPPORTED}
_KEY = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}


@dataclass(frozen=True)
class Patience:
    """For how long a batch is retried, and by which clock."""

    give_up_seconds: float = GIVE_UP_SECONDS
    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


def deliver(client: httpx.Client, batch: list[Message], patience: Patience) -> list[Refusal]:
    """Send a batch that fits into one request, with retries if they may help.

    ``client`` has the API's address and write key. Returned are the messages that were refused;
    the others are durable.

    Raises:
        SendError: the API refuses the write key, so no message can be sent.
    """
    body = request_body(batch)
    give_up = patience.now() + patience.give_up_seconds
    failures = 0
    while True:
        outcome = _post(client, body)
        if isinstance(outcome, httpx.Response) and not _is_retryable(outcome.status_code):
            return _refused(outcome, batch)
        failures += 1
        pause = pause_seconds(failures, outcome)
        if patience.now() + pause > give_up:
            return [Refusal(message.line, f"not sent: {_described(outcome)}") for message in batch]
        patience.sleep(pause)


def pause_seconds(failures: int, outcome: httpx.Response | httpx.TransportError) -> float:
    """Return how long to wait after so many attempts failed, the last one with this outcome.

    The server's ``Retry-After``, else 0.25 s, 0.5 s, 1 s … 30 s; each with up to a quarter more, so
    that workers do not retry in step.
    """
    pause = backoff_seconds(failures, FIRST_PAUSE_SECONDS)
    if isinstance(outcome, httpx.Response):
        asked = outcome.headers.get("retry-after", "")
        pause = min(float(asked), LONGEST_SECONDS) if asked.isdecimal() else pause
    return pause * random.uniform(1.0, 1.25)  # noqa: S311 -- jitter


def _post(client: httpx.Client, body: bytes) -> httpx.Response | httpx.TransportError:
    try:
        return client.post("/v1/batch", content=body)
    except httpx.TransportError as error:
        return error


def _is_retryable(status: int) -> bool:
    is_fault = status >= HTTPStatus.INTERNAL_SERVER_ERROR and status not in _NEVER
    return status in _RETRYABLE or is_fault


def _refused(answer: httpx.Response, batch: list[Message]) -> list[Refusal]:
    if answer.status_code in _KEY:
        raise SendError("The API refuses the write key: give the right one with --write-key.")
    content = _content(answer)
    if "refused" in content:
        return [
            *(Refusal(batch[item["index"]].line, item["reason"]) for item in content["refused"]),
            *_unlisted(content, batch),
        ]
    if answer.is_success:
        return []
    return [Refusal(message.line, _described(answer)) for message in batch]


def _unlisted(content: dict[str, Any], batch: list[Message]) -> list[Refusal]:
    count = content.get("unlisted", 0)
    if not count:
        return []
    behind = batch[content["refused"][-1]["index"] + 1 :]
    last = behind[-1].line
    reason = f"{count} of the lines from here to {last} were refused too: ask failed_records why"
    return [Refusal(behind[0].line, reason, lines=count)]


def _content(answer: httpx.Response) -> dict[str, Any]:
    try:
        content = answer.json()
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _described(outcome: httpx.Response | httpx.TransportError) -> str:
    if isinstance(outcome, httpx.TransportError):
        return str(outcome) or type(outcome).__name__
    return str(_content(outcome).get("error") or f"the API answered {outcome.status_code}")
