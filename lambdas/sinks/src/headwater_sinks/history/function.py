"""What Lambda calls with a batch of the stream."""

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
from aws_lambda_powertools import Logger

from headwater_sinks.batch import Response, handle
from headwater_sinks.history.settings import WriteSettings
from headwater_sinks.history.table import CLIENT_CONFIG, WRITERS, Table
from headwater_sinks.history.writing import Writing

_logger = Logger(service="history")
_settings = WriteSettings.from_environment(os.environ)
_client = boto3.client("dynamodb", config=CLIENT_CONFIG)
_writing = Writing(Table(_client, _settings.table, ThreadPoolExecutor(WRITERS)), _settings)


def handler(event: dict[str, Any], _context: object) -> Response:
    """Write an item for each event of a batch that has a page."""
    return handle(event, _writing.store, _logger)
