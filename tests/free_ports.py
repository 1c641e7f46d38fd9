"""Ports for the servers of tests: never fixed ones, as several runs share a machine."""

import secrets
import socket

BELOW_OUTGOING = range(15_000, 32_000)
"""Linux and macOS take the port of an outgoing connection from above: one of these stays free
until its server binds it, which may be half a minute later."""


def free_ports(count: int) -> list[int]:
    """Return ports of loopback that were free a moment ago, all different."""
    ports: set[int] = set()
    while len(ports) < count:
        port = secrets.choice(BELOW_OUTGOING)
        if _is_free(port):
            ports.add(port)
    return list(ports)


def free_port() -> int:
    """Return one such port."""
    return free_ports(1)[0]


def _is_free(port: int) -> bool:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True
