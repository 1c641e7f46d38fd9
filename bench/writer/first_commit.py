"""From nothing to the first commit of 10,000 events, in this process.

Run as ``python -m writer.first_commit RUNG`` with the writer's environment; RUNG is a number of
``RUNGS``. The first is a session as Spark's and Iceberg's documentation start it, each other one
has one lever more, and the last is the Lambda as it is. The handler is the same on all. Prints
seconds since the process was started.
"""

import os
import shlex
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import psutil

from writer.batches import invocation

# ruff: noqa: PLC0415 -- what a rung imports is part of what is measured

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from headwater_writer.settings import Settings

Start = Callable[["Settings"], "SparkSession"]

EVENTS = 10_000


def _stock(settings: "Settings") -> "SparkSession":
    return _by_sparks_launcher(settings, ["--jars", ",".join(_pinned(settings))])


def _flags(settings: "Settings") -> "SparkSession":
    return _by_sparks_launcher(settings, [*_java_options(), "--jars", ",".join(_pinned(settings))])


def _class_path(settings: "Settings") -> "SparkSession":
    on_it = ["--driver-class-path", os.pathsep.join(_pinned(settings))]
    return _by_sparks_launcher(settings, [*_java_options(), *on_it])


def _launcher(settings: "Settings") -> "SparkSession":
    from unittest.mock import patch

    from headwater_writer import jvm

    with patch.object(jvm, "spark_jars", _all_of_sparks_jars):
        return _by_own_launcher(settings)


def _fewer_jars(settings: "Settings") -> "SparkSession":
    return _by_own_launcher(settings)


def _class_archive(settings: "Settings") -> "SparkSession":
    from headwater_writer import session

    return session.start(settings)


def _rehearsal(settings: "Settings") -> "SparkSession":
    from headwater_writer.rehearsal import warm_up

    spark = _class_archive(settings)
    warm_up(spark)
    return spark


STEPS: Final[dict[str, Start]] = {
    "stock flags and `spark.jars`": _stock,
    "+ serial collector, first compiler tier": _flags,
    "+ jars on the class path": _class_path,
    "+ own launcher, settings for small batches": _launcher,
    "+ only the jars that are needed": _fewer_jars,
    "+ class archive": _class_archive,
    "+ rehearsal before the first batch": _rehearsal,
}
RUNGS: Final = (*STEPS, "+ all that can be at the same time: this writer")


def _by_sparks_launcher(settings: "Settings", arguments: Sequence[str]) -> "SparkSession":
    from pyspark.sql import SparkSession

    from headwater_writer.java import accept_callbacks
    from headwater_writer.spark_options import catalog_options

    os.environ["PYSPARK_SUBMIT_ARGS"] = shlex.join([*arguments, "pyspark-shell"])
    builder = SparkSession.builder.master("local[*]")
    for name, value in catalog_options(settings).items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    accept_callbacks(spark)
    return spark


def _by_own_launcher(settings: "Settings") -> "SparkSession":
    from headwater_writer import jvm, session
    from headwater_writer.spark_options import spark_options

    return session.join(jvm.launch(settings.jars, spark_options(settings), ()).ready())


def _java_options() -> list[str]:
    from headwater_writer import jvm

    return ["--driver-java-options", f"{jvm.COLLECTOR} {jvm.FIRST_TIER}"]


def _pinned(settings: "Settings") -> list[str]:
    from headwater_writer import jars

    return [str(settings.jars / jar.file_name) for jar in jars.pinned_jars()]


def _all_of_sparks_jars() -> list[Path]:
    import pyspark

    return sorted((Path(pyspark.__file__).parent / "jars").glob("*.jar"))


def _on_a_session(start: Start) -> None:
    from aws_lambda_powertools import Logger

    from headwater_writer.failures.process import Process
    from headwater_writer.handler import handle
    from headwater_writer.settings import Settings

    settings, logger = Settings.from_environment(os.environ), Logger(service="bench")
    process = Process.on(start(settings), settings, logger)
    handle(invocation(0, EVENTS), process.writer, logger)


def _as_lambda_does() -> None:
    from headwater_writer.lambda_function import handler

    handler(invocation(0, EVENTS), None)


if __name__ == "__main__":
    rung = RUNGS[int(sys.argv[1])]
    if rung in STEPS:
        _on_a_session(STEPS[rung])
    else:
        _as_lambda_does()
    print(time.time() - psutil.Process().create_time())
