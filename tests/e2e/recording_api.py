"""A collector that only remembers: what a browser sent, and which answer it got."""

import json
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Condition
from typing import Any

from e2e.loopback import QuietHandler, serve

DEADLINE_SECONDS = 20
CORS = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "Retry-After"}

Message = dict[str, Any]


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    content_type: str
    status: int
    body: dict[str, Any]


@dataclass
class RecordingApi:
    """``rule`` is for what is answered the same each time, such as by the size of a body."""

    url: str = ""
    rule: Callable[[dict[str, Any]], int] | None = None
    requests: list[Request] = field(default_factory=list)
    _answers: deque[tuple[int, dict[str, str]]] = field(default_factory=deque)
    _arrived: Condition = field(default_factory=Condition)

    def answer_next(self, status: int, headers: dict[str, str] | None = None) -> None:
        """Prepare the answer to the next POST; where none is prepared, it gets 200."""
        self._answers.append((status, headers or {}))

    @property
    def messages(self) -> list[Message]:
        """What was accepted, in the order of arrival; one that came again counts once."""
        accepted = [request for request in self.requests if request.status == 200]
        found: dict[str, Message] = {}
        for message in (message for request in accepted for message in request.body["batch"]):
            found.setdefault(message["messageId"], message)
        return list(found.values())

    def wait_for(self, count: int, kind: str) -> list[Message]:
        """Wait for ``count`` messages with this event name or, without one, of this type."""
        self._wait_until(lambda: len(self._found(kind)) >= count, f"{count} x {kind}")
        return self._found(kind)

    def wait_for_requests(self, count: int) -> list[Request]:
        self._wait_until(lambda: len(self.requests) >= count, f"{count} requests")
        return self.requests

    def record(self, request: Request) -> None:
        with self._arrived:
            self.requests.append(request)
            self._arrived.notify_all()

    def answer_to(self, body: dict[str, Any]) -> tuple[int, dict[str, str]]:
        """Return what was prepared, else what ``rule`` gives to such a body, else 200."""
        if self._answers:
            return self._answers.popleft()
        return (self.rule(body) if self.rule else 200), {}

    def _found(self, kind: str) -> list[Message]:
        return [message for message in self.messages if kind_of(message) == kind]

    def _wait_until(self, reached: Callable[[], bool], what: str) -> None:
        with self._arrived:
            arrived = self._arrived.wait_for(reached, DEADLINE_SECONDS)
        assert arrived, f"no {what} in {[kind_of(message) for message in self.messages]}"


def kind_of(message: Message) -> str:
    return str(message.get("event", message["type"]))


@contextmanager
def recording_api(port: int = 0) -> Iterator[RecordingApi]:
    """Run a recording collector for another origin than the page's."""
    api = RecordingApi()

    class Handler(QuietHandler):
        def do_POST(self) -> None:  # noqa: N802
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, headers = api.answer_to(body)
            content_type = self.headers["Content-Type"]
            api.record(Request("POST", self.path, content_type, status, body))
            self.answer(status, b'{"success":true}', {**CORS, **headers})

        def do_OPTIONS(self) -> None:  # noqa: N802
            api.record(Request("OPTIONS", self.path, "", 204, {}))
            self.answer(204, b"", CORS)

    with serve(Handler, port) as api.url:
        yield api
