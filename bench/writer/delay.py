"""A proxy that lets every request be under way for a time, as a wire does."""

import socket
import threading
import time
from contextlib import suppress
from queue import SimpleQueue

from writer.proxy import CHUNK_BYTES, Carry, Proxy

Sent = SimpleQueue[tuple[float, bytes]]
"""What a client sent and when it is due, by ``time.monotonic``; no bytes at the end."""


def delaying_proxy(endpoint: str, seconds: float) -> Proxy:
    """Return a proxy that forwards what a client sends ``seconds`` later, and answers at once.

    Each connection has a queue of its own, so none waits for another; a large body comes late once,
    however many pieces it comes in.
    """
    return Proxy(endpoint, _delayed_by(seconds))


def _delayed_by(seconds: float) -> Carry:
    def carry(client: socket.socket, upstream: socket.socket) -> None:
        sent: Sent = SimpleQueue()
        threading.Thread(target=_read, args=(client, sent, seconds), daemon=True).start()
        _forward_when_due(sent, upstream)

    return carry


def _read(client: socket.socket, sent: Sent, seconds: float) -> None:
    with suppress(OSError):  # a client that is gone sends no more
        while data := client.recv(CHUNK_BYTES):
            sent.put((time.monotonic() + seconds, data))
    sent.put((time.monotonic() + seconds, b""))


def _forward_when_due(sent: Sent, upstream: socket.socket) -> None:
    while data := _next_when_due(sent):
        upstream.sendall(data)
    upstream.shutdown(socket.SHUT_WR)


def _next_when_due(sent: Sent) -> bytes:
    due, data = sent.get()
    time.sleep(max(0.0, due - time.monotonic()))
    return data
