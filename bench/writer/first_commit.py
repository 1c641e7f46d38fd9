"""From nothing to the first commit of 10,000 events, in this process.

Run as ``python -m writer.first_commit ours|stock`` with the writer's environment. ``ours`` is the
Lambda as it is. ``stock`` is the same handler on a session started as Spark's and Iceberg's
documentation show it: pyspark's own launcher, default flags, ``spark.jars``. Prints seconds since
the process was started.
"""

import os
import sys
import time
from datetime import UTC, datetime

import psutil

from writer.batches import invocation

EVENTS = 10_000


def _ours() -> None:
    from headwater_writer.lambda_function import handler  # noqa: PLC0415 (import is the init phase)

    handler(invocation(0, EVENTS), None)


def _stock() -> None:
    from pyspark.sql import SparkSession  # noqa: PLC0415 (part of what is measured)

    from headwater_writer import jars, session  # noqa: PLC0415
    from headwater_writer.decode import received_records  # noqa: PLC0415
    from headwater_writer.java import accept_callbacks  # noqa: PLC0415
    from headwater_writer.lake import Lake  # noqa: PLC0415
    from headwater_writer.settings import Settings  # noqa: PLC0415
    from headwater_writer.writer import Writer  # noqa: PLC0415

    settings = Settings.from_environment(os.environ)
    paths = ",".join(str(settings.jars / jar.file_name) for jar in jars.pinned_jars())
    builder = SparkSession.builder.config("spark.jars", paths).master("local[*]")
    for name, value in session.catalog_options(settings).items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    accept_callbacks(spark)
    tables = Lake.of(spark, settings).tables()
    writer = Writer(tables, settings.rules, lambda: datetime.now(UTC))
    writer.write(received_records(invocation(0, EVENTS)))


if __name__ == "__main__":
    {"ours": _ours, "stock": _stock}[sys.argv[1]]()
    print(time.time() - psutil.Process().create_time())
