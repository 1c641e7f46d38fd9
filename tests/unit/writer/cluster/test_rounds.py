"""Rounds on tables in memory: what lands in which commit, whoever else writes meanwhile."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from headwater_contract.kinesis_event import ReceivedRecord
from headwater_contract.ranges import Range, Ranges
from headwater_contract.tables import TABLES
from headwater_writer.cluster.rounds import Commit, Outcome, Rounds
from headwater_writer.cluster.shaping import Limits
from headwater_writer.publish.batch import Published
from headwater_writer.publish.ledger import property_name
from headwater_writer.publish.memory_table import LostError, MemoryTable, Watch, unwatched
from headwater_writer.publish.publisher import Publisher
from headwater_writer.publish.settle import PublishError
from headwater_writer.writer import Writer
from inline import Inline
from simulation.virtual_cluster import VirtualEngine
from unit.writer.builders import (
    GROUP,
    NOW,
    RULES,
    SHARD,
    Always,
    MemoryLake,
    Once,
    entry,
    failing,
    now,
    record,
    sequences,
)
from unit.writer.cluster.streams import MemorySource

OTHER = "clicks/shardId-000000000001"
UNLIMITED = Limits()
CHILD = "clicks/shardId-000000000002"


@dataclass
class World:
    """A stream of two shards, tables, and jobs that run rounds on them."""

    lake: MemoryLake = field(default_factory=MemoryLake)
    records: dict[str, list[ReceivedRecord]] = field(default_factory=lambda: {SHARD: [], OTHER: []})
    parents: dict[str, Sequence[str]] = field(default_factory=dict)
    closed: frozenset[str] = frozenset()
    reported: list[Commit] = field(default_factory=list)

    @property
    def source(self) -> MemorySource:
        return MemorySource(self.records, self.parents, self.closed)

    def put(self, shard: str, *numbers: int) -> None:
        self.records[shard] += [
            record(number, entry(f"m-{number}", "identify"), shard=shard) for number in numbers
        ]

    def put_poison(self, shard: str, number: int) -> None:
        self.records[shard].append(ReceivedRecord(shard, str(number), b"poison"))

    def rounds(self, watch: Watch = unwatched, limits: Limits = UNLIMITED) -> Rounds:
        """Return the rounds of a new driver."""
        tables = {
            table.name: MemoryTable(self.lake.stores[table.name], table, watch) for table in TABLES
        }
        publisher = Publisher(tables, GROUP, now, lambda _: None)
        writer = Writer(lambda: publisher, RULES, now, Inline())
        engine = VirtualEngine(self.source, tables, RULES, limits)
        return Rounds(publisher, writer, self.source, engine, now, self.reported.append)

    def run(self) -> None:
        """Run a new driver's rounds until nothing is open."""
        to_the_end(self.rounds())

    def deliver(self, shard: str, *numbers: int) -> None:
        """Let a Lambda write some records."""
        chosen = [each for each in self.records[shard] if int(each.sequence) in numbers]
        self.lake.writer().write(chosen)

    def covered(self, shard: str = SHARD) -> list[Range]:
        properties: Mapping[str, str] = self.lake.events.metadata.properties
        return [*Ranges.parse(properties.get(property_name(GROUP, shard), "")).ranges]

    @property
    def commits(self) -> int:
        return len(self.lake.events.metadata.snapshots)


def to_the_end(rounds: Rounds) -> None:
    while rounds.run() is not Outcome.IDLE:
        pass


def lose_failed_records(world: World) -> None:
    """Let a driver die once its events are there."""

    def away() -> None:
        if world.lake.events.metadata.snapshots:
            raise LostError("the catalog is away")

    with pytest.raises(PublishError):
        world.rounds(Always("swap", "before", away)).run()
    assert world.lake.failed.rows == []


@pytest.fixture
def world() -> World:
    return World()


def test_all_shards_land_in_one_commit(world: World) -> None:
    world.put(SHARD, 1, 3, 5)
    world.put(OTHER, 2, 4)

    assert world.rounds().run() is Outcome.WORKED

    assert sequences(world.lake.events) == [1, 2, 3, 4, 5]
    assert world.commits == 1
    assert (world.covered(), world.covered(OTHER)) == ([Range(1, 5)], [Range(2, 4)])


def test_nothing_is_done_twice(world: World) -> None:
    world.put(SHARD, 1, 3)
    world.run()

    world.run()

    assert sequences(world.lake.events) == [1, 3]
    assert world.commits == 1


