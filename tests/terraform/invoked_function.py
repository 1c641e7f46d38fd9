"""A function of the writer's image that is invoked by its name, in a process of its own."""

import json
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

from headwater_local import aws_client, names
from headwater_local.supervision.part_commands import inherited
from integration.writer.writer_process import WriterProcess, writer_environment
from terraform.stand_in import client

WRITER: Final = "headwater_writer.functions.writer.handler"
REPLAY: Final = "headwater_writer.functions.replay.handler"

_ONE_AT_A_TIME: Final = threading.Lock()
_TIMEOUT_SECONDS: Final = 900.0


@contextmanager
def invoked_function(
    function: str, handler: str, port: int, endpoint: str, folder: Path
) -> Iterator[None]:
    """Answer the invocations of a deployed function that the stand-in forwards to a port.

    Args:
        function: Its name, by which its environment is read when it is invoked.
        handler: What it runs.
        port: Where on loopback it is served.
        endpoint: The stand-in's URL.
        folder: For its log.
    """

    class Invocations(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            event = json.loads(self.rfile.read(int(self.headers["content-length"])))
            environment = _environment(function, endpoint)
            log = folder / f"{function}.log"
            with (
                _ONE_AT_A_TIME,
                WriterProcess(environment, log, _TIMEOUT_SECONDS, handler) as process,
            ):
                answer = json.dumps(process.invoke(event).result()).encode()
            self.send_response(HTTPStatus.OK)
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

    with ThreadingHTTPServer((names.LOOPBACK, port), Invocations) as server:
        threading.Thread(target=server.serve_forever).start()
        try:
            yield
        finally:
            server.shutdown()


def _environment(function: str, endpoint: str) -> Mapping[str, str]:
    deployed: dict[str, Any] = client(endpoint, "lambda").get_function_configuration(
        FunctionName=function
    )
    return {
        **inherited(os.environ),
        **writer_environment(),
        **aws_client.environment(endpoint),
        **deployed["Environment"]["Variables"],
    }
