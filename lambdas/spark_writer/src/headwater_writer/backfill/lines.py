"""A file's lines as messages, or why they cannot be read, each with its place."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from headwater_contract.accept import Refused
from headwater_contract.archive_line import UnreadableLineError
from headwater_contract.kinesis_event import Received
from headwater_contract.lines import UnreadableFileError, lines_of
from headwater_contract.tables import FAILED_RECORDS
from headwater_writer.backfill.messages import message_of
from headwater_writer.backfill.source import File, Source, SourceError
from headwater_writer.publish.lookup import position
from headwater_writer.writer import Rows

MAX_LISTED: Final = 100
"""Lines of a backfill that its log names if they cannot become rows; all are counted."""

Place: TypeAlias = tuple[str, int]
"""A file's name, and how many of its lines are done."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A line that cannot become a row, or at which a file cannot be read on, and why."""

    place: Place
    reason: str


@dataclass(frozen=True, slots=True)
class Unread(Refusal):
    """A file that could not be fetched: another attempt may."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line's message or why it has none, its bytes, and how many bytes of the file are read."""

    place: Place
    content: Received | Refusal
    size: int
    done: int


def lines_in(
    source: Source, file: File, app: str | None, now: Callable[[], datetime], skipped: int = 0
) -> Iterator[Line]:
    """Yield a file's lines after the first ``skipped``, but for empty ones.

    Raises:
        UnknownAppError: it is not of an archive, and there is no ``app``.
    """
    number = 0
    try:
        with source.opened(file.name) as opened:
            for number, text in enumerate(lines_of(opened), 1):
                if number > skipped and text.strip():
                    content = _content((file.name, number), text, app, now())
                    yield Line((file.name, number), content, len(text), opened.tell())
    except (SourceError, UnreadableFileError) as error:
        # One file that cannot be read must not starve the others.
        place = (file.name, number + 1)
        refusal = Unread if isinstance(error, SourceError) else Refusal
        yield Line(place, refusal(place, str(error)), 0, file.size)


def failing(messages: Mapping[Place, Received], rows: Rows) -> Sequence[Refusal]:
    """Return why some of the messages became failed records instead of rows."""
    places = {
        (message.position.shard, message.position.sequence, message.position.index): place
        for place, message in messages.items()
    }
    return [
        Refusal(places[row["ingest_shard"], *position(row)], f"{row['stage']}: {row['reason']}")
        for row in rows[FAILED_RECORDS.name]
    ]


def _content(place: Place, text: bytes, app: str | None, now: datetime) -> Received | Refusal:
    try:
        found = message_of(place[1], text, app, now)
    except UnreadableLineError as error:
        return Refusal(place, str(error))
    return Refusal(place, found.reason) if isinstance(found, Refused) else found
