import socket

import pytest

from free_ports import free_ports
from headwater_local.errors import PortInUseError
from headwater_local.ports import Ports


def test_names_the_port_that_is_taken_and_the_option_that_changes_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        api, aws, runtime = free_ports(3)
        ports = Ports(api, port, aws, runtime)

        with pytest.raises(PortInUseError, match=rf"{port} is in use.*--site-port"):
            ports.require_free()


def test_refuses_one_port_for_two_parts() -> None:
    with pytest.raises(PortInUseError, match="9000 was given to two parts"):
        Ports(api=9000, site=9000).require_free()


def test_takes_ports_that_are_free() -> None:
    Ports(*free_ports(4)).require_free()
