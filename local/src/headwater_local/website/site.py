"""The demo website's process: static files, the SDK, the API's address, and the reports.

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
from headwater_local.names import LOOPBACK
from headwater_local.reports.answers import Answers
from headwater_local.reports.routes import LocalReports
from headwater_reports.routes import Reply

SDK = Path(__file__).parents[4] / "browser-sdk" / "dist" / "headwater.js"
"""The bundle that is committed beside the SDK's source."""


class SiteHandler(SimpleHTTPRequestHandler):
    """Serves ``demo/``, the two scripts that do not lie there, and the reports."""

    def __init__(
        self,
        *arguments: Any,  # noqa: ANN401 -- socketserver's
        scripts: Mapping[str, bytes],
        reports: LocalReports,
    ) -> None:
        self._scripts = scripts
        self._reports = reports
        demo = str(resources.files("headwater_local.website") / "demo")
        super().__init__(*arguments, directory=demo)

    def do_GET(self) -> None:
        """Answer a script from memory, a report by asking, everything else from the folder."""
        path = self.path.partition("?")[0]
        if path in self._scripts:
            self._send(Reply(HTTPStatus.OK, self._scripts[path], "text/javascript; charset=utf-8"))
        elif path == "/reports" or path.startswith("/reports/"):
            is_wanted = partial(is_connected, self.connection)
            self._send(self._reports.reply(self.path, self.headers.items(), is_wanted))
        else:
            super().do_GET()

    def end_headers(self) -> None:
        """Let the browser ask each time: files change between two runs."""
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

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
    """Return the script that gives a page the API's address."""
    return f"window.HEADWATER = {json.dumps({'apiUrl': api_url})};\n".encode()


def make_server(port: int, api_url: str, answers: Answers) -> ThreadingHTTPServer:
    """Return a server for the site, bound to loopback, whose pages send events to ``api_url``."""
    scripts = {"/config.js": config_script(api_url), "/headwater.js": SDK.read_bytes()}

    def handler(*arguments: Any) -> SiteHandler:  # noqa: ANN401 -- socketserver's
        return SiteHandler(*arguments, scripts=scripts, reports=LocalReports(answers))

    return ThreadingHTTPServer((LOOPBACK, port), handler)


def main() -> None:
    """Serve until the process is ended."""
    answers = Answers(LocalLake(DataDir.at(Path(os.environ["DATA_DIR"]))))
    make_server(int(os.environ["SITE_PORT"]), os.environ["API_URL"], answers).serve_forever()


if __name__ == "__main__":
    main()
