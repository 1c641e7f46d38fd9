"""A limit to the time that Spark takes."""

import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from pyspark.sql import SparkSession


@contextmanager
def cut_off(spark: SparkSession, seconds: float) -> Iterator[None]:
    """Cancel the session's jobs if the block is not through after ``seconds``; inf for no limit.

    Whoever waits for a job in the block gets an error from Spark.
    """
    if math.isinf(seconds):
        yield
        return
    timer = threading.Timer(seconds, spark.sparkContext.cancelAllJobs)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
