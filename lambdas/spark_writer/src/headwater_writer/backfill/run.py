"""Files, line by line, published as a replay publishes: a run at a time, over the ends of files.

Each message is looked up by its position and by what it says, whatever was done before: a backfill
that was interrupted, is repeated or runs alongside another or the writer writes nothing twice. What
cannot become a row is named and stays in its file.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Final

from headwater_contract.kinesis_event import Received
from headwater_contract.ranges import Range
from headwater_contract.reasons import without_quotes
from headwater_contract.tables import EVENTS
from headwater_writer.backfill.lines import Line, Place, Refusal, failing, lines_in
from headwater_writer.backfill.source import File, Source
from headwater_writer.publish.batch import Batch, Published
from headwater_writer.replay.outcome import Outcome
from headwater_writer.writer import Writer, rows_of_messages

RUN_MESSAGES: Final = 10_000
RUN_BYTES: Final = 12 * 1024 * 1024
"""What is looked up and committed at once, in messages and in bytes of lines: many, since each run
pays for its searches, but within the memory that a chunk of the stream takes."""


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
    for run in runs(_lines(source, files, writer, app, after)):
        yield _written(run, of, writer)


def _lines(
    source: Source, files: Sequence[File], writer: Writer, app: str | None, after: Place | None
) -> Iterator[Line]:
    done = 0
    for file in files:
        skipped = after[1] if after and file.name == after[0] else 0
        if after is None or file.name >= after[0]:
            for line in lines_in(source, file, app, writer.now, skipped):
                yield replace(line, done=done + line.done)
        done += file.size


def runs(lines: Iterable[Line]) -> Iterator[Sequence[Line]]:
    """Yield lines in runs of at most so many messages and bytes."""
    run: list[Line] = []
    size = 0
    for line in lines:
        if run and (len(run) == RUN_MESSAGES or size + line.size > RUN_BYTES):
            yield run
            run, size = [], 0
        run.append(line)
        size += line.size
    if run:
        yield run


def _written(run: Sequence[Line], of: int, writer: Writer) -> Step:
    messages = [(line.place, line.content) for line in run if isinstance(line.content, Received)]
    refusals = [line.content for line in run if isinstance(line.content, Refusal)]
    outcome = Outcome()
    for _, of_shard in groupby(sorted(messages, key=_shard), _shard):
        written, refused = _write(dict(of_shard), writer)
        outcome += written
        refusals += refused
    outcome += Outcome(failing=by_reason(refusals))
    return Step(run[-1].done, of, outcome, run[-1].place, refusals)


def by_reason(refusals: Iterable[Refusal]) -> Counter[str]:
    """Count refusals by reason, without what reasons quote."""
    return Counter(without_quotes(each.reason) for each in refusals)


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
    return Outcome(events.written, events.covered), failing(messages, rows)
