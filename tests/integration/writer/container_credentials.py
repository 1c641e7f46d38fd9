"""Credentials as Lambda gives them to functions that start from a snapshot: asked for by HTTP."""

import json
import threading
from collections.abc import Mapping
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Final, Self

_AUTHORIZATION: Final = "the-container"


class ContainerCredentials:
    """The endpoint, on a loopback port of its own; a context manager."""

    def __init__(self, key: str, expires: datetime) -> None:
        self.issue(key, expires)
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    def issue(self, key: str, expires: datetime) -> None:
        """Answer with this access key from now on."""
        self.key = key
        self.answer = {
            "AccessKeyId": key,
            "SecretAccessKey": f"secret-of-{key}",
            "Token": f"token-of-{key}",
            "Expiration": f"{expires:%Y-%m-%dT%H:%M:%SZ}",
        }

    @property
    def environment(self) -> Mapping[str, str]:
        """The variables by which any AWS SDK finds it."""
        return {
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": (
                f"http://127.0.0.1:{self._server.server_address[1]}/v1/credentials"
            ),
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": _AUTHORIZATION,
        }

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


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, credentials: ContainerCredentials) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.credentials = credentials


class _Connection(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        if self.headers.get("Authorization") != _AUTHORIZATION:
            self.send_error(401)
            return
        body = json.dumps(self.server.credentials.answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing of single requests."""
