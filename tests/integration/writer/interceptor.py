"""An HTTP proxy before the AWS stand-in, by which a test stands beside any request."""

import http.client
import socket
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self, TypeAlias
from urllib.parse import urlsplit

_OF_ONE_CONNECTION = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length"})


class DroppedError(Exception):
    """The connection breaks before the client has its answer."""


@dataclass(frozen=True, slots=True)
class Request:
    """What the client sent, and on which of its connections, counted from 1."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    connection: int = 0

    def is_read_of(self, table: str) -> bool:
        """Return whether this asks Glue for the newest state of a table."""
        target = self.headers.get("x-amz-target", "")
        return target == "AWSGlue.GetTable" and f'"Name":"{table}"'.encode() in self.body

    def is_commit_to(self, table: str) -> bool:
        """Return whether this is the request by which Glue makes a commit to a table visible."""
        target = self.headers.get("x-amz-target", "")
        return target == "AWSGlue.UpdateTable" and f'"Name":"{table}"'.encode() in self.body

    def is_data_of(self, table: str) -> bool:
        """Return whether this uploads a data file of a table."""
        return self.method == "PUT" and f"/{table}/data/" in self.path

    def is_manifest_of(self, table: str) -> bool:
        """Return whether this uploads a manifest of a table: a list of data files."""
        return self._is_beside_data_of(table) and "-m0.avro" in self.path

    def is_manifest_list_of(self, table: str) -> bool:
        """Return whether this uploads the list of manifests of a table's snapshot."""
        return self._is_beside_data_of(table) and "/metadata/snap-" in self.path

    def is_metadata_of(self, table: str) -> bool:
        """Return whether this uploads a metadata file of a table."""
        return self._is_beside_data_of(table) and ".metadata.json" in self.path

    def _is_beside_data_of(self, table: str) -> bool:
        return self.method == "PUT" and f"/{table}/metadata/" in self.path


@dataclass(frozen=True, slots=True)
class Answer:
    """What the stand-in answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes


Forward: TypeAlias = Callable[[], Answer]
Script: TypeAlias = Callable[[Request, Forward], Answer]
"""Decides on a request: it may forward it or not, wait, do something else, or drop the answer."""


def pass_on(_request: Request, forward: Forward) -> Answer:
    """Do as if there were no proxy."""
    return forward()


class Interceptor:
    """The proxy, on a loopback port of its own; a context manager. ``script`` may be replaced.

    What a script raises, but for ``DroppedError``, is raised again at the end.
    """

    def __init__(self, upstream: str) -> None:
        self.script: Script = pass_on
        self.errors: list[Exception] = []
        self.upstream = urlsplit(upstream).netloc
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    @property
    def endpoint(self) -> str:
        """The address to give to a client."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        if exc is None and self.errors:
            raise self.errors[0]

    @property
    def opened(self) -> int:
        """How many connections there have been: the number of the newest."""
        return self._server.opened

    def reset_connections(self) -> None:
        """Break every connection off."""
        for connection in list(self._server.connections):
            connection.reset()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, interceptor: Interceptor) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.interceptor = interceptor
        self.opened = 0
        self.connections: set[_Connection] = set()
        self._counting = threading.Lock()

    def count(self, connection: "_Connection") -> int:
        """Return the number of a connection that has opened."""
        with self._counting:
            self.connections.add(connection)
            self.opened += 1
            return self.opened

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that was killed is not an error of the proxy."""


class _Connection(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self.number = self.server.count(self)

    def finish(self) -> None:
        self.server.connections.discard(self)
        super().finish()

    def reset(self) -> None:
        """Answer whatever the client sends from now on with RST."""
        at_once = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
        self.connection.shutdown(socket.SHUT_RD)

    def answer(self) -> None:
        request = self._read()
        try:
            answer = self.server.interceptor.script(request, lambda: self._forward(request))
        except DroppedError:
            self.close_connection = True
            return
        except Exception as error:
            self.server.interceptor.errors.append(error)
            raise
        self._send(answer)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = answer  # noqa: N815 (the base class's names)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing of single requests."""

    def _read(self) -> Request:
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", "0")))
        return Request(self.command, self.path, headers, body, self.number)

    def _forward(self, request: Request) -> Answer:
        upstream = http.client.HTTPConnection(self.server.interceptor.upstream, timeout=60)
        try:
            headers = dict(request.headers) | {"connection": "close"}
            upstream.request(request.method, request.path, request.body, headers)
            answer = upstream.getresponse()
            return Answer(answer.status, dict(answer.getheaders()), answer.read())
        finally:
            upstream.close()

    def _send(self, answer: Answer) -> None:
        self.send_response_only(answer.status)
        for name, value in answer.headers.items():
            if name.lower() not in _OF_ONE_CONNECTION:
                self.send_header(name, value)
        length = answer.headers.get("Content-Length", answer.headers.get("content-length"))
        self.send_header("Content-Length", length or str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)
