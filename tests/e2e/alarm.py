"""A CloudWatch alarm, as Terraform plans it, on samples that were emitted as log lines."""

import json
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

OK, ALARM = "OK", "ALARM"

_STATISTICS: dict[str, Callable[[Sequence[float]], float]] = {"Sum": sum, "Maximum": max}
_BREACHES: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
}


@dataclass(frozen=True)
class Alarm:
    """An ``aws_cloudwatch_metric_alarm`` on one metric, by its planned attributes."""

    planned: Mapping[str, Any]

    def states(self, windows: Sequence[Sequence[float]]) -> list[str]:
        """Return its state after each window, of whose samples it makes one value.

        Of the last ``evaluation_periods`` windows ``datapoints_to_alarm`` must breach ("Evaluating
        an alarm", Amazon CloudWatch user guide); none of them breaches that has no sample.
        """
        assert self.planned["treat_missing_data"] == "notBreaching"
        breaching = [self._is_breaching(samples) for samples in windows]
        count = self.planned["evaluation_periods"]
        needed = self.planned["datapoints_to_alarm"] or count
        return [
            ALARM if sum(breaching[max(0, end - count) : end]) >= needed else OK
            for end in range(1, len(windows) + 1)
        ]

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

    def _is_breaching(self, samples: Sequence[float]) -> bool:
        if not samples:
            return False
        value = _STATISTICS[self.planned["statistic"]](samples)
        return _BREACHES[self.planned["comparison_operator"]](value, self.planned["threshold"])
