"""An AWS stand-in of a benchmark's own."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from headwater_local.cache import Cache
from headwater_local.ministack import aws
from headwater_local.ports import Ports


@contextmanager
def stand_in(directory: Path, *others: str) -> Iterator[str]:
    """Run a stand-in that keeps its files in ``directory``; yields its URL.

    It has ``others`` beside the services of the route.
    """
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    python = aws.install(Cache.from_environment(os.environ), os.environ)
    settings = aws.server_environment(port, directory / "state", directory / "objects")
    settings["SERVICES"] = ",".join((*aws.SERVICES, *others))
    with (directory / "aws.log").open("wb") as log:
        process = subprocess.Popen(
            aws.command(python), env={**os.environ, **settings}, stdout=log, stderr=log
        )
    try:
        while not aws.is_healthy(Ports(aws=port).aws_url):
            time.sleep(0.05)
        yield Ports(aws=port).aws_url
    finally:
        process.kill()
        process.wait()
