"""What each part of the local run is: its command and its environment.

Settings of the collector and the writer (``WRITE_KEYS``, ``CAPTURE_HEADERS``, …) pass through from
the user's environment; AWS settings and proxies do not, as every part stays on loopback.
"""

import hashlib
import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from headwater_collector.settings import Settings as CollectorSettings
from headwater_local import aws_client, names
from headwater_local.errors import SettingError
from headwater_local.lambda_service.driver_settings import laptop_mapping
from headwater_local.ministack import aws
from headwater_local.ministack.provision import STREAM_RETENTION_HOURS
from headwater_local.supervision import training
from headwater_local.supervision.processes import Command
from headwater_local.supervision.run import (
    AWS,
    COLLECTOR,
    DRIVER,
    MAINTENANCE,
    REPLAY,
    SITE,
    TRAINING,
    WRITER,
    Part,
    Run,
)
from headwater_writer.settings import Settings as WriterSettings

WRITER_TIMEOUT_SECONDS = 300.0
"""How long an invocation of the writer may take, as on AWS: ``writer.timeout_seconds``."""

SINK_TIMEOUT_SECONDS = 300.0
"""How long an invocation of a sink may take, as on AWS (``terraform/modules/sinks``)."""

_PROXIES = {"http_proxy", "https_proxy", "all_proxy"}


def aws_stand_in(run: Run, python: Path) -> Command:
    """Return the stand-in's command; ``python`` is the one that has ministack."""
    settings = aws.server_environment(run.ports.aws, run.data_dir.aws_state, run.data_dir.objects)
    return _command(run, AWS, aws.command(python), settings)


def driver(run: Run) -> Command:
    """Return the writer's event source mapping and the Runtime API it invokes through."""
    settings = {
        "MAPPING": json.dumps(laptop_mapping(names.STREAM, names.BUCKET)),
        "FAILED_PREFIX": names.FAILED_PREFIX,
        "RUNTIME_API_PORT": str(run.ports.runtime),
        "FUNCTION_TIMEOUT_SECONDS": str(WRITER_TIMEOUT_SECONDS),
        "CONSUMER": names.CONSUMER_GROUP,
    }
    return _driver(run, DRIVER, settings)


def sink_driver(run: Run, sink: str, runtime_port: int) -> Command:
    """Return a sink's event source mapping and the Runtime API it invokes through."""
    # What fails is retried until the stream forgets it: a sink's database may be down for long.
    mapping = laptop_mapping(names.STREAM, names.BUCKET, names.sink_function(sink))
    settings = {
        "MAPPING": json.dumps({**mapping, "MaximumRetryAttempts": -1}),
        "FAILED_PREFIX": f"{names.FAILED_SINKS}/{sink}/",
        "RUNTIME_API_PORT": str(runtime_port),
        "FUNCTION_TIMEOUT_SECONDS": str(SINK_TIMEOUT_SECONDS),
        "CONSUMER": sink,
    }
    return _driver(run, Part(f"{sink}-driver"), settings)


def sink_function(
    run: Run, sink: str, runtime_port: int, handler: str, settings: Mapping[str, str]
) -> Command:
    """Return a sink's function as Lambda starts it, polling a Runtime API of its own."""
    address = {"AWS_LAMBDA_RUNTIME_API": f"{names.LOOPBACK}:{runtime_port}"}
    told = {**_lambda(names.sink_function(sink)), **address, **settings}
    return _module(run, Part(sink), told, "awslambdaric", handler)


def archive(run: Run) -> Command:
    """Return the stand-in for the archive's delivery stream, with its transformation."""
    settings = {
        **_lambda(names.sink_function(names.ARCHIVE)),
        "ARCHIVE_BUCKET": names.BUCKET,
        "ARCHIVE_PREFIX": names.ARCHIVE_PREFIX,
        "REFUSED_PREFIX": f"{names.ARCHIVE_ERRORS_PREFIX}refused/",
        "DATA_DIR": str(run.data_dir.root),
    }
    part = Part(names.ARCHIVE, grace_seconds=30.0)
    return _module(run, part, settings, "headwater_local.firehose.process")


def writer(run: Run) -> Command:
    """Return the writer as its image starts it, polling our Runtime API."""
    # Ahead of any event, so that it is ready, and the tables are there, when `up` says so.
    ahead = {"AWS_LAMBDA_INITIALIZATION_TYPE": "provisioned-concurrency"}
    address = {"AWS_LAMBDA_RUNTIME_API": f"{names.LOOPBACK}:{run.ports.runtime}"}
    settings = {**_lambda(names.WRITER_FUNCTION), **address, **ahead}
    return _function(run, WRITER, settings, "writer")


def maintenance(run: Run) -> Command:
    """Return the maintenance function, without the address of its Runtime API."""
    return _function(run, MAINTENANCE, _lambda(names.MAINTENANCE_FUNCTION), "maintenance")


def replay(run: Run) -> Command:
    """Return the replay function, without the address of its Runtime API."""
    settings = {
        **_lambda(names.REPLAY_FUNCTION),
        "FAILED_BATCHES_PREFIX": names.FAILED_BATCHES,
    }
    return _function(run, REPLAY, settings, "replay")


