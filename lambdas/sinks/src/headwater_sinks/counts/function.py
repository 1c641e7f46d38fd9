"""What Lambda calls with a batch of the stream."""

import os
from typing import Any

import boto3
from aws_lambda_powertools import Logger

from headwater_sinks.batch import Response, handle
from headwater_sinks.counts.connection import Database
from headwater_sinks.counts.counting import Counting
from headwater_sinks.counts.credentials import Credentials
from headwater_sinks.counts.settings import Settings

_logger = Logger(service="counts")
_settings = Settings.from_environment(os.environ)
_credentials = Credentials(boto3.client("secretsmanager"), _settings.secret)
_counting = Counting(Database(_settings, _credentials), _settings.max_age)


def handler(event: dict[str, Any], _context: object) -> Response:
    """Count the events of a batch; with ``late``, of one that the mapping gave up on."""
    store = _counting.store_late if event.get("late") else _counting.store
    return handle(event, store, _logger)