def test_the_ledger_of_consecutive_rounds_is_one_range(world: World) -> None:
    for numbers in ([1, 3], [7], [12, 15]):
        world.put(SHARD, *numbers)
        world.run()

    assert world.covered() == [Range(1, 15)]


def test_a_gap_that_a_lambda_left_is_read_first_and_closed(world: World) -> None:
    world.put(SHARD, 1, 3, 5, 7, 9)
    world.deliver(SHARD, 1)
    world.deliver(SHARD, 7)

    world.run()

    assert sequences(world.lake.events) == [1, 3, 5, 7, 9]
    assert world.covered() == [Range(1, 9)]


def test_what_was_handed_over_may_be_delivered_again(world: World) -> None:
    world.put(SHARD, 1, 3, 5)
    world.deliver(SHARD, 3)
    world.run()

    world.deliver(SHARD, 1, 3, 5)

    assert sequences(world.lake.events) == [1, 3, 5]


@pytest.mark.parametrize("step", ["stage", "swap"])
def test_whoever_is_overtaken_writes_nothing_and_plans_anew(world: World, step: str) -> None:
    world.put(SHARD, 1, 3)
    world.put(OTHER, 2)
    meanwhile = Once(step, "before", lambda: world.deliver(SHARD, 1, 3))  # type: ignore[arg-type]
    rounds = world.rounds(meanwhile)

    assert rounds.run() is Outcome.OVERTAKEN
    assert sequences(world.lake.events) == [1, 3]

    to_the_end(rounds)
    assert sequences(world.lake.events) == [1, 2, 3]
    assert sequences(world.lake.stores["identifies"]) == [1, 2, 3]


def test_two_drivers_at_once_write_each_record_once(world: World) -> None:
    world.put(SHARD, 1, 3)
    rounds = world.rounds(Once("swap", "before", world.run))

    to_the_end(rounds)

    assert sequences(world.lake.events) == [1, 3]


def test_a_lost_answer_is_no_second_commit(world: World) -> None:
    world.put(SHARD, 1, 3)

    to_the_end(world.rounds(Once("swap", "after", failing(LostError("the answer is lost")))))

    assert sequences(world.lake.events) == [1, 3]
    assert sequences(world.lake.stores["identifies"]) == [1, 3]


def test_a_driver_that_died_behind_identifies_is_looked_up(world: World) -> None:
    world.put(SHARD, 1, 3)

    def away() -> None:
        if world.lake.stores["identifies"].rows:
            raise LostError("the catalog is away")

    with pytest.raises(PublishError):
        world.rounds(Always("swap", "before", away)).run()
    world.run()

    assert sequences(world.lake.events) == [1, 3]
    assert sequences(world.lake.stores["identifies"]) == [1, 3]


def test_failed_records_follow_though_their_driver_died(world: World) -> None:
    world.put(SHARD, 1)
    for number in (3, 5, 9):
        world.put_poison(SHARD, number)
    world.put(SHARD, 11)
    lose_failed_records(world)

    world.run()

    assert sequences(world.lake.events) == [1, 11]
    assert sequences(world.lake.failed) == [3, 5, 9]
    assert len(world.lake.failed.metadata.snapshots) == 1


