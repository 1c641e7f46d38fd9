"""Every alarm on samples of what it watches: when it rings, when not, and what to do first."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest

from terraform.alarm import ALARM, OK, Alarm, Window
from terraform.command import needs_terraform
from terraform.made import Stacks, of_kind

NOTHING: Window = {}
HOUR = 3_600_000


@dataclass(frozen=True)
class Row:
    """``rings``: windows of which only the last rings an alarm; ``quiet``: series that never do."""

    rings: Sequence[Window]
    quiet: Sequence[Sequence[Window]]


def _any(metric: str) -> Row:
    """Return the row of an alarm that rings if anything was counted in a window."""
    return Row([NOTHING, {metric: [0, 1]}], [[{metric: [0, 0]}, NOTHING]])


def _above(metric: str, threshold: float) -> Row:
    """Return the row of an alarm that rings if one sample of a window is above a threshold."""
    return Row([{metric: [0, threshold + 1]}], [[{metric: [threshold, threshold]}, NOTHING]])


def _lasting(metric: str) -> Row:
    """Return the row of an alarm that rings if something was counted in three windows."""
    counted: Window = {metric: [1]}
    return Row([counted] * 3, [[counted, counted, NOTHING, counted, counted, {metric: [0]}]])


def _repeated(metric: str) -> Row:
    """Return the row of an alarm that rings if something was counted in two windows of three."""
    counted: Window = {metric: [1]}
    return Row([counted, NOTHING, counted], [[counted, NOTHING, NOTHING, counted, NOTHING]])


CAME = {"IncomingRecords": [500.0]}
LATE: Window = {**CAME, "GetRecords.IteratorAgeMilliseconds": [0, HOUR / 4 + 1]}
IN_TIME: Window = {**CAME, "GetRecords.IteratorAgeMilliseconds": [HOUR / 4]}
IDLE: Window = {"GetRecords.IteratorAgeMilliseconds": [6 * HOUR]}

POLLERS = {
    f"{alarm}-{source}": row
    for source in ("shop", "weblogs")
    for alarm, row in {
        "poller-failures": Row(
            [{"PollFailures": [0, 1]}] * 3,
            [[{"PollFailures": [1]}, {"PollFailures": [1]}, {"PollFailures": [0]}], [NOTHING] * 4],
        ),
        "poller-silence": Row([{"PollFailures": [1]}, NOTHING], [[{"PollFailures": [0]}]]),
    }.items()
}

TABLE: Mapping[str, Row] = {
    **POLLERS,
    "api-errors": _any("5xx"),
    "url-errors": _any("Url5xxCount"),
    "collector-errors": _any("Errors"),
    "collector-throttles": _any("Throttles"),
    "stream-failures": _any("StreamFailures"),
    "stream-throttles": _lasting("WriteProvisionedThroughputExceeded"),
    "writer-errors": _any("Errors"),
    "writer-throttles": _any("Throttles"),
    "writer-lag": _above("IteratorAge", HOUR / 4),
    "committer-errors": _any("Errors"),
    "committer-lag": _above("ApproximateAgeOfOldestMessage", 900),
    "maintenance-errors": _any("Errors"),
    "replay-errors": _any("Errors"),
    "archive-errors": _any("Errors"),
    "archive-lag": _above("DeliveryToS3.DataFreshness", 3600),
    "history-lag": _above("IteratorAge", HOUR),
    "history-dead-letters": _any("OnFailureDestinationDeliveredEventCount"),
    "counts-lag": _above("IteratorAge", HOUR),
    "counts-dead-letters": _any("OnFailureDestinationDeliveredEventCount"),
    "sinks-read-throttles": _lasting("ReadProvisionedThroughputExceeded"),
    "failed-records": Row([{"FailedRecords": [60, 41]}], [[{"FailedRecords": [60, 40]}] * 3]),
    "missing-rows": _any("Missing"),
    "reports-errors": _any("Errors"),
    "reports-throttles": _any("Throttles"),
    "reports-scan": _above("ProcessedBytes", 80 * 1024**3),
    "cluster-not-running": _repeated("ExecutionsFailed"),
    "dead-letters": _any("GivenUpBatches"),
    "dropped-records": _any("DestinationDeliveryFailures"),
    # A flight that loses nothing says 0, and one that never ends says nothing.
    "canary-loss": Row(
        [{"CanaryLost": [0]}, NOTHING, {"CanaryLost": [3]}],
        [[{"CanaryLost": [0]}, NOTHING, {"CanaryLost": [0, 0]}, {"CanaryLost": [0]}]],
    ),
    # A start reads gaps of any age once; what is read while nothing comes may be as old.
    "cluster-lag": Row(
        [LATE, IN_TIME, LATE], [[LATE, IN_TIME, IN_TIME, IDLE, IDLE, NOTHING, CAME]]
    ),
    "freshness": Row(
        [CAME, {**CAME, "Commits": [1]}, CAME, CAME, CAME, CAME],
        [[CAME, CAME, CAME, {**CAME, "Commits": [1]}], [NOTHING] * 5, [CAME, CAME, CAME, NOTHING]],
    ),
    "covered-rows": Row(
        [{"Covered": [5]}, *([NOTHING] * 9), {"Covered": [5]}, {"Covered": [5], "Errors": [0]}],
        [
            [{"Covered": [5]}, {"Covered": [5]}, *([NOTHING] * 10), {"Covered": [5]}],
            [{"Covered": [5], "Errors": [1]}] * 12,
        ],
    ),
    "repeated-events": Row(
        [{"Repeats": [101], "EventRows": [900]}],
        [
            [{"Repeats": [101], "EventRows": [909]}],
            [{"Repeats": [100], "EventRows": [1]}],
            [{"EventRows": [900]}],
        ],
    ),
}


@pytest.fixture
def alarms(watched: Stacks) -> Mapping[str, Alarm]:
    """Return every alarm by its name without the stack's."""
    found = [of_kind(each, "aws_cloudwatch_metric_alarm", "alarm_name") for each in watched.made]
    return {
        name.removeprefix("sample-"): Alarm(values)
        for each in found
        for name, values in each.items()
    }


@needs_terraform
def test_every_alarm_is_tried(alarms: Mapping[str, Alarm]) -> None:
    assert sorted(alarms) == sorted(TABLE)


@needs_terraform
@pytest.mark.parametrize("name", TABLE)
def test_rings_when_what_it_watches_breaks(alarms: Mapping[str, Alarm], name: str) -> None:
    assert alarms[name].states(TABLE[name].rings) == [OK] * (len(TABLE[name].rings) - 1) + [ALARM]


@needs_terraform
@pytest.mark.parametrize("name", TABLE)
def test_is_quiet_while_what_it_watches_works(alarms: Mapping[str, Alarm], name: str) -> None:
    for windows in TABLE[name].quiet:
        assert alarms[name].states(windows) == [OK] * len(windows)


@needs_terraform
@pytest.mark.parametrize("name", TABLE)
def test_reads_what_its_row_has(alarms: Mapping[str, Alarm], name: str) -> None:
    of_row = (TABLE[name].rings, *TABLE[name].quiet)

    tried = {metric for windows in of_row for window in windows for metric in window}

    assert tried == {metric.name for metric in alarms[name].metrics}


@needs_terraform
@pytest.mark.parametrize("name", TABLE)
def test_says_what_to_do_first(alarms: Mapping[str, Alarm], name: str) -> None:
    verbs = "ask|check|fix|find|if|look|raise|read|see|there is nothing to do"

    assert re.search(rf": ({verbs})\b", alarms[name].planned["alarm_description"])
