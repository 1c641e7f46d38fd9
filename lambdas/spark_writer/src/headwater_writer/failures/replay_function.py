"""What AWS Lambda calls when the mapping has put a batch aside: S3's notification of the object.

In the writer's image, with ``headwater_writer.failures.given_up_function.handler`` as its command.
Importing it is the init phase.
"""

import os
from typing import Any

from aws_lambda_powertools import Logger

from headwater_writer import session
from headwater_writer.failures import clients
from headwater_writer.failures.destination import Destination
from headwater_writer.failures.notification import created_objects
from headwater_writer.failures.outcome import Outcome
from headwater_writer.failures.process import Process
from headwater_writer.settings import Settings

_logger = Logger(service="given-up")
_settings = Settings.from_environment(os.environ)
_process = Process.on(session.start(_settings), _settings, _logger)
_client = clients.s3(_settings)


class StillFailingError(Exception):
    """Records of a batch failed once more; its object is where it was."""


def handler(event: dict[str, Any], _context: object) -> None:
    """Put the batches through that an "Object Created" notification names.

    Raises:
        StillFailingError: Lambda tries it twice more, and counts it as an error of the function.
    """
    outcome = Outcome()
    for bucket, key in created_objects(event):
        outcome += Destination(_client, bucket).take_up(key, _process.writer)
    _logger.info("put through what was given up on", **outcome.as_json())
    if outcome.failing:
        raise StillFailingError(f"{outcome.failing.total()} records fail: {dict(outcome.failing)}")