def test_failed_records_follow_in_chunks(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in (1, 3):
        world.put_poison(SHARD, number)
    world.put(SHARD, 6, 7)
    world.put_poison(SHARD, 9)
    lose_failed_records(world)
    monkeypatch.setattr("headwater_writer.cluster.rounds.MAX_CHUNK_BYTES", 1)

    world.run()

    assert sequences(world.lake.failed) == [1, 3, 9]
    # What is between 3 and 9 fills chunks of its own, which are not written again.
    assert len(world.reported) == 3


def test_failed_records_that_left_the_stream_do_not_hold_it_up(world: World) -> None:
    for number in (1, 3):
        world.put_poison(SHARD, number)
    world.put(SHARD, 5)
    lose_failed_records(world)
    del world.records[SHARD][:2]
    world.put(SHARD, 7)

    world.run()

    assert sequences(world.lake.events) == [5, 7]
    assert world.lake.failed.rows == []


def test_failed_records_of_all_shards_follow_in_one_commit(world: World) -> None:
    world.put_poison(SHARD, 1)
    world.put_poison(OTHER, 2)

    world.run()

    assert sequences(world.lake.failed) == [1, 2]
    assert len(world.lake.failed.metadata.snapshots) == 1


def test_an_event_that_a_lambda_wrote_an_hour_ago_at_most_is_not_repeated(world: World) -> None:
    world.records[SHARD] = [record(1, entry("same")), record(3, entry("same"), entry("m-3"))]
    world.deliver(SHARD, 1)

    world.run()

    assert sequences(world.lake.events) == [1, 3]
    assert len(world.lake.events.rows) == 2


def test_a_child_is_read_when_its_parent_is_done(world: World) -> None:
    world.put(SHARD, 1, 3, 5)
    world.records[CHILD] = [record(9, shard=CHILD)]
    world.parents, world.closed = {CHILD: [SHARD]}, frozenset({SHARD})
    rounds = world.rounds(limits=Limits(chunk_bytes=1, chunks=2))

    seen = [sequences(world.lake.events) for _ in range(4) if rounds.run()]

    assert seen == [[1, 3], [1, 3, 5], [1, 3, 5, 9], [1, 3, 5, 9]]


def test_the_child_of_an_open_shard_waits(world: World) -> None:
    world.put(SHARD, 1)
    world.records[CHILD] = [record(9, shard=CHILD)]
    world.parents = {CHILD: [SHARD]}

    world.run()

    assert sequences(world.lake.events) == [1]


def test_the_stream_is_read_again_after_a_rewind_of_another_table(world: World) -> None:
    world.put(SHARD, 1, 3)
    world.run()
    world.put(SHARD, 5)
    world.run()
    first, _ = world.lake.stores["identifies"].metadata.snapshots
    world.lake.stores["identifies"].rewind(first)
    rounds = world.rounds()

    rounds.read_again()
    to_the_end(rounds)

    assert not rounds.reads_again
    assert sequences(world.lake.stores["identifies"]) == [1, 3, 5]
    assert sequences(world.lake.events) == [1, 3, 5]


def test_a_rewind_of_events_is_read_again_by_the_ledger(world: World) -> None:
    world.put(SHARD, 1, 3)
    world.run()
    world.put(SHARD, 5)
    world.run()
    first, _ = world.lake.events.metadata.snapshots
    world.lake.events.rewind(first)

    world.run()

    assert sequences(world.lake.events) == [1, 3, 5]


def test_reports_what_became_of_a_rounds_messages() -> None:
    world = World()
    world.put(SHARD, 1, 2)
    world.run()
    world.put_poison(SHARD, 3)
    world.records[OTHER] += [record(4, entry("m-4"), shard=OTHER)]
    world.records[SHARD] += [record(5, entry("m-2", "identify"), shard=SHARD)]
    world.reported.clear()

    world.run()

    assert [commit.published for commit in world.reported] == [
        {
            "events": Published(1, repeats=1),
            "identifies": Published(0, repeats=1),
            "failed_records": Published(1),
        }
    ]


def test_reports_what_the_writer_does_of_doubtful_records() -> None:
    world = World()
    world.put(SHARD, 1)
    world.run()
    world.reported.clear()
    rounds = world.rounds()
    rounds.read_again()

    to_the_end(rounds)

    [commit] = world.reported
    assert commit.published["events"] == Published(0, covered=1)


@pytest.mark.parametrize("is_doubtful", [False, True])
def test_reports_how_late_a_commit_comes(is_doubtful: bool) -> None:
    world = World()
    late = {
        shard: replace(record(number, shard=shard), arrived_at=NOW - timedelta(seconds=seconds))
        for shard, number, seconds in ((SHARD, 1, 90), (OTHER, 2, 2))
    }
    world.records |= {shard: [each] for shard, each in late.items()}
    if is_doubtful:
        world.run()
        world.reported.clear()
    rounds = world.rounds()
    if is_doubtful:
        rounds.read_again()

    to_the_end(rounds)

    assert [commit.latency_seconds for commit in world.reported] == (
        [90.0, 2.0] if is_doubtful else [90.0]
    )


def test_says_no_latency_of_records_whose_arrival_is_not_known(world: World) -> None:
    world.put(SHARD, 1)

    world.run()

    assert [commit.latency_seconds for commit in world.reported] == [None]


def test_reports_how_long_a_commit_took(world: World) -> None:
    world.put(SHARD, 1)
    rounds = world.rounds()
    began = itertools.count()
    rounds.now = lambda: NOW + timedelta(seconds=next(began))

    rounds.run()

    assert [commit.seconds for commit in world.reported] == [1.0]
