"""The CloudWatch dashboard: it shows whatever an alarm reads."""

import json
from collections.abc import Iterator, Sequence
from itertools import combinations

from terraform.alarm import Alarm, Metric
from terraform.command import needs_terraform
from terraform.made import Json, Stacks, of_kind


def _widgets(stack: Json) -> Sequence[Json]:
    [dashboard] = of_kind(stack, "aws_cloudwatch_dashboard", "dashboard_name").values()
    widgets: Sequence[Json] = json.loads(dashboard["dashboard_body"])["widgets"]
    return widgets


def _shown(widgets: Sequence[Json]) -> Iterator[Metric]:
    """Yield the metrics of widgets; what is an expression names none."""
    for widget in widgets:
        for metric in widget["properties"]["metrics"]:
            texts = [each for each in metric if isinstance(each, str)]
            if texts:
                namespace, name, *dimensions = texts
                pairs = zip(dimensions[::2], dimensions[1::2], strict=True)
                yield Metric(namespace, name, frozenset(pairs))


def _overlap(first: Json, second: Json) -> bool:
    return all(
        first[start] < second[start] + second[length]
        and second[start] < first[start] + first[length]
        for start, length in (("x", "width"), ("y", "height"))
    )


@needs_terraform
def test_shows_every_metric_that_an_alarm_reads(watched: Stacks) -> None:
    for stack in watched.made:
        alarms = of_kind(stack, "aws_cloudwatch_metric_alarm", "alarm_name").values()
        read = {metric for each in alarms for metric in Alarm(each).metrics}

        assert len(read) > 30
        assert read - {*_shown(_widgets(stack))} == set()


@needs_terraform
def test_no_widget_covers_another(watched: Stacks) -> None:
    for stack in watched.made:
        widgets = _widgets(stack)

        assert max(widget["x"] + widget["width"] for widget in widgets) == 24
        assert [pair for pair in combinations(widgets, 2) if _overlap(*pair)] == []
