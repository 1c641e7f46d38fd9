"""What AWS Lambda imports and calls. Importing it is the init phase.

Java starts first, and Python imports the rest of the writer meanwhile: each takes about a second.
"""

# ruff: noqa: E402 -- the reason above

import os

from headwater_writer.launch import launch
from headwater_writer.settings import Settings

_settings = Settings.from_environment(os.environ)
_java = launch(_settings)

from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from aws_lambda_powertools import Logger

from headwater_writer import session
from headwater_writer.failures.process import Process
from headwater_writer.handler import Response, handle
from headwater_writer.lifeline import lifeline
from headwater_writer.rehearsal import head_start, warm_up

_logger = Logger(service="writer")

# "Defined runtime environment variables", AWS Lambda developer guide: an instance is started for an
# event that waits (on-demand), or before there is any (provisioned-concurrency, snap-start).
_IS_AWAITED = os.environ.get("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand") == "on-demand"


def _start() -> Process:
    spark = session.join(_java.ready())
    # The tables are waited for and a rehearsal computes: both at once. Who is awaited goes on
    # without the end of it.
    rehearsal = ThreadPoolExecutor(max_workers=1).submit(
        head_start if _IS_AWAITED else warm_up, spark
    )
    process = Process.on(spark, _settings, _logger)
    if _IS_AWAITED:
        rehearsal.add_done_callback(_say_if_it_failed)
    else:
        rehearsal.result()
    return process


def _say_if_it_failed(rehearsal: "Future[None]") -> None:
    if error := rehearsal.exception():
        _logger.warning("the rehearsal failed", exc_info=error)


_process = _start()


def handler(event: dict[str, Any], _context: object) -> Response:
    """Answer an invocation of the writer, and tell the operator what is still untold."""
    with lifeline(_java.process, _logger):
        response = handle(event, _process.writer, _logger)
    _process.operator.tell()
    return response
