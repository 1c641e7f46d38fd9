"""A Lambda function as a process that AWS's stand-in forwards invocations to.

Run as `python -m terraform.function_server PORT MODULE.HANDLER`: each POST carries an event in
JSON and is answered with what the handler returns.
"""

import importlib
import json
import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from headwater_local.names import LOOPBACK


def main() -> None:
    """Serve until killed."""
    module, _, name = sys.argv[2].rpartition(".")
    handler = getattr(importlib.import_module(module), name)

    class Invocations(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            event = json.loads(self.rfile.read(int(self.headers["content-length"])))
            answer = json.dumps(handler(event, None)).encode()
            self.send_response(HTTPStatus.OK)
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

    ThreadingHTTPServer((LOOPBACK, int(sys.argv[1])), Invocations).serve_forever()


if __name__ == "__main__":
    main()
