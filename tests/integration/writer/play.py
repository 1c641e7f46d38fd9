"""A script of what writers and others do to the tables, played on the real ones and on the model.

What is played is what the protocol leans on: whole batches through the publisher, and beneath it
single commits on states that may be old, with rows or without; lost requests and answers while
others commit; and what maintenance and other tools do to a table between any two steps.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Final, Protocol

from headwater_contract.ranges import Range
from headwater_contract.tables import EVENTS, FAILED_RECORDS
from headwater_writer.publish.batch import Batch, Published
from headwater_writer.publish.fence import Change, claiming, coming_late
from headwater_writer.publish.history import ancestry
from headwater_writer.publish.ledger import property_name
from headwater_writer.publish.publisher import Publisher
from headwater_writer.publish.repeats import WINDOW, digest
from headwater_writer.publish.settle import PublishError
from headwater_writer.publish.shard import ShardState
from headwater_writer.publish.table import CommitError, Head, Opaque, PublishedTable, TableError
from headwater_writer.writer import rows_of
from integration.writer.batches import OTHER_SHARD, poison
from integration.writer.faults import Lost
from integration.writer.place import on_the_wall
from simulation.choices import Choices
from unit.writer.builders import GROUP, RULES, SHARD, entry, record

SHARDS: Final = (SHARD, OTHER_SHARD)
PROCESSES: Final = 3

_IDS: Final = 7
"""Record 8 repeats the message of record 1, and so on."""

_POISONED: Final = 4
"""Every so many records, one cannot be read."""


class Stage(Protocol):
    """The tables of a place, and what happens to that of events."""

    def process(self) -> Mapping[str, PublishedTable]:
        """Return the tables as a new process has them."""

    def sequences(self, name: str) -> list[int]:
        """Return the stream position of every row of a table, in order."""

    def compact(self) -> None:
        """Rewrite all files as one."""

    def expire(self) -> None:
        """Forget all snapshots but the newest."""

    def rewind(self, back: int) -> None:
        """Take the table so many snapshots back, or to its first, as maintenance does."""

    def roll_back(self, place: int) -> None:
        """Take the table to one of the snapshots that it has, as another tool does."""

    def forget(self) -> None:
        """Forget what the table says of every shard."""

    def outage(self, *, lands: bool) -> AbstractContextManager[None]:
        """Reach no table any more from a commit on, with or without that commit."""

    def losing(self, lost: Lost, meanwhile: Callable[[], None]) -> AbstractContextManager[None]:
        """Lose the next request for a commit, or its answer, after something happened."""

    def unreadable(self) -> list[int]:
        """Return the snapshots of which a file is missing."""


@dataclass
class _Process:
    """A process, and what it holds between two steps: what it read, and may be about to commit."""

    tables: Mapping[str, PublishedTable]
    publisher: Publisher
    head: Head | None = None
    batch: Batch | None = None
    staged: Opaque | None = None


@dataclass
class Play:
    """Plays a script that its choices make up, and notes whatever a process can observe."""

    stage: Stage
    choices: Choices
    seen: list[str] = field(default_factory=list)

    def run(self, steps: int) -> list[str]:
        """Play some steps and return what was seen."""
        processes = [self._process() for _ in range(PROCESSES)]
        for _ in range(steps):
            self._step(processes)
        held = {name: self.stage.sequences(name) for name in (EVENTS.name, FAILED_RECORDS.name)}
        self._see("everybody", f"holds {held}; cannot read {self.stage.unreadable()}")
        return self.seen

    def _process(self) -> _Process:
        tables = self.stage.process()
        return _Process(tables, Publisher(tables, GROUP, on_the_wall, lambda _: None))

    def _step(self, processes: list[_Process]) -> None:
        number = self.choices.below(len(processes))
        process, name = processes[number], str(number)
        if process.head is not None and self.choices.below(2):
            self._commit(process, name)
            return
        other = processes[(number + 1) % len(processes)]
        acts: list[Callable[[], None]] = [
            lambda: self._publish(process, name),
            lambda: self._publish_late(process, name),
            lambda: self._decide(process, name),
            lambda: self._publish_in_an_outage(process, name),
            lambda: self._publish_overtaken(process, name, other),
            self._disturb,
        ]
        self.choices.of(acts)()

    def _publish(self, process: _Process, name: str) -> None:
        self._see(name, f"publishes {self._published(process.publisher.write)}")

    def _publish_late(self, process: _Process, name: str) -> None:
        self._see(name, f"publishes late {self._published(process.publisher.write_late)}")

    def _publish_in_an_outage(self, process: _Process, name: str) -> None:
        lands = bool(self.choices.below(2))
        with self.stage.outage(lands=lands):
            self._see(name, f"in an outage, {lands=}: {self._published(process.publisher.write)}")

    def _publish_overtaken(self, process: _Process, name: str, other: _Process) -> None:
        lost: Lost = self.choices.of(("request", "answer"))
        acts: list[Callable[[], None]] = [
            lambda: self._publish(other, "another"),
            lambda: self._publish_late(other, "another"),
            self._compact,
        ]
        meanwhile = self.choices.of(acts)
        with self.stage.losing(lost, meanwhile):
            outcome = self._published(process.publisher.write)
        self._see(name, f"publishes {outcome}, the {lost} lost")

    def _published(self, write: Callable[[Batch], Mapping[str, Published]]) -> str:
        batch = self._batch()
        try:
            return f"{_told(batch)}: {dict(sorted(write(batch).items()))}"
        except (TableError, PublishError):
            return f"{_told(batch)}: it failed"

    def _decide(self, process: _Process, name: str) -> None:
        """Read the table and write the files, as far as a process comes before its commit."""
        batch, table = self._batch(), process.tables[EVENTS.name]
        head = table.head()
        rows = batch.rows[EVENTS.name]
        recent = set(table.recent(batch.shard, on_the_wall() - WINDOW, head))
        numbers = {str(number) for number in range(batch.claim.first, batch.claim.last + 1)}
        held = sorted(table.positions(batch.shard, numbers, head))
        known = table.events(rows, head) if rows else ()
        told = [(digest(EVENTS, row) in recent, digest(EVENTS, row) in known) for row in rows]
        self._see(name, f"reads {_state(batch, head)}; {_told(batch)}: {held} {told}")
        process.head, process.batch = head, batch
        process.staged = table.stage(rows) if rows and self.choices.below(3) else None

    def _commit(self, process: _Process, name: str) -> None:
        head, batch, staged = process.head, process.batch, process.staged
        assert head is not None
        assert batch is not None
        process.head = None
        ledger, state = _ledger(batch), ShardState.of(head.properties, _ledger(batch))
        change = self.choices.of((claiming, coming_late))(ledger, state, batch.claim)
        lost: Lost | None = self.choices.of((None, None, "request", "answer"))
        table = process.tables[EVENTS.name]
        outcome = self._outcome(table, staged, head, change, lost)
        self._see(name, f"commits {change}, {lost} lost: {outcome}")

    def _outcome(
        self,
        table: PublishedTable,
        staged: Opaque | None,
        head: Head,
        change: Change,
        lost: Lost | None,
    ) -> str:
        try:
            if lost is None:
                table.commit(staged, head, change.joined(head.corrections))
            else:
                with self.stage.outage(lands=lost == "answer"):
                    table.commit(staged, head, change.joined(head.corrections))
        except CommitError:
            return "not done, for all it knows"
        return "done"

    def _disturb(self) -> None:
        if not self.stage.sequences(EVENTS.name):
            return
        number = self.choices.below(4)
        acts: list[Callable[[], None]] = [
            self._compact,
            self.stage.expire,
            lambda: self.stage.rewind(1 + number),
            lambda: self.stage.roll_back(number),
        ]
        self.choices.of(acts)()
        self._see("maintenance", f"leaves {self.stage.sequences(EVENTS.name)}")

    def _compact(self) -> None:
        if self.stage.sequences(EVENTS.name):
            self.stage.compact()

    def _batch(self) -> Batch:
        shard = self.choices.of(SHARDS)
        first = 1 + self.choices.below(8)
        claim = Range(first, first + self.choices.below(4))
        received = [
            poison(number, shard=shard)[0]
            if number % _POISONED == 0
            else record(number, entry(f"{shard}-{number % _IDS}"), shard=shard)
            for number in range(claim.first, claim.last + 1)
        ]
        return Batch(shard, claim, rows_of(received, RULES, on_the_wall()))

    def _see(self, name: str, what: str) -> None:
        self.seen.append(f"{name} {what}")


def _ledger(batch: Batch) -> str:
    return property_name(GROUP, batch.shard)


def _state(batch: Batch, head: Head) -> str:
    depth = len(list(ancestry(head.history, head.history.newest)))
    return (
        f"{ShardState.of(head.properties, _ledger(batch))}, {depth} deep, {len(head.corrections)=}"
    )


def _told(batch: Batch) -> str:
    return f"{batch.claim} of {batch.shard}"
