"""The demo website's process: static files, the SDK, and where the API is.

Run as `python -m headwater_local.site` with `SITE_PORT` and `API_URL`.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from pathlib import Path
from typing import Any

from headwater_local.names import LOOPBACK

SDK = Path(__file__).parents[3] / "browser-sdk" / "dist" / "headwater.js"
"""The bundle that is committed beside the SDK's source."""


@dataclass(frozen=True)
class Settings:
    """Where the site listens and where its pages send events."""

    port: int
    api_url: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Read the settings; a missing variable raises KeyError."""
        return cls(int(environment["SITE_PORT"]), environment["API_URL"])


class SiteHandler(SimpleHTTPRequestHandler):
    """Serves `demo/`, and the two scripts that do not lie there."""

    def __init__(self, *arguments: Any, generated: Mapping[str, bytes]) -> None:  # noqa: ANN401 -- socketserver's
        self._generated = generated
        demo = str(resources.files("headwater_local") / "demo")
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
    """Return the script that tells a page where the API is."""
    return f"window.HEADWATER = {json.dumps({'apiUrl': api_url})};\n".encode()


def make_server(settings: Settings) -> ThreadingHTTPServer:
    """Return a server for the site, bound to loopback."""
    generated = {"/config.js": config_script(settings.api_url), "/headwater.js": SDK.read_bytes()}

    def handler(*arguments: Any) -> SiteHandler:  # noqa: ANN401 -- socketserver's
        return SiteHandler(*arguments, generated=generated)

    return ThreadingHTTPServer((LOOPBACK, settings.port), handler)


def main() -> None:
    """Serve until the process is ended."""
    make_server(Settings.from_environment(os.environ)).serve_forever()


if __name__ == "__main__":
    main()
