"""A CloudWatch alarm, as Terraform plans it, on samples of the metrics that it reads."""

import json
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from terraform.metric_math import Value, value_of

OK, ALARM, INSUFFICIENT_DATA = "OK", "ALARM", "INSUFFICIENT_DATA"

Window = Mapping[str, Sequence[float]]
"""The samples of a period, by the metric's name; a metric without samples may be left out."""

_STATISTICS: Final[Mapping[str, Callable[[Sequence[float]], float]]] = {
    "Sum": sum,
    "Maximum": max,
    "SampleCount": len,
}
_BREACHES: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
}


class Metric(NamedTuple):
    """A metric, as an alarm or a widget of a dashboard names it."""

    namespace: str
    name: str
    dimensions: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Alarm:
    """An ``aws_cloudwatch_metric_alarm``, by its planned attributes."""

    planned: Mapping[str, Any]

    @property
    def metrics(self) -> Sequence[Metric]:
        """Return what it reads."""
        queries = self.planned.get("metric_query") or [{"metric": [self.planned]}]
        read = [metric for query in queries for metric in query["metric"]]
        return [
            Metric(
                each["namespace"],
                each["metric_name"],
                frozenset((each["dimensions"] or {}).items()),
            )
            for each in read
        ]

    def states(self, windows: Iterable[Window]) -> list[str]:
        """Return its state after each window, of which each is one period.

        Of the last ``evaluation_periods`` windows ``datapoints_to_alarm`` must breach ("Evaluating
        an alarm", Amazon CloudWatch user guide). CloudWatch may look further back for values before
        it takes one for missing, and so ring, or fall silent, some windows later.
        """
        breaching = [self._is_breaching(window) for window in windows]
        count = self.planned["evaluation_periods"]
        states: list[str] = []
        for end in range(1, len(breaching) + 1):
            before = states[-1] if states else OK
            states.append(self._state(breaching[max(0, end - count) : end], before))
        return states

    def samples(self, lines: Iterable[str]) -> Iterator[float]:
        """Yield the values of its metric in lines of CloudWatch's embedded format."""
        name, dimensions = self.planned["metric_name"], dict(self.planned["dimensions"])
        for line in lines:
            said = json.loads(line)
            for directive in said.get("_aws", {}).get("CloudWatchMetrics", []):
                is_named = any(each["Name"] == name for each in directive["Metrics"])
                keys = [{*each} for each in directive["Dimensions"]]
                if is_named and {*dimensions} in keys and dimensions.items() <= said.items():
                    yield from (float(each) for each in said[name])

    def _state(self, breaching: Sequence[bool | None], before: str) -> str:
        """Return the state by the latest windows; None is one without a value.

        The rules are those of the tables in "Configuring how CloudWatch alarms treat missing data"
        of the user guide.
        """
        missing = self.planned["treat_missing_data"]
        filled = {"breaching": True, "notBreaching": False}.get(missing)
        points = [filled if each is None else each for each in breaching]
        needed = self.planned["datapoints_to_alarm"] or self.planned["evaluation_periods"]
        if points.count(True) >= needed:
            return ALARM
        if False in points or None not in points:
            return OK
        if missing == "ignore":
            return before
        return ALARM if True in points else INSUFFICIENT_DATA

    def _is_breaching(self, window: Window) -> bool | None:
        value = self._value(window)
        if value is None:
            return None
        return _BREACHES[self.planned["comparison_operator"]](value, self.planned["threshold"])

    def _value(self, window: Window) -> Value:
        queries = self.planned.get("metric_query")
        if not queries:
            return _statistic(self.planned["statistic"], window, self.planned["metric_name"])
        metrics = {
            query["id"]: _statistic(metric["stat"], window, metric["metric_name"])
            for query in queries
            for metric in query["metric"]
        }
        [expression] = [query["expression"] for query in queries if query["return_data"]]
        return value_of(expression, metrics)


def _statistic(name: str, window: Window, metric: str) -> Value:
    samples = window.get(metric, ())
    return float(_STATISTICS[name](samples)) if samples else None
