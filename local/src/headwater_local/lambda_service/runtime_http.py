"""The HTTP of Lambda's Runtime API.

Paths, headers and status codes are those of "Using the Lambda runtime API for
custom runtimes" (AWS Lambda developer guide); for SnapStart, those that AWS's
runtime client uses (``restore/next``, ``restore/error``).
"""

import json
import re
import select
import socket
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from typing import Protocol
from uuid import uuid4

from headwater_local.lambda_service.event_source.function import FunctionError
from headwater_local.lambda_service.invocation import Invocation, Worker
from headwater_local.web_pages import REFUSAL, is_of_web_page

RESPONSE_LIMIT_BYTES = 6 * 1024 * 1024
"""The most that a synchronous invocation answers ("Lambda quotas", developer guide)."""

_RUNTIME = "/2018-06-01/runtime"
_OUTCOME = re.compile(rf"{_RUNTIME}/invocation/(?P<id>[\w-]+)/(?P<kind>response|error)")
_CHUNK_BYTES = 64 * 1024


class RuntimeEvents(Protocol):
    """The calls of the HTTP side; every method may be called from any thread."""

    def next_invocation(self, worker: Worker) -> Invocation | None:
        """Wait for an event for this worker; None if there will not be one."""
        ...

    def answered(self, request_id: str, response: bytes, error: FunctionError | None) -> bool:
        """Accept an answer; return whether it was awaited."""
        ...

    def init_failed(self, error: FunctionError) -> None:
        """Handle a worker that could not start."""
        ...

    def next_restore(self, worker: Worker) -> bool:
        """Wait until this worker, its snapshot taken, is to go on; False when it is not."""
        ...

    def restore_failed(self, error: FunctionError) -> None:
        """Take note that a worker could not go on from its snapshot."""
        ...

    def disconnected(self, worker: Worker) -> None:
        """Handle a closed connection of a worker."""
        ...


class RuntimeServer(ThreadingTCPServer):
    """Listens for workers, one thread a connection."""

    allow_reuse_address = True

    def __init__(self, address: tuple[str, int], events: RuntimeEvents, function_arn: str) -> None:
        super().__init__(address, Connection)
        self.events = events
        self.function_arn = function_arn
        self._connections: set[Connection] = set()

    def opened(self, connection: "Connection") -> None:
        """Remember a connection, to be able to close it."""
        self._connections.add(connection)

    def closed(self, connection: "Connection") -> None:
        """Forget a connection and report it."""
        self._connections.discard(connection)
        self.events.disconnected(connection)

    def close_connections(self) -> None:
        """End the connections that workers hold open, and with them their threads."""
        for connection in list(self._connections):
            connection.hang_up()

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore a worker that closes its connection early."""


class Connection(BaseHTTPRequestHandler):
    """One worker's connection, kept open from request to request."""

    server: RuntimeServer
    protocol_version = "HTTP/1.1"
    # An answer leaves in one write and at once: a worker waits for each.
    wbufsize = -1
    disable_nagle_algorithm = True

    def setup(self) -> None:
        """Begin."""
        super().setup()
        self.server.opened(self)

    def finish(self) -> None:
        """End, in whatever way it came."""
        self.server.closed(self)
        super().finish()

    def is_gone(self) -> bool:
        """Return whether the worker has hung up while it waits for an answer."""
        readable, _, _ = select.select([self.connection], [], [], 0)
        try:
            return bool(readable) and not self.connection.recv(1, socket.MSG_PEEK)
        except OSError:
            return True

    def hang_up(self) -> None:
        """Close from our side."""
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            # Already closed by the worker: what was wanted.
            self.close_connection = True

    def parse_request(self) -> bool:
        """Read a request's head and return whether to go on: not for a web page."""
        if not super().parse_request():
            return False
        if not is_of_web_page(self.headers.items()):
            return True
        report = {"errorType": "WebPage", "errorMessage": REFUSAL}
        self._send(HTTPStatus.FORBIDDEN, json.dumps(report).encode(), {"Connection": "close"})
        return False

    def do_GET(self) -> None:
        """Answer ``next`` with an event, when there is one, and let a snapshot go on."""
        if self.path == f"{_RUNTIME}/invocation/next":
            self._next_invocation()
        elif self.path == f"{_RUNTIME}/restore/next":
            self._next_restore()
        else:
            self._refuse(HTTPStatus.NOT_FOUND, "InvalidPath")

    def _next_invocation(self) -> None:
        invocation = self.server.events.next_invocation(self)
        if invocation is None:
            self.close_connection = True
            return
        self._send(HTTPStatus.OK, invocation.payload, self._invocation_headers(invocation))

    def _next_restore(self) -> None:
        if self.server.events.next_restore(self):
            self._send(HTTPStatus.OK, b"", {})
        else:
            self.close_connection = True

    def do_POST(self) -> None:
        """Take a response, an error, or the news that the function cannot start or go on."""
        body = self._read_body()
        outcome = _OUTCOME.fullmatch(self.path)
        if self.path == f"{_RUNTIME}/init/error":
            self.server.events.init_failed(_reported_error(body or b""))
            self._accept()
        elif self.path == f"{_RUNTIME}/restore/error":
            self.server.events.restore_failed(_reported_error(body or b""))
            self._accept()
        elif outcome is None:
            self._refuse(HTTPStatus.NOT_FOUND, "InvalidPath")
        elif body is None:
            self._too_large(outcome["id"])
        else:
            error = _reported_error(body) if outcome["kind"] == "error" else None
            self._take(outcome["id"], body, error)

    def _take(self, request_id: str, body: bytes, error: FunctionError | None) -> None:
        if self.server.events.answered(request_id, body, error):
            self._accept()
        else:
            self._refuse(HTTPStatus.BAD_REQUEST, "InvalidRequestID")

    def _too_large(self, request_id: str) -> None:
        error = FunctionError("Function.ResponseSizeTooLarge", "the answer is over 6 MB")
        self.server.events.answered(request_id, b"", error)
        self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, error.error_type)

    def _read_body(self) -> bytes | None:
        """Return the whole body, or None after reading past one that is too large."""
        left = int(self.headers.get("Content-Length", "0"))
        if left <= RESPONSE_LIMIT_BYTES:
            return self.rfile.read(left)
        while left > 0 and (chunk := self.rfile.read(min(left, _CHUNK_BYTES))):
            left -= len(chunk)
        return None

    def _invocation_headers(self, invocation: Invocation) -> dict[str, str]:
        trace = uuid4().hex
        return {
            "Lambda-Runtime-Aws-Request-Id": invocation.request_id,
            "Lambda-Runtime-Deadline-Ms": str(invocation.deadline_ms),
            "Lambda-Runtime-Invoked-Function-Arn": self.server.function_arn,
            "Lambda-Runtime-Trace-Id": f"Root=1-{trace[:8]}-{trace[8:]};Sampled=0",
        }

    def _accept(self) -> None:
        self._send(HTTPStatus.ACCEPTED, b'{"status":"OK"}', {})

    def _refuse(self, status: HTTPStatus, error_type: str) -> None:
        self._send(status, json.dumps({"errorType": error_type}).encode(), {})

    def _send(self, status: HTTPStatus, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Do not log single requests."""


def _reported_error(body: bytes) -> FunctionError:
    try:
        report = json.loads(body)
    except ValueError:
        report = None
    if not isinstance(report, dict):
        return FunctionError("Runtime.UnknownReason", "the function failed without a report")
    return FunctionError(str(report.get("errorType")), str(report.get("errorMessage")))
