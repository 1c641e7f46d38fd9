"""Which time an event gets, between a client's clock that may lie and the collector's own."""

from datetime import datetime, timedelta
from typing import Final, Literal

import msgspec

TimeSource = Literal["client", "skew", "server", "clamped"]

SKEW_TOLERANCE: Final = timedelta(seconds=60)
"""Below this, sentAt and the arrival differ by transit, and correcting would shift every event by
it and reorder funnels (PostHog/posthog#98250)."""

MAX_FUTURE: Final = timedelta(hours=24)


class EventTime(msgspec.Struct, frozen=True, gc=False):
    """An event's time, UTC, and where it comes from."""

    time: datetime
    source: TimeSource


def event_time(
    happened: datetime | None, sent: datetime | None, received: datetime, max_age: timedelta
) -> EventTime:
    """Return the time of an event from the client's two clock readings and the collector's one.

    The client's time is kept, less its clock's error where that shows; a result that is more than
    a day ahead or older than ``max_age`` is replaced by the time of arrival, so that a hostile
    clock cannot scatter events over hundreds of partitions.
    """
    if happened is None:
        return EventTime(received, "server")
    if sent is not None and abs(sent - received) > SKEW_TOLERANCE:
        return _clamp(_minus(happened, sent - received), "skew", received, max_age)
    return _clamp(happened, "client", received, max_age)


def _clamp(
    time: datetime | None, source: TimeSource, received: datetime, max_age: timedelta
) -> EventTime:
    # A difference of two times always exists; a time that far from another may not.
    if time is None or not -max_age <= time - received <= MAX_FUTURE:
        return EventTime(received, "clamped")
    return EventTime(time, source)


def _minus(time: datetime, skew: timedelta) -> datetime | None:
    try:
        return time - skew
    except OverflowError:
        return None
