"""A script of what processes do to one table, to be played on the real one and on its model."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final, Literal, Protocol

from headwater_writer.ledger import Range
from headwater_writer.publish import (
    CommitConflictError,
    CommitUnknownError,
    Head,
    PublishedTable,
    ShardRows,
    publish,
    publish_late,
)
from headwater_writer.repeats import key
from headwater_writer.rows import Row, Rules
from headwater_writer.writer import rows_of
from simulation.choices import Choices
from unit.writer.builders import entry, record

Lost = Literal["request", "answer"]

SHARDS: Final = ("clicks/shardId-000000000000", "clicks/shardId-000000000001")


class Stage(Protocol):
    """A table and what happens around it."""

    def process(self) -> PublishedTable:
        """Return the table as a new process has it."""

    def sequences(self) -> list[int]:
        """Return the stream position of every row, in order."""

    def compact(self) -> None:
        """Rewrite all files as one."""

    def expire(self) -> None:
        """Forget all snapshots but the newest."""

    def rewind(self, back: int) -> None:
        """Take the table so many snapshots back, or to its first."""

    def forget(self) -> None:
        """Forget the ledger of every shard."""

    def losing(self, lost: Lost) -> AbstractContextManager[None]:
        """Lose the request of a commit, or its answer, inside the context."""


@dataclass
class _Process:
    """What a process holds between two steps: what it read, and what it is about to commit."""

    table: PublishedTable
    head: Head | None = None
    batch: ShardRows | None = None
    staged: Any = None


@dataclass
class Play:
    """Plays a script that its choices make up, and notes whatever a process can observe."""

    stage: Stage
    choices: Choices
    seen: list[str] = field(default_factory=list)

    def run(self, steps: int) -> list[str]:
        """Play some steps and return what was seen."""
        processes = [_Process(self.stage.process()) for _ in range(3)]
        for _ in range(steps):
            number = self.choices.below(len(processes))
            self._step(processes[number], str(number))
        self.seen.append(f"holds {self.stage.sequences()}")
        return self.seen

    def _step(self, process: _Process, name: str) -> None:
        if process.head is not None and self.choices.below(3):
            self._commit(process, name)
            return
        act: Callable[[_Process, str], None] = self.choices.of(
            (self._decide, self._decide, self._publish, self._publish_late, self._maintain)
        )
        act(process, name)

    def _decide(self, process: _Process, name: str) -> None:
        """Read the table and write the files, as far as a process comes before its commit."""
        batch = self._batch()
        head = process.table.head(batch.shard)
        recent = process.table.recent(batch.shard, head)
        absent = process.table.absent(batch.shard, batch.rows, head)
        known = recent is not None and [key(row)[1] for row in batch.rows if key(row) in recent]
        lacking = [row["ingest_sequence"] for row in absent]
        self._see(name, f"reads {head.ranges}; {head.late}; knows {known}; lacks {lacking}")
        process.head, process.batch = head, batch
        process.staged = process.table.stage(batch.rows)

    def _commit(self, process: _Process, name: str) -> None:
        head, batch, staged = process.head, process.batch, process.staged
        assert head is not None
        assert batch is not None
        process.head = None
        commit = self.choices.of((process.table.commit, process.table.insert))
        lost: Lost | None = self.choices.of((None, None, "request", "answer"))
        outcome = self._outcome(lambda: commit(staged, head, batch.shard, batch.claim), lost)
        self._see(name, f"{commit.__name__}s {batch.claim}, {lost} lost: {outcome}")

    def _outcome(self, commit: Callable[[], None], lost: Lost | None) -> str:
        try:
            if lost is None:
                commit()
            else:
                with self.stage.losing(lost):
                    commit()
        except (CommitConflictError, CommitUnknownError):
            # Which of the two does not matter to who reads again. On a base that has expired they
            # differ: the model refuses it, and Iceberg misses its files.
            return "not done, for all it knows"
        return "done"

    def _publish(self, process: _Process, name: str) -> None:
        self._see(name, f"publishes {publish(process.table, self._batch())}")

    def _publish_late(self, process: _Process, name: str) -> None:
        self._see(name, f"publishes late {publish_late(process.table, self._batch())}")

    def _maintain(self, _process: _Process, _name: str) -> None:
        if not self.stage.sequences():
            return
        back = 1 + self.choices.below(3)
        rewind = partial(self.stage.rewind, back)
        acts: list[Callable[[], None]] = [self.stage.compact, self.stage.expire, rewind]
        self.choices.of(acts)()
        self._see("maintenance", f"leaves {self.stage.sequences()}")

    def _batch(self) -> ShardRows:
        shard = self.choices.of(SHARDS)
        first = 1 + self.choices.below(8)
        claim = Range(first, first + self.choices.below(3))
        records = [
            record(number, entry(f"{shard}-{number}"), shard=shard)
            for number in range(claim.first, claim.last + 1)
        ]
        rows: list[Row] = rows_of(records, Rules(), datetime.now(UTC))["events"]
        return ShardRows(shard, claim, rows)

    def _see(self, name: str, what: str) -> None:
        self.seen.append(f"{name} {what}")
