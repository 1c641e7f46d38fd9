"""Whatever happens in whatever order: every message is in one place when all is quiet.

What the schedules of ``test_one_place`` do one by one comes in any combination here: batches in any
pieces, in order and late, by versions that judge and read differently, processes that die, lose an
answer or go on after others at any of their steps, tables taken back by us and by other tools,
replays, compactions and expiry.
"""

from contextlib import suppress
from dataclasses import dataclass
from typing import Final, TypeAlias

from hypothesis import given, settings
from hypothesis import strategies as st

from headwater_contract.envelope import Entry
from headwater_contract.tables import TABLES
from headwater_writer.publish.history import ancestry
from headwater_writer.publish.memory_table import Step, Watch, unwatched
from unit.writer.publish.places import (
    LOOSE,
    MESSAGES,
    STRICT,
    AtStep,
    CrashError,
    Way,
    World,
    losing,
    raising,
)

RULES: Final = {"loose": LOOSE, "strict": STRICT}
RECORDS: Final = 4
MAX_STEP: Final = 40
"""An undisturbed process takes some thirty steps for a batch with everything in it."""


@dataclass(frozen=True)
class Undisturbed:
    """Nothing comes between a process's steps."""

    def watch(self, _world: World) -> Watch:
        return unwatched


@dataclass(frozen=True)
class Dies:
    """The process dies at a step."""

    step: int

    def watch(self, _world: World) -> Watch:
        return AtStep(self.step, raising(CrashError()))


@dataclass(frozen=True)
class Loses:
    """A request or its answer is lost, if that is what the step is."""

    step: int

    def watch(self, _world: World) -> Watch:
        return AtStep(self.step, losing)


@dataclass(frozen=True)
class IsOvertaken:
    """Others come at a step, and the process goes on after them."""

    step: int
    others: "list[Happening]"

    def watch(self, world: World) -> Watch:
        def happen(_step: Step) -> None:
            for other in self.others:
                other.happen(world)

        return AtStep(self.step, happen)


Disturbance: TypeAlias = Undisturbed | Dies | Loses | IsOvertaken


@dataclass(frozen=True)
class Given:
    """A piece of the stream is given to a process that cannot read some of it."""

    first: int
    last: int
    rules: str
    unreadable: frozenset[int]
    way: Way
    disturbance: Disturbance

    def happen(self, world: World) -> None:
        world.unreadable = self.unreadable
        first, last = sorted((self.first, self.last))
        watch = self.disturbance.watch(world)
        with suppress(CrashError):
            world.give(RULES[self.rules], first, last, way=self.way, watch=watch)


@dataclass(frozen=True)
class Replayed:
    """All failed records are replayed."""

    rules: str
    disturbance: Disturbance

    def happen(self, world: World) -> None:
        with suppress(CrashError):
            world.replay(RULES[self.rules], self.disturbance.watch(world))


@dataclass(frozen=True)
class TakenBack:
    """A table is taken to an earlier snapshot, by us or by another tool."""

    table: str
    commits: int
    foreign: bool

    def happen(self, world: World) -> None:
        metadata = world.lake.stores[self.table].metadata
        line = [each.id for each in ancestry(metadata, metadata.newest)]
        for snapshot in line[self.commits : self.commits + 1]:
            world.rewind(self.table, snapshot, foreign=self.foreign)


@dataclass(frozen=True)
class Maintained:
    """A table's files are rewritten as one, and all but its newest snapshots expire."""

    table: str
    keep: int

    def happen(self, world: World) -> None:
        store = world.lake.stores[self.table]
        if store.metadata.newest is not None:
            store.compact()
            store.expire_snapshots(self.keep)


Happening: TypeAlias = Given | Replayed | TakenBack | Maintained

numbers = st.integers(1, RECORDS)
rules = st.sampled_from(sorted(RULES))
steps = st.integers(1, MAX_STEP)
ways: st.SearchStrategy[Way] = st.sampled_from(["in order", "late"])
unreadable = st.just(frozenset[int]()) | st.frozensets(numbers, max_size=2)
tables = st.sampled_from([table.name for table in TABLES])
messages = st.lists(st.sampled_from(MESSAGES), min_size=1, max_size=2)
streams = st.lists(messages, min_size=RECORDS, max_size=RECORDS)


def happenings(disturbances: st.SearchStrategy[Disturbance]) -> st.SearchStrategy[Happening]:
    gives = st.builds(Given, numbers, numbers, rules, unreadable, ways, disturbances)
    return st.one_of(
        gives,
        gives,
        st.builds(Replayed, rules, disturbances),
        st.builds(TakenBack, tables, st.integers(1, 3), st.booleans()),
        st.builds(Maintained, tables, st.integers(1, 3)),
    )


faults: st.SearchStrategy[Disturbance] = st.one_of(
    st.just(Undisturbed()), st.builds(Dies, steps), st.builds(Loses, steps)
)
others = st.lists(happenings(faults), min_size=1, max_size=3)
schedules = st.lists(
    happenings(st.one_of(faults, st.builds(IsOvertaken, steps, others))), max_size=6
)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(streams, schedules, rules, unreadable, numbers)
def test_message_is_in_one_place_after_any_schedule(
    stream: list[list[Entry]],
    schedule: list[Happening],
    last_rules: str,
    last_unreadable: frozenset[int],
    size: int,
) -> None:
    world = World(dict(enumerate(stream, 1)))
    for happening in schedule:
        happening.happen(world)

    world.unreadable = last_unreadable
    world.settle(RULES[last_rules], size)

    assert world.wrong == []
