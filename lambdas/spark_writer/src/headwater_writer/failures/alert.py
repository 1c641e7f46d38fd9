"""Failed records, reported by alerts: how many, why, and where they are. Never bodies."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from aws_lambda_powertools import Logger

from headwater_contract.reasons import kind, without_quotes
from headwater_writer.failures.topic import NotPublishedError, Topic
from headwater_writer.rows.rows import Row

QUIET: Final = timedelta(minutes=10)
"""Time between two alerts of a process: a broken client fails at every batch."""

SHOWN_REASONS: Final = 5
SHOWN_FILES: Final = 5


class Alert:
    """Failed records, added up.

    Reasons that differ in a quotation or a number count as one, and the first of them stands for
    all.
    """

    def __init__(self) -> None:
        self._counts = Counter[tuple[str, str]]()
        self._reasons: dict[tuple[str, str], str] = {}
        self._uris: dict[str, None] = {}
        self._times: list[datetime] = []

    def __len__(self) -> int:
        return self._counts.total()

    def add(self, rows: Sequence[Row], uris: Iterable[str]) -> None:
        """Add failed records, and the URIs of the files that have them."""
        for row in rows:
            of_stage = row["stage"], kind(row["reason"])
            self._counts[of_stage] += 1
            self._reasons.setdefault(of_stage, without_quotes(row["reason"]))
        self._uris.update(dict.fromkeys(uris))
        times = [*self._times, *(row["failed_at"] for row in rows)]
        self._times = [min(times), max(times)]

    @property
    def subject(self) -> str:
        """The subject: less than 100 characters of ASCII, as SNS wants it."""
        records = "record" if len(self) == 1 else "records"
        return f"Headwater: {len(self)} failed {records}"

    @property
    def text(self) -> str:
        """The message: a few lines of text."""
        first, last = self._times
        return "\n".join(
            [
                f"{len(self)} failed, from {first:%Y-%m-%d %H:%M:%S} to {last:%H:%M:%S} UTC:",
                *self._lines(),
                "",
                "They are in the table failed_records, and as JSON lines in",
                *_some(list(self._uris), SHOWN_FILES, "files"),
                "",
                "After a fix, replay them.",
                "",
            ]
        )

    def _lines(self) -> list[str]:
        lines = [
            f"{count} {of_stage[0]}: {self._reasons[of_stage]}"
            for of_stage, count in self._counts.most_common()
        ]
        return _some(lines, SHOWN_REASONS, "reasons")


@dataclass
class Notifier:
    """Sends alerts about failed records to a topic; ``now`` is the clock, aware UTC.

    At most one in a while, with all that was added since the last.
    """

    topic: Topic
    now: Callable[[], datetime]
    logger: Logger
    _alert: Alert = field(default_factory=Alert)
    _last: datetime | None = None

    def add(self, rows: Sequence[Row], uris: Iterable[str]) -> None:
        """Add failed records, and the URIs of the files that have them, to the next alert."""
        self._alert.add(rows, uris)

    def notify(self) -> None:
        """Send what was added since the last alert, if that is long enough ago.

        What cannot be sent stays for the next alert: a topic that fails must not fail a batch.
        """
        now = self.now()
        if not len(self._alert) or (self._last and now - self._last < QUIET):
            return
        self._last = now
        try:
            self.topic.send(self._alert.subject, self._alert.text)
        except NotPublishedError:
            self.logger.exception("no alert was sent about failed records")
        else:
            self._alert = Alert()


def _some(lines: Sequence[str], shown: int, name: str) -> list[str]:
    rest = [f"and {len(lines) - shown} more {name}"] if len(lines) > shown else []
    return [f"  {each}" for each in [*lines[:shown], *rest]]
