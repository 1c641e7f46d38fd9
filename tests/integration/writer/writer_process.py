"""A writer in a process of its own, started as its image does, that can be killed and frozen."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast

import psutil

from eventually import eventually
from headwater_local.cache import Cache
from headwater_local.lambda_service.event_source.event import KinesisEvent
from headwater_local.lambda_service.runtime_api import RuntimeApi
from headwater_local.supervision.training import archive_file
from headwater_writer.spark import jars

START_SECONDS = 120
INVOCATION_SECONDS = 60


def writer_environment() -> dict[str, str]:
    """Return what every writer is told, wherever its tables are; the jars are there."""
    cache = Cache.from_environment(os.environ)
    jars.fetch(cache.jars, print)
    archive = archive_file(cache)
    return {
        "JARS_DIR": str(cache.jars),
        "GLUE_DATABASE": "named-by-each-test",
        "WAREHOUSE": "s3://named-by-each-test",
        **({"CLASS_ARCHIVE": str(archive)} if archive.exists() else {}),
    }


class WriterProcess:
    """A writer and the Runtime API that it is invoked through; a context manager.

    With another ``handler`` it is another function.
    """

    def __init__(
        self,
        environment: Mapping[str, str],
        log: Path,
        timeout: float = INVOCATION_SECONDS,
        handler: str = "headwater_writer.functions.writer.handler",
    ) -> None:
        self._environment = environment
        self._log = log
        self._handler = handler
        self._api = RuntimeApi("127.0.0.1", 0, timeout)
        self._invocations = ThreadPoolExecutor(max_workers=1)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def is_running(self) -> bool:
        """Whether it was not killed, frozen or not."""
        return self._process is not None and self._process.poll() is None

    @property
    def is_ready(self) -> bool:
        """Whether it has started, and asks for an event or is at one."""
        return self.is_running and self._api.ready.is_set()

    def __enter__(self) -> Self:
        self._api.__enter__()
        settings = {"AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{self._api.port}"}
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "awslambdaric", self._handler],
                env=dict(self._environment) | settings,
                stdout=log,
                stderr=log,
                # A group of its own, so that its Java ends and stands still with it.
                start_new_session=True,
            )
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.kill()
        self._invocations.shutdown()
        self._api.__exit__(exc_type, exc, traceback)

    def await_snapshot(self) -> None:
        """Wait until the writer is at the point where Lambda takes a snapshot of it."""
        assert self._api.initialized.wait(START_SECONDS), f"it did not start: see {self._log}"

    def restore(self) -> None:
        """Let a writer go on from its snapshot, when it is thawed."""
        self._api.restore()

    def await_ready(self) -> None:
        """Wait until the writer asks for an event."""
        eventually(lambda: self._api.ready.is_set() or not self.is_running, START_SECONDS)
        assert self.is_running, f"the writer did not start: see {self._log}"

    def invoke(self, event: dict[str, Any]) -> "Future[Any]":
        """Hand an event to the writer, when it is ready for one."""
        return self._invocations.submit(self._invoke, cast("KinesisEvent", event))

    def kill(self) -> None:
        """End the writer and its Java at once."""
        self._signal(signal.SIGKILL)
        assert self._process is not None
        self._process.wait(timeout=30)

    def kill_java(self) -> None:
        """End the writer's Java alone, as a kernel does that runs out of memory."""
        _, java = self.processes()
        java.kill()

    def hold_java(self) -> psutil.Process:
        """Let the function's Java stand still as soon as it is there, and return it."""
        # Before it is Java, it is a copy of Python, which waits for it to become Java.
        eventually(lambda: [child.name() for child in self.children()] == ["java"], START_SECONDS)
        [java] = self.children()
        java.suspend()
        return java

    def children(self) -> list[psutil.Process]:
        """Return what the function's Python has started."""
        assert self._process is not None
        return psutil.Process(self._process.pid).children()

    def processes(self) -> tuple[psutil.Process, psutil.Process]:
        """Return the writer's Python and its Java."""
        assert self._process is not None
        [java] = self.children()
        return psutil.Process(self._process.pid), java

    def await_end(self) -> None:
        """Wait until the writer has ended by itself."""
        assert self._process is not None
        self._process.wait(timeout=30)

    def freeze(self) -> None:
        """Let the writer and its Java stand still, as Lambda does between invocations."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let them go on."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        if self.is_running:
            os.killpg(self._process.pid, number)

    def _invoke(self, event: KinesisEvent) -> object:
        self.await_ready()
        return self._api.invoke(event)
