"""What AWS Lambda imports and calls. Importing it is the init phase.

Java starts first, and Python imports the rest of the writer meanwhile: each takes about a second.
An instance that is started for an event gets it as soon as that is done, and shapes its messages
while Spark and the tables come up; the init phase, which Lambda ends after ten seconds, is short.
"""

# ruff: noqa: E402 -- the reason above

import os

from headwater_writer.settings import Settings
from headwater_writer.spark.launch import launch

_settings = Settings.from_environment(os.environ)
_java = launch(_settings)

from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

from aws_lambda_powertools import Logger

from headwater_writer.functions.invocation import lifeline, without_gc
from headwater_writer.functions.starting import joined
from headwater_writer.handler import Response, handle, log_unread
from headwater_writer.process import Process, rules
from headwater_writer.rehearsal import head_start, warm_up
from headwater_writer.views.catalog import Catalog
from headwater_writer.writer import Writer

_logger = Logger(service="writer")
_rules = rules(_settings)
_background = ThreadPoolExecutor(max_workers=2)

# "Defined runtime environment variables", AWS Lambda developer guide: an instance is started for
# an event that waits (on-demand), ahead of any (provisioned-concurrency), or to be copied
# (snap-start).
_INITIALIZATION: Final = os.environ.get("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand")


def _start() -> Process:
    spark = joined(_java.ready(), _logger)
    # The tables are waited for and a rehearsal computes: both at once.
    rehearse = warm_up if _INITIALIZATION == "snap-start" else head_start
    rehearsal = _background.submit(rehearse, spark)
    process = Process.on(spark, _settings, _rules, _logger)
    if _INITIALIZATION == "on-demand":
        rehearsal.add_done_callback(_say_if_it_failed)
    else:
        rehearsal.result()
    return process


def _say_if_it_failed(rehearsal: "Future[None]") -> None:
    if error := rehearsal.exception():
        _logger.warning("the rehearsal failed", exc_info=error)


_starting = _background.submit(_start)
_writer = Writer(
    publisher=lambda: _starting.result().publisher,
    rules=_rules,
    now=lambda: datetime.now(UTC),
    report_unread=partial(log_unread, _logger),
)
if _INITIALIZATION != "on-demand":
    _starting.result()


def handler(event: dict[str, Any], _context: object) -> Response:
    """Answer an invocation of the writer, and send the alert that is due.

    A deployment has it keep ``views`` too, whose SQL the event has by their names: the tables are
    there by then, with all their columns.

    Raises:
        ViewError: a view cannot be made.
    """
    with lifeline(_java.process, _starting, _logger), without_gc():
        response = handle(event, _writer, _logger)
    _starting.result().notifier.notify()
    if views := event.get("views"):
        _logger.info("views", made=Catalog.of(_settings).keep(views))
    return response
