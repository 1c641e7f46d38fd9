"""A proxy that counts the requests that pass through it."""

import re
import socket
from collections import Counter

from writer.proxy import CHUNK_BYTES, Proxy

_REQUEST = re.compile(rb"(GET|PUT|POST|HEAD|DELETE) /[^ ]* HTTP/1\.1\r\n(.*?)\r\n\r\n", re.DOTALL)
_GLUE = re.compile(rb"x-amz-target: AWSGlue\.(\w+)", re.IGNORECASE)


class CountingProxy:
    """Forwards connections to ``endpoint`` and counts requests by kind."""

    def __init__(self, endpoint: str) -> None:
        self.counts: Counter[str] = Counter()
        self.endpoint = Proxy(endpoint, self._carry).endpoint

    def _carry(self, client: socket.socket, upstream: socket.socket) -> None:
        while data := client.recv(CHUNK_BYTES):
            self._count(data)
            upstream.sendall(data)
        upstream.shutdown(socket.SHUT_WR)

    def _count(self, data: bytes) -> None:
        for method, headers in _REQUEST.findall(data):
            glue = _GLUE.search(headers)
            self.counts[f"Glue {glue[1].decode()}" if glue else f"S3 {method.decode()}"] += 1
