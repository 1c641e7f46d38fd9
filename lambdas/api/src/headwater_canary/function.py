"""What Lambda calls on a schedule."""

import os
import time
from functools import partial
from typing import Final

import boto3
from aws_lambda_powertools import Logger
from botocore.config import Config

from headwater_canary.athena import Athena
from headwater_canary.canary import Canary
from headwater_canary.sending import client, send
from headwater_canary.telemetry import SERVICE, fly

_CONFIG: Final = Config(
    connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 2}
)
"""A call takes a quarter of a minute at most, so that the last look's three end before Lambda ends
the flight. What fails is asked again by the next look."""

_logger = Logger(service=SERVICE)
_athena = Athena(
    boto3.client("athena", config=_CONFIG),
    workgroup=os.environ["ATHENA_WORKGROUP"],
    database=os.environ["GLUE_DATABASE"],
)
_canary = Canary(
    partial(send, client(), os.environ["API_URL"]),
    _athena.rows,
    time.monotonic,
    time.sleep,
)


def handler(_event: object, _context: object) -> None:
    """Send events, look for them, and report what became of them."""
    fly(_canary, _logger, os.environ["POWERTOOLS_METRICS_NAMESPACE"])
