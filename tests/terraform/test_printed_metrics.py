"""What the functions print in CloudWatch's embedded format, as the alarms on it read it."""

import io
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest
from aws_lambda_powertools import Logger

from headwater_canary.canary import Flight
from headwater_canary.telemetry import report as report_flight
from headwater_collector.delivery import Delivery
from headwater_collector.telemetry import Outcome as Request
from headwater_collector.telemetry import Telemetry as Collector
from headwater_poller.poll import Outcome as Poll
from headwater_poller.telemetry import Telemetry as Poller
from terraform.alarm import ALARM, OK, Alarm
from terraform.command import needs_terraform
from terraform.made import Stacks, of_kind

NAMESPACE = "Headwater/sample"
QUIET = Logger(service="printed", stream=io.StringIO())


def _request(is_complete: bool) -> None:
    delivery = Delivery(is_complete=is_complete)
    Collector(QUIET, NAMESPACE).report(Request(1, {}, 0, 1, delivery))


def _poll(is_well: bool) -> None:
    poller = Poller(QUIET, NAMESPACE, "shop", lambda: datetime.now(UTC))
    poller.report(Poll(failure=None if is_well else "the API is away"))


def _flight(is_seen: bool) -> None:
    report_flight(Flight(3, lost=0 if is_seen else 3), QUIET, NAMESPACE)


PRINTED: Mapping[str, Callable[[bool], None]] = {
    "stream-failures": _request,
    "poller-failures-shop": _poll,
    "canary-loss": _flight,
}


@needs_terraform
@pytest.mark.parametrize("name", PRINTED)
@pytest.mark.parametrize(("is_well", "expected"), [(True, OK), (False, ALARM)])
def test_an_alarm_reads_what_is_printed(
    watched: Stacks,
    capsys: pytest.CaptureFixture[str],
    name: str,
    is_well: bool,
    expected: str,
) -> None:
    alarms = of_kind(watched.made[0], "aws_cloudwatch_metric_alarm", "alarm_name")
    alarm = Alarm(alarms[f"sample-{name}"])
    [metric] = alarm.metrics

    PRINTED[name](is_well)
    samples = [*alarm.samples(capsys.readouterr().out.splitlines())]

    assert alarm.states([{metric.name: samples}] * 3)[-1] == expected
