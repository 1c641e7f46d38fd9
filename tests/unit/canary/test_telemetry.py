import io
import json
import time
from collections.abc import Callable, Collection
from typing import Any

import pytest
from aws_lambda_powertools import Logger

from headwater_canary.canary import EVENTS, Canary, Flight
from headwater_canary.telemetry import fly, report

NAMESPACE = "Headwater/blue"


def _reported(
    act: Callable[[Logger], object], capsys: pytest.CaptureFixture[str]
) -> tuple[Any, Any]:
    log = io.StringIO()
    logger = Logger(service="canary-test", stream=log, logger_handler=None)
    logger.handlers[0].setStream(log)  # type: ignore[attr-defined]
    act(logger)
    return json.loads(capsys.readouterr().out), json.loads(log.getvalue())


def _canary(rows: Callable[[Collection[str], float], Collection[str]]) -> Canary:
    return Canary(lambda _: None, rows, time.monotonic, lambda _: None)


def test_reports_how_long_events_took(capsys: pytest.CaptureFixture[str]) -> None:
    flight = Flight(3, 0, 61.5)

    metrics, line = _reported(lambda logger: report(flight, logger, NAMESPACE), capsys)

    assert (metrics["service"], metrics["CanaryLost"], metrics["CanarySeconds"]) == (
        "canary",
        [0],
        [61.5],
    )
    assert (line["level"], line["message"]) == ("INFO", "seen")


def test_reports_loss_and_why(capsys: pytest.CaptureFixture[str]) -> None:
    flight = Flight(3, 2, None, "2 of 3 are late")

    metrics, line = _reported(lambda logger: report(flight, logger, NAMESPACE), capsys)

    assert metrics["CanaryLost"] == [2]
    assert "CanarySeconds" not in metrics
    assert (line["level"], line["message"], line["lost"]) == ("ERROR", "2 of 3 are late", 2)


def test_reports_a_flight_that_ends(capsys: pytest.CaptureFixture[str]) -> None:
    canary = _canary(lambda ids, _seconds: ids)

    metrics, line = _reported(lambda logger: fly(canary, logger, NAMESPACE), capsys)

    assert metrics["CanaryLost"] == [0]
    assert line["message"] == "seen"


def test_reports_a_flight_that_fails_as_a_loss_and_lets_it_fail(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def answers_oddly(_ids: Collection[str], _seconds: float) -> Collection[str]:
        raise KeyError("VarCharValue")

    def fails(logger: Logger) -> None:
        with pytest.raises(KeyError):
            fly(_canary(answers_oddly), logger, NAMESPACE)

    metrics, line = _reported(fails, capsys)

    assert metrics["CanaryLost"] == [EVENTS]
    assert "CanarySeconds" not in metrics
    assert line["level"] == "ERROR"
    assert line["message"].startswith(
        "The flight failed before its events were seen (KeyError('VarCharValue')): the traceback"
    )
