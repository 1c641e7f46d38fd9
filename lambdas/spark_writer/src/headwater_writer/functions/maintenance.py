"""What AWS Lambda imports and calls on a schedule: the lake maintained, in the writer's image."""

import os
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import partial
from typing import Any

from aws_lambda_powertools import Logger

from headwater_writer.functions.invocation import Context, seconds_left
from headwater_writer.maintenance.errors import MaintenanceError
from headwater_writer.maintenance.request import Rewinding, request
from headwater_writer.maintenance.rewind import answer, target
from headwater_writer.maintenance.table import maintained_table
from headwater_writer.maintenance.worker import maintain, worker
from headwater_writer.settings import Settings
from headwater_writer.spark import session

_logger = Logger(service="maintenance")
_settings = Settings.from_environment(os.environ)
_spark = session.start(_settings)


def handler(event: Mapping[str, Any], context: Context) -> dict[str, Any]:
    """Do what is due, or what the event asks for (``maintenance.request``).

    Raises:
        MaintenanceError: something failed; the log has the reports of all tables.
        msgspec.ValidationError: the event asks for something else.
        ValueError: there is no such table or time to rewind to.
    """
    asked = request(event)
    if asked.rewind:
        return _rewound(asked.rewind)
    tell: Callable[[str, str], None] = lambda table, step: _logger.info(  # noqa: E731
        "step begins", table=table, step=step
    )
    by = worker(_spark, partial(seconds_left, context), tell)
    reports = []
    for report in maintain(_spark, _settings, by, asked.tables, asked.steps):
        _logger.info("table maintained", report=asdict(report))
        reports.append(report)
    if failed := [report.table for report in reports if report.failed]:
        raise MaintenanceError(f"failed on {', '.join(failed)}: the log has a report of each table")
    return {"tables": [asdict(report) for report in reports]}


def _rewound(asked: Rewinding) -> dict[str, Any]:
    table = maintained_table(_spark, _settings, asked.table)
    said = answer(table, target(str(asked.to)), dry_run=asked.dry_run)
    _logger.info("rewind", table=asked.table, dry_run=asked.dry_run, answer=said)
    return said
