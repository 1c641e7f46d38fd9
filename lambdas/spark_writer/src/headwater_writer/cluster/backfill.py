"""A backfill on a cluster: stretches of files, each looked up and committed as a whole.

There is no note of what is done: each message is looked up, as in a backfill by one process, and by
the same identities. So either may finish what the other began, and a driver that is killed or
started twice changes nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Final, Protocol

from headwater_writer.backfill.run import Step
from headwater_writer.backfill.source import File
from headwater_writer.cluster.archive import FileEnd
from headwater_writer.publish.joint import Heads, Joint
from headwater_writer.publish.publisher import Publisher
from headwater_writer.replay.outcome import Outcome

STRETCH_BYTES: Final = 1024**3
STRETCH_FILES: Final = 1000
"""What is looked up and committed at once: so much that a commit and a search of the tables pay,
and so little that not much is done again after a kill."""

MAX_TRIES: Final = 20
"""A stretch begins anew if another process wrote messages of its range meanwhile."""


class OvertakenError(Exception):
    """Others wrote messages of the same range each time; what is done stays done."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """What tasks made of some files: what the tables lack is staged, ``written`` events of it."""

    ends: Sequence[FileEnd]
    joint: Joint
    written: int


class ArchiveEngine(Protocol):
    """What runs a task for each file, and stages what the tables lack."""

    def shaped(self, files: Sequence[File], heads: Heads, now: datetime) -> Stretch:
        """Read, shape and stage what the tables lack at ``heads`` of some files."""


def backfill(
    files: Sequence[File], engine: ArchiveEngine, publisher: Publisher, now: Callable[[], datetime]
) -> Iterator[Step]:
    """Write what the tables lack of some files, a step for each stretch.

    Raises:
        LedgerError: a property of a table is not valid.
        OvertakenError: others wrote the same in each attempt.
        PublishError: a commit to a table failed; it can be run again at any time.
        TableError: a table cannot be read.
    """
    of = sum(file.size for file in files)
    done = 0
    yield Step(done, of)
    for stretch in stretches(files):
        made = _landed(stretch, engine, publisher, now)
        done += sum(file.size for file in stretch)
        yield Step(done, of, _outcome(made), refusals=[*chain(*(end.named for end in made.ends))])


def stretches(files: Sequence[File]) -> Iterator[Sequence[File]]:
    """Yield files in stretches of at most so many files and bytes."""
    stretch: list[File] = []
    for file in files:
        size = sum(each.size for each in stretch)
        if stretch and (len(stretch) == STRETCH_FILES or size + file.size > STRETCH_BYTES):
            yield stretch
            stretch = []
        stretch.append(file)
    if stretch:
        yield stretch


def _landed(
    files: Sequence[File],
    engine: ArchiveEngine,
    publisher: Publisher,
    now: Callable[[], datetime],
) -> Stretch:
    for _ in range(MAX_TRIES):
        heads = publisher.heads()
        made = engine.shaped(files, heads, now())
        if publisher.replay_jointly(made.joint, heads):
            return made
    raise OvertakenError(
        f"other processes wrote the same messages in {MAX_TRIES} attempts: run it again when they "
        "have ended"
    )


def _outcome(made: Stretch) -> Outcome:
    events = sum(end.events for end in made.ends)
    failing = sum((end.failing for end in made.ends), start=Counter[str]())
    return Outcome(made.written, events - made.written, failing=failing)
