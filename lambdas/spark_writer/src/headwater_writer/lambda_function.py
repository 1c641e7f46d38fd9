"""What AWS Lambda imports and calls. Importing it is the init phase: Spark and the tables start."""

import os
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools import Logger

from headwater_writer import session
from headwater_writer.handler import Response, handle
from headwater_writer.lake import Lake
from headwater_writer.rehearsal import warm_up
from headwater_writer.settings import Settings
from headwater_writer.writer import Writer

_logger = Logger(service="writer")


def _start() -> Writer:
    settings = Settings.from_environment(os.environ)
    spark = session.start(settings)
    warm_up(spark)
    return Writer(Lake.of(spark, settings).tables(), settings.rules, lambda: datetime.now(UTC))


_writer = _start()


def handler(event: dict[str, Any], _context: object) -> Response:
    """Answer an invocation of the writer."""
    return handle(event, _writer, _logger)
