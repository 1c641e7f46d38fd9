"""Files, line by line, published as a replay publishes: a run at a time, over the ends of files.

Each message is looked up by its position and by what it says, whatever was done before: a backfill
that was interrupted, is repeated or runs alongside another or the writer writes nothing twice. What
cannot become a row is named and stays in its file.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final, TypeAlias

from headwater_contract.accept import Refused
from headwater_contract.archive_line import UnreadableLineError
from headwater_contract.kinesis_event import Received
from headwater_contract.lines import UnreadableFileError, lines_of
from headwater_contract.ranges import Range
from headwater_contract.reasons import without_quotes
from headwater_contract.tables import EVENTS, FAILED_RECORDS
from headwater_writer.backfill.messages import message_of
from headwater_writer.backfill.source import File, Source, SourceError
from headwater_writer.publish.batch import Batch, Published
from headwater_writer.publish.lookup import position
from headwater_writer.replay.outcome import Outcome
from headwater_writer.writer import Rows, Writer, rows_of_messages

RUN_MESSAGES: Final = 5_000
RUN_BYTES: Final = 12 * 1024 * 1024
"""What is looked up and committed at once, in messages and in bytes of lines: as much of memory as
a chunk of the stream takes, and so many messages that a search pays."""

Place: TypeAlias = tuple[str, int]
"""A file's name, and how many of its lines are done."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A line that cannot become a row, or at which a file cannot be read on, and why."""

    place: Place
    reason: str


@dataclass(frozen=True, slots=True)
class Step:
    """How much is done, of how much, in bytes of files, and the outcome of this run.

    ``place`` is where it ends; a run that follows goes on after it.
    """

    done: int
    of: int
    outcome: Outcome = field(default_factory=Outcome)
    place: Place | None = None
    refusals: Sequence[Refusal] = ()


@dataclass(frozen=True, slots=True)
class _Line:
    """A line's message or why it has none, its bytes, and how many bytes of files are read."""

    place: Place
    content: Received | Refusal
    size: int
    done: int


def backfill(
    source: Source, writer: Writer, *, app: str | None = None, after: Place | None = None
) -> Iterator[Step]:
    """Write what the tables lack of a source's files, from ``after`` on.

    With an ``app`` they are files of its messages, without one an archive.

    Raises:
        PublishError: a commit to a table failed; retrying is safe.
        SourceError: there are no files, or they cannot be listed.
        UnknownAppError: they are files of messages, and there is no ``app``.
    """
    files = source.files()
    of = sum(file.size for file in files)
    yield Step(sum(file.size for file in files if after and file.name < after[0]), of, place=after)
    for run in _runs(_lines(source, files, writer, app, after)):
        yield _written(run, of, writer)


def _lines(
    source: Source, files: Sequence[File], writer: Writer, app: str | None, after: Place | None
) -> Iterator[_Line]:
    done = 0
    for file in files:
        skipped = after[1] if after and file.name == after[0] else 0
        if after is None or file.name >= after[0]:
            for line in _lines_in(source, file, writer, app, skipped):
                yield _Line(line.place, line.content, line.size, done + line.done)
        done += file.size


def _lines_in(
    source: Source, file: File, writer: Writer, app: str | None, skipped: int
) -> Iterator[_Line]:
    number = 0
    try:
        with source.opened(file.name) as opened:
            for number, text in enumerate(lines_of(opened), 1):
                if number > skipped and text.strip():
                    content = _content((file.name, number), text, writer, app)
                    yield _Line((file.name, number), content, len(text), opened.tell())
    except (SourceError, UnreadableFileError) as error:
        # One file that cannot be read must not starve the others.
        place = (file.name, number + 1)
        yield _Line(place, Refusal(place, str(error)), 0, file.size)


def _content(place: Place, text: bytes, writer: Writer, app: str | None) -> Received | Refusal:
    try:
        found = message_of(place[1], text, app, writer.now())
    except UnreadableLineError as error:
        return Refusal(place, str(error))
    return Refusal(place, found.reason) if isinstance(found, Refused) else found


def _runs(lines: Iterable[_Line]) -> Iterator[Sequence[_Line]]:
    run: list[_Line] = []
    size = 0
    for line in lines:
        if run and (len(run) == RUN_MESSAGES or size + line.size > RUN_BYTES):
            yield run
            run, size = [], 0
        run.append(line)
        size += line.size
    if run:
        yield run


def _written(run: Sequence[_Line], of: int, writer: Writer) -> Step:
    messages = [(line.place, line.content) for line in run if isinstance(line.content, Received)]
    refusals = [line.content for line in run if isinstance(line.content, Refusal)]
    outcome = Outcome()
    for _, of_shard in groupby(sorted(messages, key=_shard), _shard):
        written, failing = _write(dict(of_shard), writer)
        outcome += written
        refusals += failing
    outcome += Outcome(failing=Counter(without_quotes(each.reason) for each in refusals))
    return Step(run[-1].done, of, outcome, run[-1].place, refusals)


def _shard(message: tuple[Place, Received]) -> str:
    return message[1].position.shard


def _write(messages: Mapping[Place, Received], writer: Writer) -> tuple[Outcome, Sequence[Refusal]]:
    """Write messages of one shard, and return those that cannot become rows."""
    positions = [message.position for message in messages.values()]
    numbers = [int(each.sequence) for each in positions]
    claim = Range(min(numbers), max(numbers))
    rows = rows_of_messages(messages.values(), writer.rules, writer.now())
    published = writer.publisher().replay(Batch(positions[0].shard, claim, rows))
    events = published.get(EVENTS.name, Published(0))
    return Outcome(events.written, events.covered), _failing(messages, rows)


def _failing(messages: Mapping[Place, Received], rows: Rows) -> Sequence[Refusal]:
    places = {
        (message.position.sequence, message.position.index): place
        for place, message in messages.items()
    }
    return [
        Refusal(places[position(row)], f"{row['stage']}: {row['reason']}")
        for row in rows[FAILED_RECORDS.name]
    ]
