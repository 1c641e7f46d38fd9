"""A proxy before the stand-in that counts what passes through it."""

import re
import socket
import threading
from collections import Counter
from urllib.parse import urlsplit

_REQUEST = re.compile(rb"(GET|PUT|POST|HEAD|DELETE) /[^ ]* HTTP/1\.1\r\n(.*?)\r\n\r\n", re.DOTALL)
_GLUE = re.compile(rb"x-amz-target: AWSGlue\.(\w+)", re.IGNORECASE)


class CountingProxy:
    """Forwards connections to ``endpoint`` and counts requests by kind."""

    def __init__(self, endpoint: str) -> None:
        self.counts: Counter[str] = Counter()
        target = urlsplit(endpoint)
        self._target = (str(target.hostname), int(target.port or 80))
        self._server = socket.create_server(("127.0.0.1", 0))
        self.endpoint = f"http://127.0.0.1:{self._server.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            client, _ = self._server.accept()
            upstream = socket.create_connection(self._target)
            threading.Thread(target=self._pump, args=(client, upstream, True), daemon=True).start()
            threading.Thread(target=self._pump, args=(upstream, client, False), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket, count: bool) -> None:
        try:
            while data := source.recv(1 << 16):
                if count:
                    self._count(data)
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            source.close()
            sink.close()

    def _count(self, data: bytes) -> None:
        for method, headers in _REQUEST.findall(data):
            glue = _GLUE.search(headers)
            self.counts[f"Glue {glue[1].decode()}" if glue else f"S3 {method.decode()}"] += 1
