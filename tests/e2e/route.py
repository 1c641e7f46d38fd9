"""A whole Headwater in a process of its own, as a user starts it."""

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil

from eventually import eventually
from free_ports import free_ports
from headwater_local.data_dir import DataDir
from headwater_local.inspection.dialect import Dialect
from headwater_local.inspection.sql import LocalLake
from headwater_local.inspection.status import Status, read_status
from headwater_local.results import Format, render

HEADWATER = (sys.executable, "-c", "from headwater_local.cli import app; app()")
START_SECONDS = 300.0
STOP_SECONDS = 90.0
PARTS = ("aws", "driver", "writer", "collector", "site")


@dataclass(frozen=True)
class Outcome:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


def run(*arguments: str, stdin: str | None = None, seconds: float = START_SECONDS) -> Outcome:
    """Run a `headwater` command to its end, which comes within so many seconds."""
    done = subprocess.run(
        [*HEADWATER, *arguments],
        check=False,
        capture_output=True,
        text=True,
        input=stdin,
        timeout=seconds,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


class Route:
    """A `headwater up` on ports of its own."""

    def __init__(
        self,
        data_dir: Path,
        *options: str,
        command: Sequence[str] = HEADWATER,
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        self.data_dir = data_dir
        self._command, self._environment = command, environment
        api, site, aws, runtime = free_ports(4)
        self.api_url = f"http://127.0.0.1:{api}"
        self.site_url = f"http://127.0.0.1:{site}"
        self.aws_url = f"http://127.0.0.1:{aws}"
        self.runtime_url = f"http://127.0.0.1:{runtime}"
        self.options = (
            *("--data-dir", str(data_dir), "--api-port", str(api), "--site-port", str(site)),
            *("--aws-port", str(aws), "--runtime-port", str(runtime)),
            *options,
        )
        self._output = data_dir.with_suffix(".out")
        self._process: subprocess.Popen[bytes] | None = None
        # In this process: a command's start takes longer than what is asked, again and again.
        self._lake = LocalLake(DataDir.at(data_dir))

    def start(self) -> None:
        """Start it and wait until it says that it is up."""
        with self._output.open("wb") as output:
            self._process = subprocess.Popen(
                [*self._command, "up", *self.options],
                stdout=output,
                stderr=output,
                env=self._environment,
            )
        eventually(self._is_up, START_SECONDS)

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """Send a signal to it, Ctrl-C's by default, and return its exit code."""
        assert self._process is not None
        self._process.send_signal(number)
        return self._process.wait(STOP_SECONDS)

    def end(self) -> None:
        """Stop it if it still runs."""
        if self._process is not None and self._process.poll() is None:
            self.stop()

    @property
    def said(self) -> str:
        """What it has printed."""
        return self._output.read_text()

    def exit_code(self) -> int:
        """Wait for its end."""
        assert self._process is not None
        return self._process.wait(STOP_SECONDS)

    def pid(self, part: str) -> int:
        """Return the pid of a part, from its file."""
        return int((self.data_dir / "run" / f"{part}.pid").read_text())

    def listening(self) -> list[tuple[str, int]]:
        """Return the addresses and ports that the parts listen on."""
        return [
            (connection.laddr.ip, connection.laddr.port)
            for part in PARTS
            for process in (psutil.Process(self.pid(part)),)
            for each in (process, *process.children(recursive=True))
            for connection in each.net_connections()
            if connection.status == psutil.CONN_LISTEN
        ]

    def kill(self, part: str) -> None:
        """Kill a part without asking, and wait until it runs again."""
        old = self.pid(part)
        os.kill(old, signal.SIGKILL)
        eventually(lambda: self._runs_again(part, old), 60.0)

    def track(self, event: str, **fields: object) -> httpx.Response:
        """Send one track call."""
        message = {"userId": "u", "event": event, **fields}
        return httpx.post(f"{self.api_url}/v1/track", json=message, timeout=30, trust_env=False)

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """Return the rows of a query in DuckDB's dialect, as `headwater query` prints JSON."""
        printed = io.StringIO()
        render(self._lake.run(sql, Dialect.DUCKDB), Format.JSON, printed)
        rows: list[dict[str, Any]] = json.loads(printed.getvalue())
        return rows

    def status(self) -> dict[str, Any]:
        """Return the status."""
        outcome = run("status", "--json", "--data-dir", str(self.data_dir))
        assert outcome.code == 0, outcome.err
        status: dict[str, Any] = json.loads(outcome.out)
        return status

    def counts(self) -> Status:
        """Return what the status is made of."""
        return read_status(self._lake.data_dir)

    def wait_until_written(self, seconds: float = 120.0) -> dict[str, Any]:
        """Wait until no event waits, and return the status then."""
        eventually(lambda: self.counts().waiting == 0, seconds)
        return self.status()

    def _is_up(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, self.said
        return "Headwater is up" in self.said

    def _runs_again(self, part: str, old: int) -> bool:
        try:
            return self.pid(part) != old
        except FileNotFoundError:  # Between the death and the start there is none.
            return False
