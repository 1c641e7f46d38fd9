"""What AWS Lambda imports and calls on a schedule: the lake maintained, in the writer's image.

Java starts first, as in ``writer``, and the first event joins it.
"""

# ruff: noqa: E402 -- the reason above

import os

from headwater_writer.settings import Settings
from headwater_writer.spark.launch import launch

_settings = Settings.from_environment(os.environ)
_java = launch(_settings)

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from functools import cache, partial
from typing import Any

from aws_lambda_powertools import Logger
from pyspark.sql import SparkSession

from headwater_writer.functions.invocation import Context, lifeline, seconds_left
from headwater_writer.functions.starting import joined
from headwater_writer.lake.lake import Lake
from headwater_writer.maintenance.errors import MaintenanceError
from headwater_writer.maintenance.lake import maintain, worker
from headwater_writer.maintenance.register import register
from headwater_writer.maintenance.request import Listing, Registering, Request, Rewinding, request
from headwater_writer.maintenance.rewind import rewind, snapshots
from headwater_writer.maintenance.table import maintained_table

_logger = Logger(service="maintenance")
_starting = ThreadPoolExecutor(max_workers=1).submit(_java.ready)


@cache
def _spark() -> SparkSession:
    return joined(_starting.result(), _logger)


def handler(event: Mapping[str, Any], context: Context) -> dict[str, Any]:
    """Do what is due, or what the event asks for (``maintenance.request``).

    A rewind, a list of snapshots or a registration that cannot be had is answered with an
    ``error``.

    Raises:
        MaintenanceError: something failed; the log has the reports of all tables.
        msgspec.ValidationError: the event asks for something else.
    """
    asked = request(event)
    with lifeline(_java.process, _starting, _logger):
        if asked.snapshots:
            return _answered(partial(_snapshots, asked.snapshots))
        if asked.rewind:
            return _answered(partial(_rewound, asked.rewind))
        if asked.register:
            return _answered(partial(_registered, asked.register))
        return _maintained(asked, context)


def _maintained(asked: Request, context: Context) -> dict[str, Any]:
    by = worker(_spark(), partial(seconds_left, context), _log_step)
    reports = []
    for report in maintain(_spark(), _settings, by, asked.tables, asked.steps):
        _logger.info("table maintained", report=asdict(report))
        reports.append(report)
    if failed := [report.table for report in reports if report.failed]:
        raise MaintenanceError(f"failed on {', '.join(failed)}: the log has a report of each table")
    return {"tables": [asdict(report) for report in reports]}


def _log_step(table: str, step: str) -> None:
    _logger.info("step begins", table=table, step=step)


def _answered(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    try:
        return work()
    except MaintenanceError as error:
        _logger.warning("not done", reason=str(error))
        return {"error": str(error)}


def _snapshots(asked: Listing) -> dict[str, Any]:
    found = snapshots(maintained_table(_spark(), _settings, asked.table))
    return {"snapshots": [_as_json(asdict(each)) for each in found]}


def _rewound(asked: Rewinding) -> dict[str, Any]:
    table = maintained_table(_spark(), _settings, asked.table)
    done = _as_json(asdict(rewind(table, asked.target, dry_run=asked.dry_run)))
    _logger.info("rewind", table=asked.table, dry_run=asked.dry_run, done=done)
    return {"rewind": done}


def _registered(asked: Registering) -> dict[str, Any]:
    table = maintained_table(_spark(), _settings, asked.table)
    lake = Lake.of(_spark(), _settings)
    done = asdict(register(lake, table, asked.metadata, dry_run=asked.dry_run))
    done["written_at"] = done["written_at"].isoformat()
    _logger.info("register", table=asked.table, dry_run=asked.dry_run, done=done)
    return {"register": done}


def _as_json(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {**fields, "committed_at": fields["committed_at"].isoformat()}
