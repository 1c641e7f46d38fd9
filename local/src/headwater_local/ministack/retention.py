"""What the stand-in's stream no longer keeps, found without looking at all that it does.

The interpreter that has the stand-in has none of our dependencies: this imports the standard
library alone.
"""

from bisect import bisect_left
from collections.abc import Callable, Mapping
from typing import Any


def forgetting(now: Callable[[], float]) -> Callable[[Mapping[str, Any]], None]:
    """Return what takes the records out of a stream that it has kept for its retention.

    The stand-in does so with each request, by a copy of every shard without them, so that each
    takes longer the more records there are. But the oldest are the first: arrivals never go back
    (``MonotonicClock``).
    """

    def forget(stream: Mapping[str, Any]) -> None:
        oldest = now() - stream["RetentionPeriodHours"] * 3600
        for shard in stream["shards"].values():
            records = shard["records"]
            del records[: bisect_left(records, oldest, key=_arrival)]

    return forget


def _arrival(record: Mapping[str, Any]) -> float:
    arrival: float = record["ApproximateArrivalTimestamp"]
    return arrival
