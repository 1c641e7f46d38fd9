"""A JSON API on loopback that pages, throttles, fails, and answers rubbish."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Asked:
    """A request that the API got; header names are in lower case."""

    path: str
    params: Mapping[str, str]
    headers: Mapping[str, str]
    query: str


@dataclass(frozen=True)
class Reply:
    """What the API answers; a body that is not bytes is sent as JSON."""

    body: Any = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def content(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


@dataclass
class Api:
    """Answers by ``respond``, after the replies of ``first``; ``asked`` are all requests."""

    url: str
    respond: Callable[[Asked], Reply]
    first: list[Reply] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)

    def answer(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        return self.first.pop(0) if self.first else self.respond(asked)


def rows(*numbers: int) -> list[dict[str, Any]]:
    """Return records with these ids."""
    return [{"id": number, "user": f"u{number}", "event": "view"} for number in numbers]


def by_offset(records: Sequence[Any], size: int) -> Callable[[Asked], Reply]:
    """Return an API that gives its records by offset."""

    def respond(asked: Asked) -> Reply:
        start = int(asked.params.get("offset", "0"))
        return Reply({"data": records[start : start + size]})

    return respond


@contextmanager
def serving(respond: Callable[[Asked], Reply], *first: Reply) -> Iterator[Api]:
    """Run an API."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        date: str | None = None

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            params = dict(parse_qsl(parts.query, keep_blank_values=True))
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = api.answer(Asked(parts.path, params, headers, parts.query))
            self.date = reply.headers.get("Date")
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                if name != "Date":
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.content)))
            self.end_headers()
            self.wfile.write(reply.content)

        def date_time_string(self, timestamp: float | None = None) -> str:
            return self.date or super().date_time_string(timestamp)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            pass  # A poller that has read enough hangs up.

    server = Server(("127.0.0.1", 0), Handler)
    api = Api(f"http://127.0.0.1:{server.server_port}/events", respond, [*first])
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield api
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
