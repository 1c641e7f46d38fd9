"""A limit to the time that Spark takes."""

import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from pyspark.sql import SparkSession

AGAIN_SECONDS: Final = 0.2
"""Jobs are cancelled, not what will start some: between two jobs there is nothing to cancel."""


@contextmanager
def cut_off(spark: SparkSession, seconds: float) -> Iterator[None]:
    """Cancel the session's jobs if the block is not through after ``seconds``; inf for no limit.

    Whoever waits for a job in the block, or begins one later, gets an error from Spark.
    """
    if math.isinf(seconds):
        yield
        return
    through = threading.Event()
    canceller = threading.Thread(target=_cancel, args=(spark, seconds, through))
    canceller.start()
    try:
        yield
    finally:
        through.set()
        canceller.join()


def _cancel(spark: SparkSession, seconds: float, through: threading.Event) -> None:
    if through.wait(seconds):
        return
    while not through.wait(AGAIN_SECONDS):
        spark.sparkContext.cancelAllJobs()
