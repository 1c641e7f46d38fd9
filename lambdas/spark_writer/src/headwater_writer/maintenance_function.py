"""What AWS Lambda imports and calls on a schedule: the lake maintained, in the writer's image."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final, Protocol

from aws_lambda_powertools import Logger

from headwater_writer import session
from headwater_writer.maintenance.errors import MaintenanceError
from headwater_writer.maintenance.worker import maintain, worker
from headwater_writer.settings import Settings

RESERVE_SECONDS: Final = 30
"""What breaking off a step, giving the lease back and answering may take."""

_logger = Logger(service="maintenance")
_settings = Settings.from_environment(os.environ)
_spark = session.start(_settings)


class Context(Protocol):
    """What of Lambda's context object is used here."""

    def get_remaining_time_in_millis(self) -> int:
        """Return the milliseconds until Lambda ends the invocation."""


def handler(event: Mapping[str, Any], context: Context) -> dict[str, Sequence[dict[str, Any]]]:
    """Do what is due, or what the event asks for.

    ``event`` may have ``tables`` and ``steps``, lists of names; without them every table is given
    what is due to it.

    Raises:
        MaintenanceError: a step failed; the log has the reports of all.
    """
    tell: Callable[[str, str], None] = lambda table, step: _logger.info(  # noqa: E731
        "step begins", table=table, step=step
    )
    by = worker(
        _spark, lambda: context.get_remaining_time_in_millis() / 1000 - RESERVE_SECONDS, tell
    )
    reports = []
    for report in maintain(_spark, _settings, by, event.get("tables", ()), event.get("steps", ())):
        _logger.info("table maintained", report=asdict(report))
        reports.append(report)
    if any(report.failed for report in reports):
        raise MaintenanceError("a step failed: the reports before this in the log say which")
    return {"tables": [asdict(report) for report in reports]}
