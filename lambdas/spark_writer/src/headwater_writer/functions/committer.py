"""What AWS Lambda calls with the offers of staged mode: they become one commit for each table.

In the writer's image, with ``headwater_writer.functions.committer.handler`` as its command. Java
starts first, as in ``writer``, and the first event joins it.
"""

# ruff: noqa: E402 -- the reason above

import os

from headwater_writer.settings import Settings
from headwater_writer.spark.launch import launch

_settings = Settings.from_environment(os.environ)
_java = launch(_settings)

import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools import Logger

from headwater_writer.functions.invocation import lifeline
from headwater_writer.functions.starting import joined
from headwater_writer.lake.lake import Lake
from headwater_writer.process import rules
from headwater_writer.publish.settle import random_pause
from headwater_writer.staged.committer import Committer
from headwater_writer.staged.offer import Offer, OfferError
from headwater_writer.staged.wire import received

_logger = Logger(service="committer")
_rules = rules(_settings)


def _start() -> Committer:
    spark = joined(_java.ready(), _logger)
    return Committer(Lake.of(spark, _settings).tables(_rules.plan), random_pause, _pass_over)


_starting = ThreadPoolExecutor(max_workers=1).submit(_start)


def handler(event: Mapping[str, Any], _context: object) -> None:
    """Commit the offers that an invocation by SQS brings.

    What is not an offer, too old, or of files that cannot be read, is logged and dropped: its
    sender waits for the table alone.

    Raises:
        PublishError, TableError: the queue brings the offers again; those that no longer hold by
            then are passed over.
    """
    began = time.monotonic()
    with lifeline(_java.process, _starting, _logger):
        committed = _starting.result().commit(_offers(event))
    _logger.info(
        "committed",
        tables={name: asdict(each) for name, each in committed.items()},
        seconds=round(time.monotonic() - began, 3),
    )


def _offers(event: Mapping[str, Any]) -> Iterator[Offer]:
    for record in event["Records"]:
        try:
            yield received(record, datetime.now(UTC))
        except OfferError as error:
            _pass_over(error)


def _pass_over(error: OfferError) -> None:
    _logger.warning("passed over", reason=str(error))
