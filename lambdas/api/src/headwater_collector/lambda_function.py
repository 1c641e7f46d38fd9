"""The entry that AWS calls: everything that outlives a request is made here, once."""

import os
from datetime import UTC, datetime
from typing import Any

import boto3
from aws_lambda_powertools import Logger

from headwater_collector.collector import Collector
from headwater_collector.kinesis import CLIENT_CONFIG, KinesisStream
from headwater_collector.settings import Settings
from headwater_collector.telemetry import SERVICE, Telemetry


def _make_collector() -> Collector:
    settings = Settings.from_environment(os.environ)
    client = boto3.client("kinesis", region_name=settings.region, config=CLIENT_CONFIG)
    return Collector(
        settings=settings,
        stream=KinesisStream(client, settings.stream_name),
        now=lambda: datetime.now(UTC),
        report=Telemetry(Logger(service=SERVICE), settings.metrics_namespace).report,
    )


_collector = _make_collector()  # Lambda imports this in its init phase, which has a CPU to itself.


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Answer one HTTP request (AWS Lambda's handler signature, payload format version 2.0)."""
    return _collector.handle(event)
