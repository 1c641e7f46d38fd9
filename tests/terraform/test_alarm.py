"""The alarms' evaluator against the tables of the Amazon CloudWatch user guide."""

import pytest

from terraform.alarm import ALARM, INSUFFICIENT_DATA, OK, Alarm
from terraform.metric_math import Value, value_of

METRICS = {"statistic": "Sum", "metric_name": "m", "comparison_operator": "GreaterThanThreshold"}
BEFORE = "x x x"


def state(values: str, missing: str, needed: int = 3) -> str:
    """Return the last state of an alarm on three windows: x breaches, 0 does not, - is missing."""
    planned = {**METRICS, "threshold": 0, "evaluation_periods": 3, "datapoints_to_alarm": needed}
    samples = {"x": [1.0], "0": [0.0], "-": []}
    windows = [{"m": samples[value]} for value in values.split()]
    return Alarm({**planned, "treat_missing_data": missing}).states(windows)[-1]


@pytest.mark.parametrize(
    ("values", "needed", "expected"),
    [
        ("x x x", 3, [ALARM, ALARM, ALARM, ALARM]),
        ("0 x x", 3, [OK, OK, OK, OK]),
        ("- - 0", 3, [OK, OK, OK, OK]),
        ("- - -", 3, [INSUFFICIENT_DATA, ALARM, ALARM, OK]),
        ("x - -", 3, [ALARM, ALARM, ALARM, OK]),
        ("0 x x", 2, [ALARM, ALARM, ALARM, ALARM]),
        ("0 x -", 2, [OK, OK, ALARM, OK]),
        ("- - 0", 2, [OK, OK, ALARM, OK]),
        ("- - x", 2, [ALARM, ALARM, ALARM, OK]),
        ("0 0 -", 2, [OK, OK, OK, OK]),
    ],
)
def test_treats_missing_data_as_asked(values: str, needed: int, expected: list[str]) -> None:
    """The order is that of the user guide's tables."""
    ways = ("missing", "ignore", "breaching", "notBreaching")

    assert [state(f"{BEFORE} {values}", way, needed) for way in ways] == expected


def test_what_is_ignored_keeps_a_state_that_is_good() -> None:
    assert state("0 0 0 - - -", "ignore") == OK


@pytest.mark.parametrize(
    ("statistic", "is_ringing"), [("Sum", True), ("Maximum", False), ("SampleCount", False)]
)
def test_makes_one_value_of_a_windows_samples(statistic: str, is_ringing: bool) -> None:
    planned = {**METRICS, "threshold": 4, "evaluation_periods": 1, "datapoints_to_alarm": None}
    alarm = Alarm({**planned, "statistic": statistic, "treat_missing_data": "notBreaching"})

    assert alarm.states([{"m": [2, 3]}]) == [ALARM if is_ringing else OK]


# metric1 is 1 1 0 0 -, metric2 30 - 0 0 30 and metric3 0 0 20 - 20 ("Using IF expressions").
@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("IF(a, b, c)", [30, 0, 20, 0, None]),
        ("IF(a, 5, c)", [5, 5, 20, None, None]),
        ("IF(a, b, 5)", [30, 0, 5, 5, None]),
        ("IF(FILL(a, 0) > 0, 1, 2)", [1, 1, 2, 2, 2]),
        ("100 * b / (b + FILL(c, 0))", [100, None, 0, None, 60]),
        ("c >= 20", [0, 0, 1, None, 1]),
    ],
)
def test_reckons_as_metric_math_does(expression: str, expected: list[Value]) -> None:
    series: dict[str, list[Value]] = {
        "a": [1, 1, 0, 0, None],
        "b": [30, None, 0, 0, 30],
        "c": [0, 0, 20, None, 20],
    }

    found = [
        value_of(expression, {name: values[at] for name, values in series.items()})
        for at in range(5)
    ]

    assert found == expected


def test_refuses_what_it_does_not_know() -> None:
    with pytest.raises(AssertionError, match=r"not known of metric math: RATE\(m\)"):
        value_of("RATE(m)", {"m": 1.0})
