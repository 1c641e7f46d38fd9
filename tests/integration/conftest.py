"""A real AWS stand-in for the tests, one process for all of them."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from eventually import eventually
from free_ports import free_port
from headwater_local.cache import Cache
from headwater_local.ministack import aws
from headwater_local.ports import Ports
from iam import recording

_TOLD_BY = ("sns", "sqs")
"""How an operator is told on AWS, beside what a laptop has."""

_ARRIVAL = re.compile(r'("ApproximateArrivalTimestamp": )([0-9.]+)')


class StandIn:
    """A stand-in process that can be stopped gently, killed and started again.

    With a file for it, requests are recorded.
    """

    def __init__(self, directory: Path, recorded: Path | None = None) -> None:
        self.port = free_port()
        self.endpoint = Ports(aws=self.port).aws_url
        self._directory = directory
        self._recorded = recorded
        self._python = aws.install(Cache.from_environment(os.environ), os.environ)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, modules: Path | None = None) -> None:
        """Start it, with modules of the test's own before all others."""
        settings = aws.server_environment(
            self.port, self._directory / "state", self._directory / "s3"
        )
        settings["SERVICES"] = ",".join((*aws.SERVICES, *_TOLD_BY))
        command = aws.command(self._python)
        if self._recorded is not None:
            settings = recording.environment(settings, self._recorded)
            command = recording.command(self._python, aws.SERVER)
        if modules is not None:
            settings["PYTHONPATH"] = f"{modules}{os.pathsep}{settings['PYTHONPATH']}"
        with (self._directory / "aws.log").open("ab") as log:
            self._process = subprocess.Popen(
                command,
                env={**os.environ, **settings},
                stdout=log,
                stderr=log,
            )
        eventually(lambda: aws.is_healthy(self.endpoint), 60.0)

    def stop(self) -> None:
        assert self._process is not None
        self._process.terminate()
        self._process.wait(timeout=60)

    def kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait(timeout=60)

    def age_records(self, seconds: float) -> None:
        """Let the saved records of all streams have come earlier; while it is stopped."""
        saved = self._directory / "state" / "kinesis.json"
        aged = _ARRIVAL.sub(
            lambda found: f"{found[1]}{float(found[2]) - seconds}", saved.read_text()
        )
        saved.write_text(aged)

    def empty(self) -> None:
        httpx.post(f"{self.endpoint}/_ministack/reset", timeout=30).raise_for_status()


@pytest.fixture(scope="session")
def stand_in(
    tmp_path_factory: pytest.TempPathFactory, integration_requests: Path
) -> Iterator[StandIn]:
    """The shared process; ask for `aws_endpoint` unless you need the process itself."""
    process = StandIn(tmp_path_factory.mktemp("aws"), integration_requests)
    process.start()
    yield process
    process.stop()


@pytest.fixture
def aws_endpoint(stand_in: StandIn) -> str:
    """URL of an AWS stand-in that holds nothing yet."""
    stand_in.empty()
    return stand_in.endpoint


@pytest.fixture
def own_stand_in(tmp_path: Path) -> Iterator[StandIn]:
    """A stand-in of the test's own, to stop and start; the test starts it."""
    process = StandIn(tmp_path)
    yield process
    process.kill()
