"""The one Spark session of a process."""

import logging
import os

from pyspark.sql import SparkSession

from headwater_writer.settings import Settings
from headwater_writer.spark import jvm
from headwater_writer.spark.launch import launch


def start(settings: Settings) -> SparkSession:
    """Start Java and Spark in it, from the class archive where there is one.

    Raises:
        JvmError: Java did not start.
    """
    return join(launch(settings).ready())


def join(running: jvm.Jvm) -> SparkSession:
    """Return the session of a Java that is running; a process has one."""
    # How pyspark is told of a Java that somebody else started.
    os.environ["PYSPARK_GATEWAY_PORT"] = str(running.port)
    os.environ["PYSPARK_GATEWAY_SECRET"] = running.secret
    session = SparkSession.builder.getOrCreate()
    logging.getLogger("py4j").setLevel(logging.WARNING)
    return session
