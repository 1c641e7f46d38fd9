"""What AWS Lambda imports and calls. Importing it is the init phase.

Java starts first, and Python imports the rest of the writer meanwhile: each takes about a second.
"""

# ruff: noqa: E402 -- the reason above

import os

from headwater_writer.launch import launch
from headwater_writer.settings import Settings

_settings = Settings.from_environment(os.environ)
_java = launch(_settings)

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from aws_lambda_powertools import Logger

from headwater_writer import session
from headwater_writer.failures.process import Process
from headwater_writer.handler import Response, handle
from headwater_writer.lifeline import lifeline
from headwater_writer.rehearsal import warm_up

_logger = Logger(service="writer")


def _start() -> Process:
    spark = session.join(_java.ready())
    # The tables are waited for, the rehearsal computes: together they take as long as one of them.
    with ThreadPoolExecutor(max_workers=1) as beside:
        rehearsed = beside.submit(warm_up, spark)
        process = Process.on(spark, _settings, _logger)
        rehearsed.result()
    return process


_process = _start()


def handler(event: dict[str, Any], _context: object) -> Response:
    """Answer an invocation of the writer, and tell the operator what is still untold."""
    with lifeline(_java.process, _logger):
        response = handle(event, _process.writer, _logger)
    _process.operator.tell()
    return response
