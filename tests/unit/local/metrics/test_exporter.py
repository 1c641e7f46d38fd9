"""Whatever the real functions and stand-ins log is what Prometheus is told."""

import asyncio
import logging
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, redirect_stdout
from datetime import UTC, datetime, timedelta
from typing import TextIO

import httpx
import pytest
from aws_lambda_powertools import Logger
from prometheus_client.parser import text_string_to_metric_families

from headwater_collector.delivery import Delivery
from headwater_collector.telemetry import Outcome as CollectorOutcome
from headwater_collector.telemetry import Telemetry as CollectorTelemetry
from headwater_collector.validation import validate
from headwater_contract.kinesis_event import ReceivedRecord
from headwater_local.api_gateway.gateway import Gateway
from headwater_local.data_dir import DataDir
from headwater_local.json_log import JsonLines
from headwater_local.lambda_service.event_source.fakes import MemoryWorld
from headwater_local.lambda_service.event_source.function import FunctionError
from headwater_local.metrics.exporter import Exporter
from headwater_poller.poll import Outcome as PollerOutcome
from headwater_poller.telemetry import Telemetry as PollerTelemetry
from headwater_writer.handler import handle
from unit.local.lambda_service.event_source.builders import fail_on, mapping, run
from unit.writer.builders import MemoryLake, kinesis_event, record

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


class Told(dict[tuple[str, Mapping[str, str]], float]):
    """The samples of a scrape."""

    def __init__(self, text: bytes) -> None:
        self.samples = [
            sample
            for family in text_string_to_metric_families(text.decode())
            for sample in family.samples
        ]

    def of(self, name: str, **labels: str) -> list[float]:
        wanted = {"name": f"headwater_{name}", "labels": labels}
        return [
            sample.value
            for sample in self.samples
            if {"name": sample.name, "labels": sample.labels} == wanted
        ]


@pytest.fixture
def exporter(data_dir: DataDir) -> Exporter:
    return Exporter(data_dir, lambda: NOW)


@contextmanager
def _log(data_dir: DataDir, part: str) -> Iterator[TextIO]:
    with data_dir.log_file(part).open("a") as log, redirect_stdout(log):
        yield log


@contextmanager
def _local_log(data_dir: DataDir, part: str) -> Iterator[None]:
    """Send what the stand-ins log to a file, in the format of their processes."""
    with data_dir.log_file(part).open("a") as log:
        handler = logging.StreamHandler(log)
        handler.setFormatter(JsonLines())
        root = logging.getLogger("headwater_local")
        root.addHandler(handler)
        level, root.level = root.level, logging.INFO
        yield
        root.removeHandler(handler)
        root.setLevel(level)


def test_counts_what_the_collector_did(data_dir: DataDir, exporter: Exporter) -> None:
    validations = [
        validate(b'{"type":"page","userId":"u"}'),
        validate(b'{"type":"track","userId":"u"}'),
        validate(b'{"type":"clck","userId":"u"}'),
        validate(b'{"type":"clack","userId":"u"}'),
    ]
    failed = Delivery(is_complete=False, retries=2, rejections=["Slow"])
    with _log(data_dir, "collector") as log:
        telemetry = CollectorTelemetry(Logger(service="metrics-c", stream=log), "Headwater")
        telemetry.report(CollectorOutcome.of(validations, 5, 1, Delivery(is_complete=True)))
        telemetry.report(CollectorOutcome.of(validations[:1], 0, 1, failed))

    told = Told(exporter.text())

    assert told.of("messages_accepted_total") == [2]
    missing = "event is missing: a track call needs the event's name"
    assert told.of("messages_refused_total", reason=missing) == [1]
    [unknown] = [
        sample.value
        for sample in told.samples
        if sample.labels.get("reason", "").startswith("type … is unknown")
    ]
    assert unknown == 2
    assert told.of("messages_dropped_total") == [5]
    assert told.of("stream_records_total") == [2]
    assert told.of("stream_retries_total") == [2]
    assert told.of("stream_failures_total") == [1]


