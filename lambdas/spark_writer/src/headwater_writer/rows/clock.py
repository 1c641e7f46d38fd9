"""The time of an event, from a client's clock, which may be wrong, and the collector's."""

from datetime import datetime, timedelta
from typing import Final, Literal

import msgspec

TimeSource = Literal["client", "skew", "server", "clamped"]

SKEW_TOLERANCE: Final = timedelta(seconds=60)
"""Up to this, sentAt and the arrival differ by transit, and a correction would shift every event by
it and reorder funnels (PostHog/posthog#98250)."""

MAX_FUTURE: Final = timedelta(hours=24)


class EventTime(msgspec.Struct, frozen=True, gc=False):
    """An event's time, UTC, and its source."""

    time: datetime
    source: TimeSource


def event_time(
    happened: datetime | None, sent: datetime | None, received: datetime, max_age: timedelta
) -> EventTime:
    """Return an event's time from two readings of the client's clock and one of the collector's.

    It is the client's time, corrected if its clock is evidently wrong. A result that is more than a
    day ahead or older than ``max_age`` is replaced by the time of arrival, so that a hostile clock
    cannot scatter events over hundreds of partitions.
    """
    if happened is None:
        return EventTime(received, "server")
    if sent is not None and abs(sent - received) > SKEW_TOLERANCE:
        return _clamp(_minus(happened, sent - received), "skew", received, max_age)
    return _clamp(happened, "client", received, max_age)


def _clamp(
    time: datetime | None, source: TimeSource, received: datetime, max_age: timedelta
) -> EventTime:
    # The difference of two times always exists, but not every time that far from another.
    if time is None or not -max_age <= time - received <= MAX_FUTURE:
        return EventTime(received, "clamped")
    return EventTime(time, source)


def _minus(time: datetime, skew: timedelta) -> datetime | None:
    try:
        return time - skew
    except OverflowError:
        return None
