"""What AWS Lambda imports and calls. Importing it is the init phase: Spark and the tables start."""

import os
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools import Logger

from headwater_writer import session
from headwater_writer.failures import clients
from headwater_writer.failures.operator import Operator
from headwater_writer.failures.reporting import with_reports
from headwater_writer.handler import Response, handle
from headwater_writer.lake import Lake
from headwater_writer.rehearsal import warm_up
from headwater_writer.settings import Settings
from headwater_writer.writer import Writer

_logger = Logger(service="writer")


def _start() -> tuple[Writer, Operator]:
    settings = Settings.from_environment(os.environ)
    spark = session.start(settings)
    warm_up(spark)
    operator = Operator(clients.topic(settings), _now, _logger)
    tables = with_reports(Lake.of(spark, settings).tables(), settings, operator)
    return Writer(tables, settings.rules, _now), operator


def _now() -> datetime:
    return datetime.now(UTC)


_writer, _operator = _start()


def handler(event: dict[str, Any], _context: object) -> Response:
    """Answer an invocation of the writer, and tell the operator what is still untold."""
    response = handle(event, _writer, _logger)
    _operator.tell()
    return response
