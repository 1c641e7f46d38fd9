"""Messages from a file or standard input, sent in batches, in parallel.

Memory is bounded: the file is read as it is sent, a few batches ahead of the
workers, and of the refusals the first thousand are kept.
"""

import itertools
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

import httpx
from rich.progress import Progress, TaskID

from headwater_contract.limits import DEFAULT_MAX_AGE
from headwater_local.errors import SendError
from headwater_local.sending.delivery import Patience, deliver
from headwater_local.sending.messages_file import Message, Refusal, batches, read_messages

KEPT_REFUSALS = 1000
REQUEST_SECONDS = 35.0
"""Longer than API Gateway's 30 s, so that the server always gives up first."""


@dataclass(frozen=True)
class Destination:
    """The API that messages are sent to, and how.

    ``api_url`` is the base address of the API. ``write_key`` is sent as the user name of Basic
    authentication, as Segment's clients do. A request has at most ``batch_size`` messages, and
    ``workers`` requests are under way at a time.
    """

    api_url: str
    write_key: str
    batch_size: int
    workers: int


@dataclass
class Report:
    """What came of it.

    ``too_old`` are messages that happened longer ago than a table takes by default: they get the
    time of their arrival. If it ``is_interrupted``, more may be sent than ``sent`` says.
    """

    sent: int = 0
    refused: int = 0
    too_old: int = 0
    is_interrupted: bool = False
    refusals: list[Refusal] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, tried: int, refusals: list[Refusal]) -> None:
        """Count a batch, or a line that was refused here (``tried`` is 0 then)."""
        refused = sum(refusal.lines for refusal in refusals)
        self.sent += max(0, tried - refused)
        self.refused += refused
        room = KEPT_REFUSALS - len(self.refusals)
        self.refusals += refusals[: max(0, room)]


def send(
    lines: Iterable[bytes], destination: Destination, progress: Progress, task: TaskID
) -> Report:
    """Send every line, a message in JSON, regardless of the others.

    ``task`` of ``progress`` is advanced by the bytes of each line that is settled.

    Raises:
        SendError: nothing answers at the address, or the key is wrong.
    """
    report, started = Report(), time.monotonic()
    oldest = datetime.now(UTC) - DEFAULT_MAX_AGE
    with _client(destination) as client:
        _require_collector(client)
        work = partial(deliver, client, patience=Patience())
        messages = _messages(lines, report, partial(progress.advance, task))
        in_batches = batches(messages, destination.batch_size)
        try:
            for batch, refusals in _in_parallel(work, in_batches, destination.workers):
                report.add(len(batch), refusals)
                report.too_old += sum(_is_before(oldest, message) for message in batch)
                progress.advance(task, sum(message.line_bytes for message in batch))
                progress.update(task, sent=report.sent, refused=report.refused)
        except KeyboardInterrupt:
            report.is_interrupted = True
    report.refusals.sort(key=lambda refusal: refusal.line)
    report.seconds = time.monotonic() - started
    return report


def _client(destination: Destination) -> httpx.Client:
    try:
        url = httpx.URL(destination.api_url)
    except httpx.InvalidURL as error:
        raise SendError(f"{destination.api_url} is not an address: {error}.") from error
    if url.scheme not in {"http", "https"}:
        raise SendError(
            f"{destination.api_url} is not an address: write http:// or https:// before it."
        )
    return httpx.Client(
        base_url=url,
        auth=(destination.write_key, ""),
        headers={"content-type": "application/json"},
        timeout=REQUEST_SECONDS,
        limits=httpx.Limits(max_connections=destination.workers),
        # A proxy for the outside world has no way to this machine's loopback.
        trust_env=url.host not in {"127.0.0.1", "localhost", "::1"},
    )


def _require_collector(client: httpx.Client) -> None:
    """Ask for the health of what is there, and raise ``SendError`` unless a collector says it."""
    cure = "start it with `headwater up`, or give another address with --api-url."
    try:
        answer = client.get("/health")
    except (httpx.TransportError, httpx.UnsupportedProtocol) as error:
        raise SendError(f"Nothing answers at {client.base_url} ({error}): {cure}") from error
    if not answer.is_success or b'"ok"' not in answer.content:
        raise SendError(
            f"What answers at {client.base_url} is not Headwater's collector (it said "
            f"{answer.status_code} to /health): {cure}"
        )


def _is_before(oldest: datetime, message: Message) -> bool:
    return message.happened is not None and message.happened < oldest


def _messages(
    lines: Iterable[bytes], report: Report, advance: Callable[[float], None]
) -> Iterator[Message]:
    """Pass messages on and count the lines that are not messages."""
    for item in read_messages(lines):
        if isinstance(item, Message):
            yield item
        else:
            report.add(0, [item])
            advance(item.line_bytes)


def _in_parallel(
    work: Callable[[list[Message]], list[Refusal]], items: Iterator[list[Message]], workers: int
) -> Iterator[tuple[list[Message], list[Refusal]]]:
    """Yield each batch with its refusals, in the order in which they are done."""
    with ThreadPoolExecutor(workers, "send") as pool:
        under_way: dict[Future[list[Refusal]], list[Message]] = {}
        try:
            while True:
                for batch in itertools.islice(items, 2 * workers - len(under_way)):
                    under_way[pool.submit(work, batch)] = batch
                if not under_way:
                    return
                done, _ = wait(under_way, return_when=FIRST_COMPLETED)
                for future in done:
                    yield under_way.pop(future), future.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
