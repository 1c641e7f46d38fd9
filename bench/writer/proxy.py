"""A proxy before the stand-in."""

import socket
import threading
from collections.abc import Callable
from urllib.parse import urlsplit

CHUNK_BYTES = 1 << 16

Carry = Callable[[socket.socket, socket.socket], None]
"""Copies bytes from the first socket to the second until the first ends, and then ends the second.

Raises OSError if a connection is lost.
"""


class Proxy:
    """Forwards connections to ``endpoint``; ``carry`` takes there what the clients send."""

    def __init__(self, endpoint: str, carry: Carry) -> None:
        target = urlsplit(endpoint)
        self._target = (str(target.hostname), int(target.port or 80))
        self._carry = carry
        self._server = socket.create_server(("127.0.0.1", 0))
        self.endpoint = f"http://127.0.0.1:{self._server.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            client, _ = self._server.accept()
            upstream = socket.create_connection(self._target)
            for end in (client, upstream):
                # Nagle's algorithm would add some 40 ms of its own to a request in two pieces.
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            _start(self._carry, client, upstream)
            _start(carry_at_once, upstream, client)


def carry_at_once(source: socket.socket, sink: socket.socket) -> None:
    """Take bytes from one socket to the other as they come."""
    while data := source.recv(CHUNK_BYTES):
        sink.sendall(data)
    sink.shutdown(socket.SHUT_WR)


def _start(carry: Carry, source: socket.socket, sink: socket.socket) -> None:
    threading.Thread(target=_guarded, args=(carry, source, sink), daemon=True).start()


def _guarded(carry: Carry, source: socket.socket, sink: socket.socket) -> None:
    try:
        carry(source, sink)
    except OSError:
        source.close()
        sink.close()
