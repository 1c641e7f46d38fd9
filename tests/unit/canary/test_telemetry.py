import io
import json
from typing import Any

import pytest
from aws_lambda_powertools import Logger

from headwater_canary.canary import Flight
from headwater_canary.telemetry import report


def _reported(flight: Flight, capsys: pytest.CaptureFixture[str]) -> tuple[Any, Any]:
    log = io.StringIO()
    logger = Logger(service="canary-test", stream=log, logger_handler=None)
    logger.handlers[0].setStream(log)  # type: ignore[attr-defined]
    report(flight, logger, "Headwater/blue")
    return json.loads(capsys.readouterr().out), json.loads(log.getvalue())


def test_reports_how_long_events_took(capsys: pytest.CaptureFixture[str]) -> None:
    metrics, line = _reported(Flight(3, 0, 61.5), capsys)

    assert (metrics["service"], metrics["CanaryLost"], metrics["CanarySeconds"]) == (
        "canary",
        [0],
        [61.5],
    )
    assert (line["level"], line["message"]) == ("INFO", "seen")


def test_reports_loss_and_why(capsys: pytest.CaptureFixture[str]) -> None:
    metrics, line = _reported(Flight(3, 2, None, "2 of 3 are late"), capsys)

    assert metrics["CanaryLost"] == [2]
    assert "CanarySeconds" not in metrics
    assert (line["level"], line["message"], line["lost"]) == ("ERROR", "2 of 3 are late", 2)
