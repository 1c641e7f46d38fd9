"""From nothing to the first commit of 10,000 events, in this process.

Run as ``python -m writer.first_commit RUNG EVENT`` with the writer's environment; RUNG is a number
of ``RUNGS``, EVENT a file with the invocation in JSON. The first rung is a session as Spark's and
Iceberg's documentation start it, each other one has one lever more, and the last is the Lambda as
it is. The handler is the same on all. Prints seconds since the process was started.
"""

import json
import os
import shlex
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import psutil

# ruff: noqa: PLC0415 -- what a rung imports is part of what is measured

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from headwater_writer.settings import Settings

Start = Callable[["Settings"], "SparkSession"]
Event = dict[str, Any]


def _stock(settings: "Settings") -> "SparkSession":
    return _by_sparks_launcher(settings, ["--jars", ",".join(_pinned(settings))])


def _flags(settings: "Settings") -> "SparkSession":
    return _by_sparks_launcher(settings, [*_java_options(), "--jars", ",".join(_pinned(settings))])


def _class_path(settings: "Settings") -> "SparkSession":
    on_it = ["--driver-class-path", os.pathsep.join(_pinned(settings))]
    return _by_sparks_launcher(settings, [*_java_options(), *on_it])


def _launcher(settings: "Settings") -> "SparkSession":
    from unittest.mock import patch

    from headwater_writer.spark import jvm

    with patch.object(jvm, "spark_jars", _all_of_sparks_jars):
        return _by_own_launcher(settings)


def _fewer_jars(settings: "Settings") -> "SparkSession":
    return _by_own_launcher(settings)


def _class_archive(settings: "Settings") -> "SparkSession":
    from headwater_writer.spark import session

    return session.start(settings)


STEPS: Final[dict[str, Start]] = {
    "stock flags and `spark.jars`": _stock,
    "+ serial GC, second compiler later": _flags,
    "+ jars on the class path": _class_path,
    "+ own launcher, settings for small batches": _launcher,
    "+ only the jars that are needed": _fewer_jars,
    "+ AppCDS archive": _class_archive,
}
RUNGS: Final = (*STEPS, "+ imports and rehearsal beside it: this writer")


def _by_sparks_launcher(settings: "Settings", arguments: Sequence[str]) -> "SparkSession":
    from pyspark.sql import SparkSession

    from headwater_writer.spark.options import catalog_options

    os.environ["PYSPARK_SUBMIT_ARGS"] = shlex.join([*arguments, "pyspark-shell"])
    builder = SparkSession.builder.master("local[*]")
    for name, value in catalog_options(settings).items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def _by_own_launcher(settings: "Settings") -> "SparkSession":
    from headwater_writer.spark import jvm, session
    from headwater_writer.spark.options import spark_options

    return session.join(jvm.launch(settings.jars, spark_options(settings), ()).ready())


def _java_options() -> list[str]:
    from headwater_writer.spark import jvm

    return ["--driver-java-options", " ".join([jvm.GC_OPTION, *jvm.COMPILER_OPTIONS])]


def _pinned(settings: "Settings") -> list[str]:
    from headwater_writer.spark import jars

    return [str(settings.jars / jar.file_name) for jar in jars.pinned_jars()]


def _all_of_sparks_jars() -> list[Path]:
    import pyspark

    return sorted((Path(pyspark.__file__).parent / "jars").glob("*.jar"))


def _on_a_session(start: Start, event: Event) -> None:
    from aws_lambda_powertools import Logger

    from headwater_writer.handler import handle
    from headwater_writer.process import Process, rules
    from headwater_writer.settings import Settings

    settings, logger = Settings.from_environment(os.environ), Logger(service="bench")
    process = Process.on(start(settings), settings, rules(settings), logger)
    handle(event, process.writer, logger)


def _as_lambda_does(event: Event) -> None:
    from headwater_writer.functions.writer import handler

    handler(event, None)


if __name__ == "__main__":
    rung, invocation = RUNGS[int(sys.argv[1])], json.loads(Path(sys.argv[2]).read_bytes())
    if rung in STEPS:
        _on_a_session(STEPS[rung], invocation)
    else:
        _as_lambda_does(invocation)
    print(time.time() - psutil.Process().create_time())
