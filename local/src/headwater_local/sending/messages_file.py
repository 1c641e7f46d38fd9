"""Lines become messages, judged as the collector judges them, and messages become batches."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from headwater_contract.accept import Refused, accept
from headwater_contract.client_times import happened_at
from headwater_contract.limits import MAX_REQUEST_BYTES
from headwater_contract.lines import completed

_ENVELOPE_BYTES = len(b'{"batch":[]}')


@dataclass(frozen=True)
class Message:
    """One message as it is sent, with the number (from 1) and size of its line.

    ``happened`` is its own time (UTC), if it says one.
    """

    line: int
    body: bytes
    line_bytes: int
    happened: datetime | None = None


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

    A line goes as the bytes that it is. One without a ``messageId`` gets one that is made of its
    number and its content, so that sending a file again, or going on with a longer one, is never a
    second event; one with an ``event`` and no ``type`` is a track call.
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
    body = completed(number, line.strip())
    verdict = accept(body)
    if isinstance(verdict, Refused):
        return Refusal(number, verdict.reason, len(line))
    return Message(number, body, len(line), happened_at(verdict.message))
