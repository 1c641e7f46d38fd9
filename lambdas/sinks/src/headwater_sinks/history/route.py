"""What Lambda calls with a request for ``GET /v1/history``."""

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
from aws_lambda_powertools import Logger

from headwater_sinks.history.access import ReadKeys
from headwater_sinks.history.answering import History, Response
from headwater_sinks.history.settings import write_shards
from headwater_sinks.history.table import CLIENT_CONFIG, Table
from headwater_sinks.settings import required

_client = boto3.client("dynamodb", config=CLIENT_CONFIG)
_history = History(
    table=Table(_client, required(os.environ, "HISTORY_TABLE"), ThreadPoolExecutor(1)),
    write_shards=write_shards(os.environ),
    read_keys=ReadKeys.from_environment(os.environ),
    allowed_origins=(os.environ.get("ALLOWED_ORIGINS") or "*").split(","),
    logger=Logger(service="history-api"),
)


def handler(event: dict[str, Any], _context: object) -> Response:
    """Answer one request."""
    return _history.answer(event)
