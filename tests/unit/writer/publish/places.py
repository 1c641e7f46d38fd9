"""A small stream, the writers that are given it, and where its messages are in the end."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Final, Literal

from headwater_contract.columns import Table
from headwater_contract.envelope import Entry
from headwater_contract.kinesis_event import ReceivedRecord
from headwater_contract.tables import EVENTS, FAILED_RECORDS, IDENTIFIES
from headwater_writer.publish.batch import Published
from headwater_writer.publish.lookup import WHOLE, Position, position
from headwater_writer.publish.memory_table import LostError, Phase, Step, Watch, unwatched
from headwater_writer.publish.repeats import Digest, digest
from headwater_writer.replay.replay import replay
from headwater_writer.rows.rows import Row, Rules
from headwater_writer.tracking_plan.parse import parse
from headwater_writer.writer import rows_of
from unit.writer.builders import NOW, SHARD, MemoryLake, entry, record

LOOSE: Final = Rules()
STRICT: Final = Rules(
    plan=parse(
        b"version: 1\n"
        b"on_mismatch: fail\n"
        b"events: {paid: {properties: {total: long}}, identify: {properties: {age: long}}}\n"
    )
)
"""Let ``PAID`` and ``JOINED_BADLY`` fail."""

GOOD: Final = entry("good")
OTHER: Final = entry("other", event="Pong")
PAID: Final = entry("paid", event="paid", properties={"total": "x"})
JOINED: Final = entry("joined", "identify", anonymousId="a", traits={"age": 7})
JOINED_BADLY: Final = entry("joined-badly", "identify", anonymousId="b", traits={"age": "x"})
JOINED_FIRST: Final = entry("joined-first", "identify", anonymousId="c", traits={"age": 8})
REFUSED: Final = Entry(b"{}", refusal="it is not a message")
MESSAGES: Final = (GOOD, OTHER, PAID, JOINED, JOINED_BADLY, REFUSED)

Way = Literal["in order", "late"]


class CrashError(Exception):
    """The process has died."""


@dataclass
class World:
    """Tables in memory, and a stream whose records hold some messages each, by their number."""

    stream: Mapping[int, Sequence[Entry]]
    lake: MemoryLake = field(default_factory=MemoryLake)
    was_replayed: bool = False
    went: set[str] = field(default_factory=set)
    unreadable: Collection[int] = ()

    def records(self, first: int, last: int) -> list[ReceivedRecord]:
        """Return records as a version sees them that cannot read the unreadable ones."""
        return [
            ReceivedRecord(SHARD, str(number), b"?")
            if number in self.unreadable
            else record(number, *self.stream[number])
            for number in range(first, last + 1)
            if number in self.stream
        ]

    def give(
        self,
        rules: Rules = LOOSE,
        first: int = 1,
        last: int = 99,
        *,
        way: Way = "in order",
        watch: Watch = unwatched,
    ) -> Mapping[str, Published]:
        """Give records to a process of its own, in order or late."""
        self.lake.rules = rules
        writer = self.lake.writer(watch)
        write = {"in order": writer.write, "late": writer.write_late}[way]
        return write(self.records(first, last))

    def crash(self, number: int, rules: Rules, *, way: Way = "in order") -> None:
        """Give all records to a process that dies at one of its steps."""
        with suppress(CrashError):
            self.give(rules, way=way, watch=AtStep(number, raising(CrashError())))

    def replay(self, rules: Rules = LOOSE, watch: Watch = unwatched) -> None:
        """Put all failed records through again."""
        self.lake.rules = rules
        self.was_replayed = True
        if rows := list(self.lake.failed.rows):
            replay(rows, self.lake.writer(watch), dry=False)

    def rewind(self, table: str, snapshot: int | None = None, *, foreign: bool = False) -> None:
        """Take a table back, by default to its oldest snapshot, as we or another tool do it."""
        store = self.lake.stores[table]
        if store.metadata.snapshots:
            self.went.add(table)
            goal = min(store.metadata.snapshots) if snapshot is None else snapshot
            (store.roll_back if foreign else store.rewind)(goal)

    def settle(self, rules: Rules, size: int = 99) -> None:
        """Give everything again, in parts and in order, until all is quiet."""
        for _ in range(2):
            for first in range(min(self.stream), max(self.stream) + 1, size):
                self.give(rules, first, first + size - 1)

    @property
    def wrong(self) -> list[str]:
        """What is not as it must be, a sentence each."""
        return [*self._doubled(), *self._misplaced(), *self._not_joined()]

    def _rows(self, table: Table) -> Sequence[Row]:
        return self.lake.stores[table.name].rows

    def _doubled(self) -> Iterator[str]:
        for table in (EVENTS, IDENTIFIES, FAILED_RECORDS):
            for place, count in Counter(map(position, self._rows(table))).items():
                if count > 1:
                    yield f"{table.name} has {place} {count} times"

    def _misplaced(self) -> Iterator[str]:
        events, failed = (set(map(position, self._rows(each))) for each in (EVENTS, FAILED_RECORDS))
        said = _said(EVENTS, self._rows(EVENTS))
        for place, message in self._messages():
            rows = _shaped(place, message)[EVENTS.name]
            is_event = place in events or bool(said & _said(EVENTS, rows))
            # A record that cannot be read stands for those of its messages that no table has.
            is_failed = place in failed or (place[0], WHOLE) in failed
            if not is_event and not is_failed:
                yield f"no table has {place}"
            if place in events and place in failed and not self.was_replayed:
                yield f"{place} is an event and a failed record"

    def _not_joined(self) -> Iterator[str]:
        events, failed = (set(map(position, self._rows(each))) for each in (EVENTS, FAILED_RECORDS))
        joined = _said(IDENTIFIES, self._rows(IDENTIFIES))
        said = _said(EVENTS, self._rows(EVENTS))
        for place, message in self._messages():
            rows = _shaped(place, message)
            if not rows[IDENTIFIES.name]:
                continue
            is_joined = bool(joined & _said(IDENTIFIES, rows[IDENTIFIES.name]))
            if place in events and not is_joined and not self._cannot_come_back(place, message):
                yield f"{place} is an event and not in identifies"
            is_failed = place in failed or (place[0], WHOLE) in failed
            if is_joined and not is_failed and not said & _said(EVENTS, rows[EVENTS.name]):
                yield f"{place} is in identifies and nowhere else"

    def _cannot_come_back(self, place: Position, message: Entry) -> bool:
        """Return whether a row went whose message nobody can shape by now."""
        fails = message is JOINED_BADLY or int(place[0]) in self.unreadable
        return IDENTIFIES.name in self.went and fails

    def _messages(self) -> Iterator[tuple[Position, Entry]]:
        for number, messages in self.stream.items():
            for index, message in enumerate(messages):
                yield (str(number), index), message


class AtStep:
    """Does something at one step of a process, of all its steps before and after they happen."""

    def __init__(self, number: int, action: Callable[[Step], object]) -> None:
        self._left = number
        self._action = action

    def __call__(self, step: Step, _moment: Phase) -> None:
        self._left -= 1
        if self._left == 0:
            self._action(step)


def doing(action: Callable[[], object]) -> Callable[[Step], object]:
    """Return what does something, whichever step it is."""
    return lambda _step: action()


def raising(error: Exception) -> Callable[[Step], None]:
    """Return an action that raises."""

    def fail(_step: Step) -> None:
        raise error

    return fail


def losing(step: Step) -> None:
    """Lose a request or its answer, if the step is one."""
    if step == "swap":
        raise LostError("it was lost")


def steps_of(write: Callable[[Watch], object]) -> range:
    """Return the numbers of the steps that a process takes if nobody disturbs it."""
    taken: list[Step] = []
    write(lambda step, _: taken.append(step))
    return range(1, len(taken) + 1)


def _shaped(place: Position, message: Entry) -> Mapping[str, list[Row]]:
    rows = rows_of([record(int(place[0]), message)], LOOSE, NOW)
    return {
        name: [each | {"ingest_index": place[1]} for each in found] for name, found in rows.items()
    }


def _said(table: Table, rows: Sequence[Row]) -> set[Digest]:
    return set(map(partial(digest, table), rows))
