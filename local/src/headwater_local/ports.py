"""The four ports of a local run, and whether they are free."""

import errno
import socket
from collections import Counter
from dataclasses import asdict, dataclass

from headwater_local.errors import PortInUseError
from headwater_local.names import LOOPBACK


@dataclass(frozen=True)
class Ports:
    """TCP ports, all on loopback.

    They are of the collector behind HTTP, of the demo website, of the AWS stand-in, and of the
    Lambda Runtime API that the writer polls.
    """

    api: int = 8080
    site: int = 8000
    aws: int = 4566
    runtime: int = 4567

    @property
    def api_url(self) -> str:
        """The address that clients send events to."""
        return f"http://{LOOPBACK}:{self.api}"

    @property
    def site_url(self) -> str:
        """The address of the demo website."""
        return f"http://{LOOPBACK}:{self.site}"

    @property
    def aws_url(self) -> str:
        """Endpoint of the AWS stand-in."""
        return f"http://{LOOPBACK}:{self.aws}"

    def require_free(self) -> None:
        """Refuse ports that are taken, or given twice.

        Raises:
            PortInUseError: naming the port and the option that changes it.
        """
        chosen: dict[str, int] = asdict(self)
        port, times = Counter(chosen.values()).most_common(1)[0]
        if times > 1:
            raise PortInUseError(f"Port {port} was given to two parts: choose different ports.")
        for name, port in chosen.items():
            _require_free(name, port)


def unused_port() -> int:
    """Return a port of loopback that was free a moment ago."""
    with socket.create_server((LOOPBACK, 0)) as probe:
        return int(probe.getsockname()[1])


def _require_free(name: str, port: int) -> None:
    with socket.socket() as probe:
        # Without it, connections that a previous run closed a moment ago
        # (TIME_WAIT) would count as a listener.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            raise PortInUseError(_sentence(name, port, error)) from error


def _sentence(name: str, port: int, error: OSError) -> str:
    reason = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be used ({error})"
    return (
        f"Port {port} {reason}: stop what listens there, or choose another with --{name}-port PORT."
    )
