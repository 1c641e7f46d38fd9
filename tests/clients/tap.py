"""A forwarder in front of the API that notes each request, and may speak TLS to its clients."""

import http.client
import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from clients.http_request import HttpRequest
from e2e.loopback import QuietHandler, serve

_OF_ONE_CONNECTION = {"connection", "date", "server", "transfer-encoding", "content-length"}


@dataclass
class Tap:
    """Where clients send instead of the API, and what it has answered.

    ``url`` ends without a slash.
    """

    url: str = ""
    requests: list[HttpRequest] = field(default_factory=list)


@contextmanager
def tap(api_url: str, tls: ssl.SSLContext | None = None) -> Iterator[Tap]:
    """Forward to the API, and note what comes by."""
    noted = Tap()

    class Handler(QuietHandler):
        def do_POST(self) -> None:  # noqa: N802
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            # `self.path` has lost slashes.
            target = self.requestline.split()[1]
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = HttpRequest(self.command, target, headers, body)
            answer = _forwarded(api_url, request)
            noted.requests.append(request)
            self.answer(*answer)

        do_GET = do_OPTIONS = do_POST  # noqa: N815

    with serve(Handler, tls=tls) as noted.url:
        yield noted


def _forwarded(api_url: str, request: HttpRequest) -> tuple[int, bytes, dict[str, str]]:
    with closing(http.client.HTTPConnection(urlsplit(api_url).netloc, timeout=30)) as connection:
        connection.request(request.method, request.target, request.body, dict(request.headers))
        response = connection.getresponse()
        headers = {
            name: value
            for name, value in response.getheaders()
            if name.lower() not in _OF_ONE_CONNECTION
        }
        return response.status, response.read(), headers
