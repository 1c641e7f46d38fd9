"""The demo website's process: static files, the SDK, and the API's address.

Run as ``python -m headwater_local.website.site`` with ``SITE_PORT`` and ``API_URL``.
"""

import json
import os
from collections.abc import Mapping
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from pathlib import Path
from typing import Any

from headwater_local.names import LOOPBACK

SDK = Path(__file__).parents[4] / "browser-sdk" / "dist" / "headwater.js"
"""The bundle that is committed beside the SDK's source."""


class SiteHandler(SimpleHTTPRequestHandler):
    """Serves ``demo/``, and the two scripts that do not lie there."""

    def __init__(self, *arguments: Any, generated: Mapping[str, bytes]) -> None:  # noqa: ANN401 -- socketserver's
        self._generated = generated
        demo = str(resources.files("headwater_local.website") / "demo")
        super().__init__(*arguments, directory=demo)

    def do_GET(self) -> None:
        """Answer a script from memory, everything else from the folder."""
        script = self._generated.get(self.path.partition("?")[0])
        if script is None:
            super().do_GET()
            return
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/javascript; charset=utf-8")
        self.send_header("Content-Length", str(len(script)))
        self.end_headers()
        self.wfile.write(script)

    def end_headers(self) -> None:
        """Let the browser ask each time: files change between two runs."""
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()


def config_script(api_url: str) -> bytes:
    """Return the script that gives a page the API's address."""
    return f"window.HEADWATER = {json.dumps({'apiUrl': api_url})};\n".encode()


def make_server(port: int, api_url: str) -> ThreadingHTTPServer:
    """Return a server for the site, bound to loopback, whose pages send events to ``api_url``."""
    generated = {"/config.js": config_script(api_url), "/headwater.js": SDK.read_bytes()}

    def handler(*arguments: Any) -> SiteHandler:  # noqa: ANN401 -- socketserver's
        return SiteHandler(*arguments, generated=generated)

    return ThreadingHTTPServer((LOOPBACK, port), handler)


def main() -> None:
    """Serve until the process is ended."""
    make_server(int(os.environ["SITE_PORT"]), os.environ["API_URL"]).serve_forever()


if __name__ == "__main__":
    main()