def backfill(folder: Path | None, run: Run) -> Command:
    """Return the replay function that may read a folder of this machine."""
    function = replay(run)
    allowed = {"BACKFILL_FOLDER": str(folder)} if folder else {}
    return replace(function, environment={**function.environment, **allowed})


def collector(run: Run) -> Command:
    """Return the collector's handler behind HTTP."""
    keys = {"IMPORT_KEYS": json.dumps({names.IMPORT_KEY: names.WRITE_KEY})}
    settings = {
        **({} if "IMPORT_KEYS" in run.environment else keys),
        **(history_reading(run.environment) if "history" in run.sinks else {}),
        "STREAM_NAME": names.STREAM,
        "API_PORT": str(run.ports.api),
    }
    return _module(run, COLLECTOR, settings, "headwater_local.api_gateway.collector")


def postgres(run: Run) -> Command:
    """Return the PostgreSQL of the counts."""
    folder = str(run.data_dir.postgres)
    part = Part("postgres", grace_seconds=30.0)
    return _module(run, part, {}, "headwater_local.sinks.postgres_server", folder)


def history_reading(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the settings of the route that reads the history; the user may have set up keys."""
    digest = hashlib.sha256(names.READ_KEY.encode()).hexdigest()
    keys = environment.get("HISTORY_READ_KEYS") or json.dumps([digest])
    return {"HISTORY_TABLE": names.HISTORY_TABLE, "HISTORY_READ_KEYS": keys}


def site(run: Run) -> Command:
    """Return the demo website and the reports."""
    settings = {
        "SITE_PORT": str(run.ports.site),
        "API_URL": run.ports.api_url,
        "DATA_DIR": str(run.data_dir.root),
    }
    return _module(run, SITE, settings, "headwater_local.website.site")


def training_run(run: Run, archive: Path) -> Command:
    """Return the run that makes the AppCDS archive, at the lowest priority."""
    settings = {
        "GLUE_DATABASE": training.DATABASE,
        "WAREHOUSE": training.WAREHOUSE,
        "JARS_DIR": str(run.cache.jars),
    }
    command = _module(run, TRAINING, settings, "headwater_writer.training", str(archive))
    return replace(command, arguments=("nice", "-n", "19", *command.arguments))


def environment(run: Run, settings: Mapping[str, str]) -> dict[str, str]:
    """Return the whole environment of a process: the user's, the stand-in's, its settings."""
    return {**inherited(run.environment), **aws_client.environment(run.ports.aws_url), **settings}


def inherited(environment: Mapping[str, str]) -> dict[str, str]:
    """Return what of the user's environment a part may see."""
    kept = {
        name: value
        for name, value in environment.items()
        if not name.startswith("AWS_") and name.lower() not in _PROXIES
    }
    return {**kept, "PYTHONUNBUFFERED": "1", "TZ": "UTC"}


def lake(run: Run) -> dict[str, str]:
    """Return the settings of every process that works on the tables with Spark."""
    plan = run.data_dir.tracking_plan
    return {
        "GLUE_DATABASE": names.DATABASE,
        "WAREHOUSE": names.WAREHOUSE,
        "CONSUMER_GROUP": names.CONSUMER_GROUP,
        "JARS_DIR": str(run.cache.jars),
        "STREAM_RETENTION_HOURS": str(STREAM_RETENTION_HOURS),
        "TRACKING_PLAN": str(plan) if plan.exists() else "",
    }


def require_settings(run: Run) -> None:
    """Check the collector's and the writer's environment as they will themselves.

    Raises:
        SettingError: one of them could not start.
    """
    try:
        CollectorSettings.from_environment(collector(run).environment)
        WriterSettings.from_environment(environment(run, lake(run)))
    except ValueError as error:
        raise SettingError(f"{error}. Nothing was started.") from error


def _lambda(function_name: str) -> dict[str, str]:
    """Return what Lambda tells every function ("Using Lambda environment variables")."""
    return {
        "AWS_LAMBDA_FUNCTION_NAME": function_name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "3008",
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{function_name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": "local",
    }


def _function(run: Run, part: Part, settings: Mapping[str, str], module: str) -> Command:
    """Return a function of the writer's image, as its command starts it."""
    archive = training.archive_file(run.cache)
    cds = {"CLASS_ARCHIVE": str(archive)} if archive.exists() else {}
    handler = f"headwater_writer.functions.{module}.handler"
    return _module(run, part, {**lake(run), **cds, **settings}, "awslambdaric", handler)


def _driver(run: Run, part: Part, settings: Mapping[str, str]) -> Command:
    directory = {"DATA_DIR": str(run.data_dir.root)}
    return _module(run, part, {**settings, **directory}, "headwater_local.lambda_service.driver")


def _module(run: Run, part: Part, settings: Mapping[str, str], *arguments: str) -> Command:
    return _command(run, part, (sys.executable, "-m", *arguments), settings)


def _command(
    run: Run, part: Part, arguments: tuple[str, ...], settings: Mapping[str, str]
) -> Command:
    return Command(part, arguments, environment(run, settings))
