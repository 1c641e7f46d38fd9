"""Which span of time is asked for next, and how far a walk over it got."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from headwater_poller.config import TimeWindow
from headwater_poller.errors import AnswerError
from headwater_poller.requests import Request
from headwater_poller.state import MAX_SEEN
from headwater_poller.times import format_as


@dataclass(frozen=True, slots=True)
class Window:
    """A span of time, in whole seconds; without ``until`` it has no end.

    ``is_last``: nothing later can be asked for yet.
    """

    since: datetime
    until: datetime | None
    is_last: bool

    def asked(self, request: Request, config: TimeWindow) -> Request:
        """Return a request with the window's parameters."""
        request = request.asking(config.since, format_as(config.time_format, self.since))
        if config.until is None or self.until is None:
            return request
        return request.asking(config.until, format_as(config.time_format, self.until))


def next_window(config: TimeWindow, mark: datetime | None, now: datetime) -> Window:
    """Return the window after a mark; ``now`` is the time by the poller's clock."""
    reached = mark or config.start
    since = max(config.start, reached - config.overlap).replace(microsecond=0)
    if config.step is None:
        return Window(since, None, is_last=True)
    until = reached + config.step
    # One that ends within the overlap would not be done with, and be asked for again.
    until = (until if until <= now - config.overlap else now).replace(microsecond=0)
    until = max(until, since + timedelta(seconds=1))
    return Window(since, until, is_last=until >= now.replace(microsecond=0))


def next_mark(
    config: TimeWindow,
    window: Window,
    mark: datetime | None,
    newest: datetime | None,
    horizon: datetime,
) -> datetime:
    """Return the mark after a window that was walked to its end.

    It is the time of the newest record, and never later than ``horizon``, which is the earlier of
    two clocks, the poller's and the API's: past it, records are still to come. A window with an end
    that lies an overlap before that is done with, even if it was empty.
    """
    reached = mark or config.start
    if window.until is not None and window.until <= horizon - config.overlap:
        return max(reached, window.until)
    return max(reached, min(newest, horizon)) if newest else reached


@dataclass(slots=True)
class Walk:
    """The records of a walk over all pages, by identity, with their times."""

    records: dict[bytes, datetime | None] = field(default_factory=dict)

    def __contains__(self, identity: bytes) -> bool:
        return identity in self.records

    def add(self, identity: bytes, time: datetime | None) -> None:
        """Add a record.

        Raises:
            AnswerError: it is one more than can be remembered.
        """
        self.records[identity] = time
        if len(self.records) > MAX_SEEN:
            raise AnswerError(
                f"one walk over all pages gives more than {MAX_SEEN:,} records: declare "
                "`incremental`, with `until` and a shorter `step`"
            )

    @property
    def newest(self) -> datetime | None:
        """The latest time of a record."""
        return max((time for time in self.records.values() if time), default=None)
