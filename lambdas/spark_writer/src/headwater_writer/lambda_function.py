"""What AWS Lambda imports and calls. Importing it is the init phase: Spark and the tables start."""

import os
from typing import Any

from aws_lambda_powertools import Logger

from headwater_writer import session
from headwater_writer.failures.process import Process
from headwater_writer.handler import Response, handle
from headwater_writer.rehearsal import warm_up
from headwater_writer.settings import Settings

_logger = Logger(service="writer")


def _start() -> Process:
    settings = Settings.from_environment(os.environ)
    spark = session.start(settings)
    warm_up(spark)
    return Process.on(spark, settings, _logger)


_process = _start()


def handler(event: dict[str, Any], _context: object) -> Response:
    """Answer an invocation of the writer, and tell the operator what is still untold."""
    response = handle(event, _process.writer, _logger)
    _process.operator.tell()
    return response
