"""The collector's metrics are asked for by the names that it gives them."""

import io
import json
import re
from typing import Any

import pytest
from aws_lambda_powertools import Logger

from headwater_collector.delivery import Delivery
from headwater_collector.settings import Settings
from headwater_collector.telemetry import Outcome, Telemetry
from terraform.command import REPOSITORY

MODULES = REPOSITORY / "terraform" / "modules"
MONITORING = "".join(path.read_text() for path in (MODULES / "monitoring").glob("*.tf"))
ALARM = r'= var\.metrics_namespace, metric = "(\w+)", dimensions = \{ (\w+) = "(collector)" \}'
WIDGET = r'\[var\.metrics_namespace, "(\w+)", "(\w+)", "(collector)"'


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    [variable] = re.findall(
        r"(\w+) += var\.metrics_namespace", (MODULES / "collector" / "main.tf").read_text()
    )
    environment = {"STREAM_NAME": "s", "AWS_REGION": "eu-west-1", variable: "Headwater/blue"}
    namespace = Settings.from_environment(environment).metrics_namespace
    telemetry = Telemetry(Logger(service="metrics", stream=io.StringIO()), namespace)
    telemetry.report(Outcome(2, {"why": 1}, 0, 1, Delivery(is_complete=False)))
    line: dict[str, object] = json.loads(capsys.readouterr().out)
    return line


def test_metrics_are_kept_where_terraform_says(said: dict[str, Any]) -> None:
    [metrics] = said["_aws"]["CloudWatchMetrics"]

    assert metrics["Namespace"] == "Headwater/blue"
    assert metrics["Dimensions"] == [["service"]]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (ALARM, {"StreamFailures"}),
        (WIDGET, {"MessagesAccepted", "MessagesRefused", "StreamFailures"}),
    ],
    ids=["alarms", "dashboard"],
)
def test_every_metric_that_is_asked_for_is_there(
    said: dict[str, object], pattern: str, expected: set[str]
) -> None:
    asked = re.findall(pattern, MONITORING)

    assert {name for name, _, _ in asked} == expected
    assert {said[dimension] for _, dimension, _ in asked} == {value for _, _, value in asked}
    assert all(name in said for name, _, _ in asked)
