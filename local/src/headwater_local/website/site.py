"""The demo website's process: static files, the SDK, the API's address, reports and metrics.

Run as ``python -m headwater_local.website.site`` with ``SITE_PORT``, ``API_URL`` and ``DATA_DIR``.
"""

import json
import os
import select
import socket
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from pathlib import Path
from typing import Any

from headwater_local.data_dir import DataDir
from headwater_local.inspection.sql import LocalLake
from headwater_local.metrics.exporter import CONTENT_TYPE, Exporter
from headwater_local.names import LOOPBACK
from headwater_local.reports.answers import Answers
from headwater_local.reports.routes import LocalReports
from headwater_local.web_pages import is_of_foreign_page
from headwater_reports.routes import Reply

SDK = Path(__file__).parents[4] / "browser-sdk" / "dist" / "headwater.js"
"""The bundle that is committed beside the SDK's source."""


class SiteHandler(SimpleHTTPRequestHandler):
    """Serves ``demo/``, the two scripts that do not lie there, the reports and the metrics."""

    def __init__(
        self,
        *arguments: Any,  # noqa: ANN401 -- socketserver's
        scripts: Mapping[str, bytes],
        reports: LocalReports,
        metrics: Exporter,
    ) -> None:
        self._scripts = scripts
        self._reports = reports
        self._metrics = metrics
        demo = str(resources.files("headwater_local.website") / "demo")
        super().__init__(*arguments, directory=demo)

    def do_GET(self) -> None:
        """Answer a script from memory, reports and metrics by asking, the rest from the folder."""
        path = self.path.partition("?")[0]
        if path in self._scripts:
            self._send(Reply(HTTPStatus.OK, self._scripts[path], "text/javascript; charset=utf-8"))
        elif path == "/reports" or path.startswith("/reports/"):
            is_wanted = partial(is_connected, self.connection)
            self._send(self._reports.reply(self.path, self.headers.items(), is_wanted))
        elif path == "/metrics":
            self._send(self._metrics_reply())
        else:
            super().do_GET()

    def end_headers(self) -> None:
        """Let the browser ask each time: files change between two runs."""
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def _metrics_reply(self) -> Reply:
        if is_of_foreign_page(self.headers.items()):
            return Reply(HTTPStatus.FORBIDDEN, b"Metrics are for Prometheus, not for web pages.\n")
        return Reply(HTTPStatus.OK, self._metrics.text(), CONTENT_TYPE)

    def _send(self, reply: Reply) -> None:
        about = {"Content-Type": reply.kind, "Content-Length": str(len(reply.body))}
        with suppress(ConnectionError):  # The page was left while it waited.
            self.send_response(reply.status)
            for name, value in {**about, **reply.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body)


def is_connected(connection: socket.socket) -> bool:
    """Tell whether the other end still waits for an answer; what has closed reads as nothing."""
    readable, _, _ = select.select([connection], [], [], 0)
    try:
        return not readable or connection.recv(1, socket.MSG_PEEK) != b""
    except ConnectionError:
        return False


def config_script(api_url: str) -> bytes:
    """Return the script that gives a page the addresses of the API and of the SDK."""
    told = {"apiUrl": api_url, "sdkUrl": "/headwater.js"}
    return f"window.HEADWATER = {json.dumps(told)};\n".encode()


def make_server(
    port: int, api_url: str, answers: Answers, metrics: Exporter
) -> ThreadingHTTPServer:
    """Return a server for the site, bound to loopback, whose pages send events to ``api_url``."""
    scripts = {"/config.js": config_script(api_url), "/headwater.js": SDK.read_bytes()}

    def handler(*arguments: Any) -> SiteHandler:  # noqa: ANN401 -- socketserver's
        reports = LocalReports(answers)
        return SiteHandler(*arguments, scripts=scripts, reports=reports, metrics=metrics)

    return ThreadingHTTPServer((LOOPBACK, port), handler)


def main() -> None:
    """Serve until the process is ended."""
    data_dir = DataDir.at(Path(os.environ["DATA_DIR"]))
    answers, metrics = Answers(LocalLake(data_dir)), Exporter(data_dir)
    port, api_url = int(os.environ["SITE_PORT"]), os.environ["API_URL"]
    make_server(port, api_url, answers, metrics).serve_forever()


if __name__ == "__main__":
    main()
