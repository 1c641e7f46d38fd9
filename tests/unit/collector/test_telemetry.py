import io
import json
from typing import Any

import pytest
from aws_lambda_powertools import Logger

from headwater_collector.delivery import Delivery
from headwater_collector.telemetry import Outcome, Telemetry
from headwater_collector.validation import refuse, validate

DELIVERED = Delivery(is_complete=True)
FAILED = Delivery(is_complete=False, retries=1, rejections=["Slow", "Slow", "Broken"])


def test_counts_messages_accepted_and_refused() -> None:
    accepted = validate(b'{"type":"page","userId":"u"}')

    outcome = Outcome.of([accepted, refuse(b"", "why"), accepted], 4, 1, DELIVERED)

    counts = (outcome.accepted, outcome.refused, outcome.dropped, outcome.records)
    assert counts == (2, 1, 4, 1)


def test_reports_metrics_of_each_request(capsys: pytest.CaptureFixture[str]) -> None:
    telemetry = Telemetry(Logger(service="test", stream=io.StringIO()), "Headwater/blue")

    telemetry.report(Outcome(20, 1, 0, 2, DELIVERED))
    telemetry.report(Outcome(3, 0, 5, 1, FAILED))

    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert first["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "Headwater/blue"
    assert first["service"] == "collector"
    assert (first["MessagesAccepted"], first["MessagesRefused"]) == ([20], [1])
    assert (first["StreamRecords"], first["StreamRetries"]) == ([2], [0])
    assert (second["MessagesAccepted"], second["StreamRetries"]) == ([3], [1])
    assert (first["StreamFailures"], second["StreamFailures"]) == ([0], [1])
    assert (first.get("MessagesDropped"), second["MessagesDropped"]) == (None, [5])


def test_says_why_the_stream_did_not_take_records() -> None:
    log = io.StringIO()

    telemetry = Telemetry(Logger(service="test-log", stream=log), "Headwater")
    telemetry.report(Outcome(1, 0, 0, 1, FAILED))

    line: dict[str, Any] = json.loads(log.getvalue())
    assert (line["level"], line["is_delivered"]) == ("WARNING", False)
    assert line["rejections"] == {"Slow": 2, "Broken": 1}


def test_says_nothing_if_all_is_well() -> None:
    log = io.StringIO()

    telemetry = Telemetry(Logger(service="test-silence", stream=log), "Headwater")
    telemetry.report(Outcome(1, 1, 0, 1, DELIVERED))

    assert log.getvalue() == ""