def test_counts_what_the_writer_did(data_dir: DataDir, exporter: Exporter) -> None:
    poison = ReceivedRecord(record(2).shard, "2", b"poison")
    lake = MemoryLake()
    with _log(data_dir, "writer") as log:
        logger = Logger(service="metrics-w", stream=log)
        handle(kinesis_event([record(1), poison]), lake.writer(), logger)
        handle(kinesis_event([record(1)]), lake.writer(), logger)

    told = Told(exporter.text())

    assert told.of("commits_total") == [2]
    assert told.of("rows_written_total", table="events") == [1]
    assert told.of("records_failed_total") == [1]
    assert told.of("rows_covered_total") == [1]
    assert told.of("commit_seconds_count") == [2]
    assert told.of("row_latency_seconds_count") == [2]


def test_counts_the_answers_of_the_api(data_dir: DataDir, exporter: Exporter) -> None:
    with _local_log(data_dir, "collector"), ThreadPoolExecutor(1) as threads:
        gateway = Gateway(lambda *_: {"statusCode": 202}, threads)
        asyncio.run(_ask(gateway))

    told = Told(exporter.text())

    assert told.of("requests_total", status="202") == [1]
    assert told.of("request_seconds_count") == [1]


async def _ask(gateway: Gateway) -> None:
    transport = httpx.ASGITransport(gateway)
    async with httpx.AsyncClient(transport=transport, base_url="http://api") as client:
        await client.post("/v1/track")


def test_counts_what_each_consumer_did(data_dir: DataDir, exporter: Exporter) -> None:
    world = MemoryWorld(answer=fail_on(("97",), FunctionError("ValueError", "poison")))
    for number in range(3):
        world.stream.put(str(number).encode())
    with _local_log(data_dir, "counts-driver"):
        run(world, mapping(BatchSize=1, MaximumRetryAttempts=1), seconds=60)

    told = Told(exporter.text())

    assert told.of("consumer_records_total", consumer="counts") == [2]
    assert told.of("consumer_failures_total", consumer="counts") == [2]
    assert told.of("consumer_records_given_up_total", consumer="counts") == [1]
    assert told.of("consumer_records_total", consumer="writer") == []


def test_counts_what_the_poller_did(data_dir: DataDir, exporter: Exporter) -> None:
    with _log(data_dir, "poller") as log:
        logger = Logger(service="metrics-p", stream=log)
        telemetry = PollerTelemetry(logger, "Headwater", "weblogs", lambda: NOW)
        telemetry.report(PollerOutcome(2, 100, 90, 4, 6, 5.0, NOW - timedelta(seconds=30)))
        telemetry.report(PollerOutcome(failure="the API answers 404"))

    told = Told(exporter.text())

    assert told.of("poller_records_total", source="weblogs") == [100]
    assert told.of("poller_repeats_total", source="weblogs") == [6]
    assert told.of("poller_messages_sent_total", source="weblogs") == [90]
    assert told.of("poller_messages_refused_total", source="weblogs") == [4]
    assert told.of("poller_failures_total", source="weblogs") == [1]
    assert told.of("poll_seconds_sum", source="weblogs") == [5]
    assert told.of("poller_lag_seconds", source="weblogs") == [30]


def test_counts_a_line_once(data_dir: DataDir, exporter: Exporter) -> None:
    outcome = CollectorOutcome(3, {}, 0, 1, Delivery(is_complete=True))
    for _ in range(2):
        with _log(data_dir, "collector") as log:
            CollectorTelemetry(Logger(service="metrics-o", stream=log), "Headwater").report(outcome)
        told = Told(exporter.text())

    assert told.of("messages_accepted_total") == [6]


def test_says_that_the_parts_do_not_run(exporter: Exporter) -> None:
    told = Told(exporter.text())

    assert told.of("part_running", part="writer") == [0]
    assert told.of("table_rows", table="events") == []
