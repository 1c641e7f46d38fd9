"""The one Spark session of a process: started, joined, and its jobs cut off."""

import logging
import math
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from pyspark.sql import SparkSession

from headwater_writer.settings import Settings
from headwater_writer.spark import java, jvm
from headwater_writer.spark.launch import launch

CANCEL_SECONDS: Final = 0.2
"""Only jobs can be cancelled, not what starts them: between two jobs there is nothing to cancel, so
it is done repeatedly."""

_running: Final[list[jvm.Jvm]] = []
"""The Java of this process. If nothing referred to it, the garbage collector would close its
standard input, and with that end it."""


def start(settings: Settings) -> SparkSession:
    """Start Java and Spark in it, from the AppCDS archive if there is one.

    Raises:
        JvmError: Java did not start.
    """
    return join(launch(settings).ready())


def join(running: jvm.Jvm) -> SparkSession:
    """Return the session of a Java that is running; a process has one, and keeps it."""
    _running.append(running)
    # How pyspark finds a Java that is already running.
    os.environ["PYSPARK_GATEWAY_PORT"] = str(running.port)
    os.environ["PYSPARK_GATEWAY_SECRET"] = running.secret
    session = SparkSession.builder.getOrCreate()
    logging.getLogger("py4j").setLevel(logging.WARNING)
    return session


def maps_app_cds_archive(spark: SparkSession) -> bool:
    """Return whether Java maps an AppCDS archive; it does without one silently, and starts slowly.

    ``java.vm.info`` says so: "mixed mode, sharing". The Java that is pinned has no archive of its
    own.
    """
    return "sharing" in java.system_property(spark, "java.vm.info")


@contextmanager
def cut_off(spark: SparkSession, seconds: float) -> Iterator[None]:
    """Cancel the session's jobs if the block is not done after ``seconds``; inf for no limit.

    Whoever waits for a job in the block, or starts one later, gets an error from Spark.
    """
    if math.isinf(seconds):
        yield
        return
    done = threading.Event()
    canceller = threading.Thread(target=_cancel, args=(spark, seconds, done))
    canceller.start()
    try:
        yield
    finally:
        done.set()
        canceller.join()


def _cancel(spark: SparkSession, seconds: float, done: threading.Event) -> None:
    if done.wait(seconds):
        return
    while not done.wait(CANCEL_SECONDS):
        spark.sparkContext.cancelAllJobs()
