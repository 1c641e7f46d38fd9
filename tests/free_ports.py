"""Ports for the servers of tests: never fixed ones, as several runs share a machine."""

import socket


def free_ports(count: int) -> list[int]:
    """Return ports of loopback that were free a moment ago, all different."""
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def free_port() -> int:
    """Return one such port."""
    return free_ports(1)[0]
