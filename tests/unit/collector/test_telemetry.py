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

    refused = [refuse(b"", "not 'a'"), refuse(b"", "not 'b'")]

    outcome = Outcome.of([accepted, *refused], 4, 1, DELIVERED)

    counts = (outcome.accepted, outcome.refused, outcome.dropped, outcome.records)
    assert counts == (1, 2, 4, 1)
    assert outcome.refusals == {"not …": 2}


def test_reports_metrics_of_each_request(capsys: pytest.CaptureFixture[str]) -> None:
    telemetry = Telemetry(Logger(service="test", stream=io.StringIO()), "Headwater/blue")

    telemetry.report(Outcome(20, {"why": 1}, 0, 2, DELIVERED))
    telemetry.report(Outcome(3, {}, 5, 1, FAILED))

    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    [declared] = first["_aws"]["CloudWatchMetrics"]
    assert (declared["Namespace"], first["service"]) == ("Headwater/blue", "collector")
    assert {each["Name"] for each in declared["Metrics"]} == {"MessagesAccepted", "MessagesRefused"}
    assert (first["MessagesAccepted"], first["MessagesRefused"]) == ([20], [1])
    assert (first["refusals"], first["stream_records"]) == ({"why": 1}, 2)
    assert (second["MessagesAccepted"], second["StreamFailures"]) == ([3], [1])
    assert (second["stream_retries"], second["dropped"]) == (1, 5)


def test_what_did_not_happen_takes_no_room(capsys: pytest.CaptureFixture[str]) -> None:
    telemetry = Telemetry(Logger(service="test", stream=io.StringIO()), "Headwater/blue")

    telemetry.report(Outcome(20, {}, 0, 1, DELIVERED))

    line = json.loads(capsys.readouterr().out)
    assert line.keys() == {"_aws", "service", "MessagesAccepted", "stream_records"}


def test_says_why_the_stream_did_not_take_records() -> None:
    log = io.StringIO()

    telemetry = Telemetry(Logger(service="test-log", stream=log), "Headwater")
    telemetry.report(Outcome(1, {}, 0, 1, FAILED))

    line: dict[str, Any] = json.loads(log.getvalue())
    assert (line["level"], line["is_delivered"]) == ("WARNING", False)
    assert line["rejections"] == {"Slow": 2, "Broken": 1}


def test_says_nothing_if_all_is_well() -> None:
    log = io.StringIO()

    telemetry = Telemetry(Logger(service="test-silence", stream=log), "Headwater")
    telemetry.report(Outcome(1, {"why": 1}, 0, 1, DELIVERED))

    assert log.getvalue() == ""
