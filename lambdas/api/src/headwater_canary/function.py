"""What Lambda calls on a schedule."""

import os
import time
from functools import partial

import boto3
from aws_lambda_powertools import Logger
from botocore.config import Config

from headwater_canary.athena import Athena
from headwater_canary.canary import Canary
from headwater_canary.sending import client, send
from headwater_canary.telemetry import SERVICE, report

_logger = Logger(service=SERVICE)
_athena = Athena(
    boto3.client("athena", config=Config(retries={"mode": "standard", "max_attempts": 5})),
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
    report(_canary.fly(), _logger, os.environ["POWERTOOLS_METRICS_NAMESPACE"])
