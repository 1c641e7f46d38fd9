import io
import json
from datetime import timedelta
from typing import Any

import pytest
from aws_lambda_powertools import Logger

from headwater_poller.poll import Outcome
from headwater_poller.telemetry import Telemetry
from unit.poller.build import NOW


def reported(outcome: Outcome, capsys: pytest.CaptureFixture[str]) -> tuple[Any, Any]:
    log = io.StringIO()
    logger = Logger(service="poller", stream=log, logger_handler=None)
    logger.handlers[0].setStream(log)  # type: ignore[attr-defined]
    Telemetry(logger, "Headwater/x", "weblogs", lambda: NOW).report(outcome)
    return json.loads(capsys.readouterr().out), json.loads(log.getvalue())


def test_reports_counts_lag_and_latency(capsys: pytest.CaptureFixture[str]) -> None:
    outcome = Outcome(2, 100, 90, 4, 6, 5.0, NOW - timedelta(seconds=30))

    metrics, line = reported(outcome, capsys)

    [declared] = metrics["_aws"]["CloudWatchMetrics"]
    assert [sorted(dimensions) for dimensions in declared["Dimensions"]] == [["service", "source"]]
    assert (metrics["service"], metrics["source"]) == ("poller", "weblogs")
    assert {name: metrics[name] for name in metrics if name[0].isupper()} == {
        "RecordsPolled": [100.0],
        "MessagesSent": [90.0],
        "MessagesRefused": [4.0],
        "PollFailures": [0.0],
        "PollSeconds": [5.0],
        "LagSeconds": [30.0],
    }
    assert metrics["repeated"] == 6
    assert (line["level"], line["message"], line["sent"]) == ("INFO", "polled", 90)


def test_reports_why_a_poll_ended_early(capsys: pytest.CaptureFixture[str]) -> None:
    metrics, line = reported(Outcome(failure="the API answers 404"), capsys)

    assert metrics["PollFailures"] == [1.0]
    assert (line["level"], line["message"]) == ("ERROR", "the API answers 404")


def test_logs_a_defect_with_its_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    _, line = reported(Outcome(failure="a defect", defect=RuntimeError("how")), capsys)

    assert (line["message"], line["exception_name"]) == ("a defect", "RuntimeError")
    assert "RuntimeError: how" in line["exception"]


def test_a_clock_that_is_ahead_makes_no_lag(capsys: pytest.CaptureFixture[str]) -> None:
    metrics, _ = reported(Outcome(newest=NOW + timedelta(hours=1)), capsys)

    assert metrics["LagSeconds"] == [0.0]
