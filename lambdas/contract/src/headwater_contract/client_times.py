"""Client times: which fields of a message hold one, and how far a client's clock is believed."""

from datetime import datetime, timedelta
from typing import Final, Literal

import msgspec

from headwater_contract.message import Message
from headwater_contract.times import parse_time

TimeSource = Literal["client", "skew", "server", "clamped"]

SKEW_TOLERANCE: Final = timedelta(seconds=60)
"""Below this, sentAt and the arrival differ by transit, and correcting would shift every event by
it and reorder funnels (PostHog/posthog#98250)."""

MAX_FUTURE: Final = timedelta(hours=24)

_ZERO: Final = "0001-01-01T00:00:00"

STAMPING_FILES: Final = frozenset({"analytics-kotlin", "analytics-swift", "analytics-csharp"})
"""Libraries, in lower case, that write ``sentAt`` when they close a file of messages. The file
waits until there is a network: a ``sentAt`` of yesterday says nothing about the clock."""


class ClientTimes(msgspec.Struct, frozen=True, gc=False):
    """What a client's clock said, in UTC: when it happened, and when it was sent.

    ``tells_delay`` says that the time of sending may lie long before the arrival although the clock
    is right; ``is_final``, that the times are not to be corrected: another server has done so, or
    they are history.
    """

    happened: datetime | None = None
    sent: datetime | None = None
    tells_delay: bool = False
    is_final: bool = False


class EventTime(msgspec.Struct, frozen=True, gc=False):
    """An event's time, UTC, and where it comes from."""

    time: datetime
    source: TimeSource


def client_times(
    message: Message,
    sent_with_batch: datetime | None,
    library: str | None,
    *,
    is_import: bool = False,
) -> ClientTimes:
    """Return the times that a message says; its own ``sentAt`` takes precedence over its batch's.

    A message with a ``receivedAt`` comes from another server, which has corrected its times.

    Raises:
        ValueError: the field that says when it happened does not hold a time; the text names it.
    """
    return ClientTimes(
        happened=happened_at(message),
        sent=sent_at(message.sent_at) or sent_with_batch,
        tells_delay=(library or "").lower() in STAMPING_FILES,
        is_final=is_import or bool(message.received_at),
    )


def happened_at(message: Message) -> datetime | None:
    """Return when a message happened, by the client's clock (UTC).

    Raises:
        ValueError: the field that says so does not hold a time; the text names it.
    """
    timestamp = _unless_zero(message.timestamp)
    name = "timestamp" if timestamp else "originalTimestamp"
    text = timestamp or _unless_zero(message.original_timestamp)
    try:
        return parse_time(text) if text else None
    except ValueError as error:
        raise ValueError(f"{name} {error}") from error


def sent_at(text: str | None) -> datetime | None:
    """Return the time (UTC) in a ``sentAt``; what is not a time is as good as absent."""
    text = _unless_zero(text)
    try:
        return parse_time(text) if text else None
    except ValueError:
        return None


def _unless_zero(text: str | None) -> str | None:
    # Go and .NET write a time that nobody has set as the first instant of the year 1, .NET with the
    # local offset.
    return None if text and text.startswith(_ZERO) else text


def event_time(times: ClientTimes, received: datetime, max_age: timedelta | None) -> EventTime:
    """Return the time of an event from the client's two clock readings and the collector's one.

    The client's time is kept, less its clock's error where that shows; a result that is more than
    a day ahead or older than ``max_age`` is replaced by the time of arrival, so that a hostile
    clock cannot scatter events over hundreds of partitions. Without ``max_age`` none is too old.
    """
    if times.happened is None:
        return EventTime(received, "server")
    error = _clock_error(times, times.happened, received)
    if error is None:
        return _clamp(times.happened, "client", received, max_age)
    return _clamp(_minus(times.happened, error), "skew", received, max_age)


def _clock_error(times: ClientTimes, happened: datetime, received: datetime) -> timedelta | None:
    """Return by how much the client's clock is ahead (behind: negative), or None if it is right."""
    if times.is_final or times.sent is None or happened - times.sent > SKEW_TOLERANCE:
        # Nothing is sent before it happens: the two are not readings of one clock.
        return None
    error = times.sent - received
    is_delay = times.tells_delay and error < timedelta()
    return None if is_delay or abs(error) <= SKEW_TOLERANCE else error


def _clamp(
    time: datetime | None, source: TimeSource, received: datetime, max_age: timedelta | None
) -> EventTime:
    # A difference of two times always exists; a time that far from another may not.
    if time is None or time - received > MAX_FUTURE:
        return EventTime(received, "clamped")
    if max_age is not None and received - time > max_age:
        return EventTime(received, "clamped")
    return EventTime(time, source)


def _minus(time: datetime, error: timedelta) -> datetime | None:
    try:
        return time - error
    except OverflowError:
        return None
