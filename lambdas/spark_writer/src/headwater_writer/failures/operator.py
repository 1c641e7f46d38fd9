"""The operator, told now and then: one notice in a while, with all that came since the last."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from aws_lambda_powertools import Logger

from headwater_writer.failures.notice import Notice
from headwater_writer.failures.topic import NotToldError, Topic
from headwater_writer.rows.rows import Row

QUIET: Final = timedelta(minutes=10)
"""Time between two notices of a process: a broken client fails at every batch."""


@dataclass
class Operator:
    """Hears of failed records through a topic; ``now`` is the clock, aware UTC."""

    topic: Topic
    now: Callable[[], datetime]
    logger: Logger
    _notice: Notice = field(default_factory=Notice)
    _last: datetime | None = None

    def hear(self, rows: Sequence[Row], places: Iterable[str]) -> None:
        """Take note of failed records and of the URIs of what holds them."""
        self._notice.add(rows, places)

    def tell(self) -> None:
        """Send what has come since the last notice, if that is long enough ago.

        What cannot be sent stays for the next time: a topic that fails must not fail a batch.
        """
        now = self.now()
        if not len(self._notice) or (self._last and now - self._last < QUIET):
            return
        self._last = now
        try:
            self.topic.send(self._notice.subject, self._notice.text)
        except NotToldError:
            self.logger.exception("the operator was not told of failed records")
        else:
            self._notice = Notice()
