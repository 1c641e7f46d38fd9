"""Messages from a JSON-lines file, checked and gathered into batches.

Limits are those of the contract: 32 KB a message, 500 KB a request.
"""

import json
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from headwater_contract.limits import MAX_MESSAGE_BYTES, MAX_REQUEST_BYTES

_ENVELOPE_BYTES = len(b'{"batch":[]}')


@dataclass(frozen=True)
class Message:
    """One message as it is sent, with the number (from 1) and size of its line."""

    line: int
    body: bytes
    line_bytes: int


@dataclass(frozen=True)
class Refusal:
    """A line that was refused, and why.

    It stands for ``lines`` lines if the API tells only their number; ``line`` is the first that may
    be one of them.
    """

    line: int
    reason: str
    line_bytes: int = 0
    lines: int = 1


def read_messages(lines: Iterable[bytes]) -> Iterator[Message | Refusal]:
    """Yield a message, or a refusal, for each line that is not blank.

    A message without ``messageId`` gets one here, so that a retry is never a second event; one with
    an ``event`` and without a ``type`` is a track call.
    """
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _read(number, line)


def batches(messages: Iterable[Message], size: int) -> Iterator[list[Message]]:
    """Gather messages into batches of at most ``size`` that fit into one request."""
    batch: list[Message] = []
    room = MAX_REQUEST_BYTES - _ENVELOPE_BYTES
    for message in messages:
        if batch and (len(batch) == size or len(message.body) + 1 > room):
            yield batch
            batch, room = [], MAX_REQUEST_BYTES - _ENVELOPE_BYTES
        batch.append(message)
        room -= len(message.body) + 1
    if batch:
        yield batch


def request_body(batch: Iterable[Message]) -> bytes:
    """Return the body of a request to ``/v1/batch``."""
    return b'{"batch":[' + b",".join(message.body for message in batch) + b"]}"


def _read(number: int, line: bytes) -> Message | Refusal:
    try:
        message = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Refusal(number, f"not JSON: {error}", len(line))
    if not isinstance(message, dict):
        return Refusal(number, "not a JSON object", len(line))
    body = json.dumps(_completed(message), separators=(",", ":")).encode()
    if len(body) > MAX_MESSAGE_BYTES:
        return Refusal(number, f"{len(body)} bytes of at most {MAX_MESSAGE_BYTES}", len(line))
    return Message(number, body, len(line))


def _completed(message: dict[str, object]) -> dict[str, object]:
    if "type" not in message and "event" in message:
        message = {"type": "track", **message}
    return message if message.get("messageId") else {**message, "messageId": str(uuid.uuid4())}
