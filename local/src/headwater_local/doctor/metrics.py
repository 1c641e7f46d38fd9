"""What CloudWatch counts of a stack: metrics of AWS's own, which cost nothing to have."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from headwater_local.doctor.stack import Stack

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient

MOST_POINTS: Final = 1440
"""Of one answer ("GetMetricStatistics", Amazon CloudWatch API reference)."""

_MINUTE, _HOUR = 60, 3600


@dataclass(frozen=True)
class Metric:
    """A metric of one thing, by its namespace, its name and its only dimension."""

    namespace: str
    name: str
    dimension: str
    value: str


def newest_maximum(stack: Stack, metric: Metric, after: datetime, before: datetime) -> float | None:
    """Return the maximum of the newest minute between two times that has any, None if none has."""
    client: CloudWatchClient = stack.client("cloudwatch")
    found = client.get_metric_statistics(
        Namespace=metric.namespace,
        MetricName=metric.name,
        Dimensions=[{"Name": metric.dimension, "Value": metric.value}],
        StartTime=after,
        EndTime=before,
        Period=_MINUTE,
        Statistics=["Maximum"],
    )
    points = sorted(found["Datapoints"], key=lambda point: point["Timestamp"])
    return points[-1]["Maximum"] if points else None


def arrived(stack: Stack, after: datetime, before: datetime) -> int:
    """Return how many records came onto the stream between two times.

    Only whole minutes count, or whole hours if the times lie a day or more apart, so that nothing
    from outside them is counted. It looks back for sixty days at most.
    """
    period = _MINUTE if before - after < timedelta(days=1) else _HOUR
    end = before.timestamp() // period * period
    start = max(math.ceil(after.timestamp() / period) * period, end - MOST_POINTS * period)
    if start >= end:
        return 0
    client: CloudWatchClient = stack.client("cloudwatch")
    found = client.get_metric_statistics(
        Namespace="AWS/Kinesis",
        MetricName="IncomingRecords",
        Dimensions=[{"Name": "StreamName", "Value": stack.stream}],
        StartTime=datetime.fromtimestamp(start, UTC),
        EndTime=datetime.fromtimestamp(end, UTC),
        Period=period,
        Statistics=["Sum"],
    )
    return round(sum(point["Sum"] for point in found["Datapoints"]))
