"""Records of the stand-in's streams, found by bisection where the stand-in reads them one by one.

A shard's records are in the order of their arrivals and numbers, neither of which goes back
(``MonotonicClock``). The stand-in looks at all of them in each request, so that requests get slower
as records accumulate, and a laptop keeps a week's.

The interpreter that has the stand-in has none of our dependencies: this imports the standard
library alone.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Record = Mapping[str, Any]
StartPosition = Callable[[Sequence[Record], str, str | None, Any], int | None]


def dropping_expired(now: Callable[[], float]) -> Callable[[Mapping[str, Any]], None]:
    """Return a function that drops a stream's records once they are older than its retention."""

    def drop(stream: Mapping[str, Any]) -> None:
        oldest = now() - stream["RetentionPeriodHours"] * 3600
        for shard in stream["shards"].values():
            records = shard["records"]
            del records[: bisect_left(records, oldest, key=_arrival)]

    return drop


def bisecting(start_position: StartPosition) -> StartPosition:
    """Return what finds where an iterator starts; ours all start after a record.

    Numbers are compared as texts, as the stand-in does.
    """

    def found(records: Sequence[Record], kind: str, number: str | None, at: object) -> int | None:
        if kind == "AFTER_SEQUENCE_NUMBER" and number is not None:
            return bisect_right(records, number, key=_number)
        return start_position(records, kind, number, at)

    return found


def _arrival(record: Record) -> float:
    arrival: float = record["ApproximateArrivalTimestamp"]
    return arrival


def _number(record: Record) -> str:
    number: str = record["SequenceNumber"]
    return number
