"""Every message is in exactly one place when all is quiet, whatever came between two tries.

A place is a row of ``events`` or of ``failed_records``; a repeat of an event is where the event is.
``identifies`` has the row of every event that identifies. ``World.wrong`` says what is not so.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from functools import partial
from itertools import permutations

import pytest

from headwater_contract.envelope import Entry
from headwater_contract.ranges import MAX_RANGES, NOWHERE
from headwater_contract.tables import EVENTS, FAILED_RECORDS, IDENTIFIES
from headwater_writer.publish.memory_table import Manifest, Metadata, Phase, Step
from headwater_writer.rows.rows import Rules
from unit.writer.builders import NOW, Once, entry, sequences, state
from unit.writer.publish.places import (
    GOOD,
    JOINED,
    JOINED_BADLY,
    JOINED_FIRST,
    LOOSE,
    OTHER,
    PAID,
    REFUSED,
    STRICT,
    AtStep,
    CrashError,
    Way,
    World,
    doing,
    losing,
    raising,
    steps_of,
)

STREAM = {1: [REFUSED, JOINED_FIRST], 2: [PAID, GOOD], 3: [OTHER, JOINED], 4: [JOINED_BADLY]}
RULES = {"loose": LOOSE, "strict": STRICT}

a_plan_is_deployed = pytest.mark.parametrize(
    ("before", "after"), [("loose", "strict"), ("strict", "loose")]
)
every_rule = pytest.mark.parametrize(
    ("before", "after"),
    [("loose", "strict"), ("strict", "loose"), ("loose", "loose"), ("strict", "strict")],
)
either_way = pytest.mark.parametrize("way", ["in order", "late"])
each_table = pytest.mark.parametrize("table", [EVENTS.name, IDENTIFIES.name, FAILED_RECORDS.name])
by_whom = pytest.mark.parametrize("foreign", [False, True], ids=["rewind", "rollback"])


def worlds(before: str, *, way: Way = "in order") -> Iterator[tuple[int, World]]:
    """Yield a step of a first try, and a world for it, for all of its steps."""
    rules = RULES[before]
    for step in steps_of(lambda watch: World(STREAM).give(rules, way=way, watch=watch)):
        yield step, World(STREAM)


@every_rule
@either_way
@pytest.mark.parametrize("again", ["in order", "late"])
def test_message_is_in_one_place_after_a_crash_at_any_step(
    before: str, after: str, way: Way, again: Way
) -> None:
    for step, world in worlds(before, way=way):
        world.crash(step, RULES[before], way=way)

        world.give(RULES[after], way=again)

        assert world.wrong == [], step


@a_plan_is_deployed
@pytest.mark.parametrize("pieces", list(permutations([(1, 1), (2, 2), (3, 4)])))
def test_message_is_in_one_place_after_a_crash_and_bisected_tries_in_any_order(
    before: str, after: str, pieces: tuple[tuple[int, int], ...]
) -> None:
    for step, world in worlds(before):
        world.crash(step, RULES[before])

        for first, last in pieces:
            world.give(RULES[after], first, last)

        assert world.wrong == [], step


@a_plan_is_deployed
@pytest.mark.parametrize(("first", "last"), [(1, 4), (1, 2), (2, 2), (3, 4)])
def test_message_is_in_one_place_beside_a_zombie_that_goes_on_after_any_step(
    before: str, after: str, first: int, last: int
) -> None:
    for step, world in worlds(before):
        other = partial(world.give, RULES[after], first, last)
        world.give(RULES[before], watch=AtStep(step, doing(other)))

        assert world.wrong == [], step


@a_plan_is_deployed
def test_message_is_in_one_place_if_requests_and_answers_are_lost_and_rules_change(
    before: str, after: str
) -> None:
    for step, world in worlds(before):
        world.give(RULES[before], watch=AtStep(step, losing))

        world.give(RULES[after])

        assert world.wrong == [], step


@every_rule
@each_table
@by_whom
def test_message_is_in_one_place_after_a_table_was_taken_back(
    before: str, after: str, table: str, foreign: bool
) -> None:
    world = World(STREAM)
    world.give(RULES[before], 1, 1)
    world.give(RULES[before])

    world.rewind(table, foreign=foreign)
    world.settle(RULES[after], size=2)

    assert world.wrong == []


@a_plan_is_deployed
@each_table
@by_whom
def test_message_is_in_one_place_after_a_crash_and_a_table_that_was_taken_back(
    before: str, after: str, table: str, foreign: bool
) -> None:
    for step, world in worlds(before):
        world.crash(step, RULES[before])
        world.rewind(table, foreign=foreign)

        world.settle(RULES[after], size=3)

        assert world.wrong == [], step


@a_plan_is_deployed
@each_table
@by_whom
def test_message_is_in_one_place_beside_a_zombie_whose_table_was_taken_back(
    before: str, after: str, table: str, foreign: bool
) -> None:
    for step, world in worlds(before):
        world.give(RULES[before], 1, 1)

        def take_back_and_give_again(world: World) -> None:
            world.give(RULES[before], 2, 3)
            world.rewind(table, foreign=foreign)
            world.give(RULES[after])

        meanwhile = doing(partial(take_back_and_give_again, world))
        world.give(RULES[before], watch=AtStep(step, meanwhile))
        world.settle(RULES[after])

        assert world.wrong == [], step


@every_rule
def test_message_is_in_one_place_if_late_rows_come_between_two_tries(
    before: str, after: str
) -> None:
    for step, world in worlds(before):
        world.crash(step, RULES[before])
        world.give(RULES[after], 2, 3, way="late")

        world.give(RULES[before])

        assert world.wrong == [], step


@every_rule
def test_message_is_in_one_place_if_a_replay_comes_between_two_tries(
    before: str, after: str
) -> None:
    for step, world in worlds(before):
        world.crash(step, RULES[before])
        world.replay(RULES[after])

        world.give(RULES[before])

        assert world.wrong == [], step


@pytest.mark.parametrize("unreadable", [{1}, {2}, {3}, {4}, {1, 2, 3, 4}])
@either_way
def test_message_is_in_one_place_if_its_record_can_be_read_by_now(
    unreadable: set[int], way: Way
) -> None:
    for step, world in worlds("loose", way=way):
        world.unreadable = unreadable
        world.crash(step, LOOSE, way=way)
        world.unreadable = ()

        world.give(LOOSE)

        assert world.wrong == [], step


@pytest.mark.parametrize("unreadable", [{1}, {2}, {3}, {4}, {1, 2, 3, 4}])
@pytest.mark.parametrize("before", ["loose", "strict"])
@either_way
def test_message_is_in_one_place_if_its_record_cannot_be_read_any_more(
    unreadable: set[int], before: str, way: Way
) -> None:
    for step, world in worlds(before, way=way):
        world.crash(step, RULES[before], way=way)
        world.unreadable = unreadable

        world.give(RULES[before])

        assert world.wrong == [], step


BATCH = {1: [REFUSED], 2: [PAID], 3: [GOOD]}


def without_its_failed_records(rules: Rules) -> World:
    """Return a world in which a batch is decided, and its failed records are still to follow."""
    world = World(BATCH)

    def die(step: Step, _moment: Phase) -> None:
        if step == "stage" and world.lake.events.rows:
            raise CrashError

    with pytest.raises(CrashError):
        world.give(rules, watch=die)
    assert world.lake.failed.rows == []
    return world


def test_message_that_was_an_event_stays_one_though_a_plan_lets_it_fail() -> None:
    world = without_its_failed_records(LOOSE)

    world.give(STRICT)

    assert sequences(world.lake.events) == [2, 3]
    assert sequences(world.lake.failed) == [1]


def test_message_that_was_to_fail_fails_though_it_could_be_an_event_by_now() -> None:
    world = without_its_failed_records(STRICT)

    world.give(LOOSE)

    assert sequences(world.lake.events) == [3]
    assert [(row["ingest_sequence"], row["stage"]) for row in world.lake.failed.rows] == [
        ("1", "collector"),
        ("2", "retry"),
    ]


def test_message_that_was_to_fail_joins_no_ids_though_it_could_by_now() -> None:
    world = World({1: [GOOD], 2: [JOINED_BADLY]})
    with pytest.raises(CrashError):
        world.give(STRICT, watch=AtStep(last_stage(world, STRICT), raising(CrashError())))

    world.give(LOOSE)

    assert sequences(world.lake.failed) == [2]
    assert world.lake.stores[IDENTIFIES.name].rows == []


def test_message_that_failed_in_a_retry_is_an_event_after_a_replay() -> None:
    world = without_its_failed_records(STRICT)
    world.give(LOOSE)

    world.replay(LOOSE)

    assert sequences(world.lake.events) == [2, 3]
    assert world.wrong == []


def test_messages_that_say_the_same_and_were_to_fail_all_fail() -> None:
    world = World({1: [GOOD], 2: [PAID], 3: [PAID]})
    with pytest.raises(CrashError):
        world.give(STRICT, watch=AtStep(last_stage(world, STRICT), raising(CrashError())))

    world.give(LOOSE)

    assert sequences(world.lake.failed) == [2, 3]


def test_repeat_of_an_event_among_messages_that_were_to_fail_stays_a_repeat() -> None:
    world = World({1: [GOOD], 2: [PAID, GOOD], 3: [REFUSED]})
    with pytest.raises(CrashError):
        world.give(STRICT, watch=AtStep(last_stage(world, STRICT), raising(CrashError())))

    world.give(STRICT)

    assert [(row["ingest_sequence"], row["ingest_index"]) for row in world.lake.failed.rows] == [
        ("2", 0),
        ("3", 0),
    ]


def last_stage(world: World, rules: Rules) -> int:
    """Return the step at which a process is about to write its last data files."""
    taken: list[Step] = []
    World(world.stream).give(rules, watch=lambda step, _: taken.append(step))
    return len(taken) - taken[::-1].index("stage") - 1


def test_message_that_its_rewind_took_is_an_event_again_or_fails_by_a_new_plan() -> None:
    world = World(BATCH)
    world.give(LOOSE, 1, 1)
    world.give(LOOSE)

    world.rewind(EVENTS.name)
    world.give(STRICT)

    assert sequences(world.lake.events) == [3]
    assert sequences(world.lake.failed) == [1, 2]


def test_failed_records_that_a_rewind_took_come_again_or_are_events_without_the_plan() -> None:
    world = World(BATCH)
    world.give(STRICT, 1, 1)
    world.settle(STRICT)

    world.rewind(FAILED_RECORDS.name)
    world.give(LOOSE)

    assert sequences(world.lake.events) == [2, 3]
    assert sequences(world.lake.failed) == [1]


def test_failed_record_that_a_rewind_took_comes_again_among_many_events() -> None:
    """A sample of what the ledger covers would not find it: the table's own notes tell."""
    some = {number: [entry(f"m-{number}")] for number in range(2, 200)}
    world = World({1: [REFUSED], **some, 200: [PAID]})
    world.give(STRICT, 1, 1)
    world.settle(STRICT, size=200)

    world.rewind(FAILED_RECORDS.name)
    assert sequences(world.lake.failed) == [1]
    world.settle(LOOSE, size=200)

    assert world.wrong == []


@by_whom
def test_rows_that_a_table_lost_come_again_once(foreign: bool) -> None:
    world = World({number: [entry(f"m-{number}")] for number in range(1, 10)})
    world.give(LOOSE, 1, 3)
    world.give(LOOSE, 4, 6)

    world.rewind(EVENTS.name, foreign=foreign)
    world.give(LOOSE, 7, 9)
    world.settle(LOOSE, size=3)

    assert sequences(world.lake.events) == list(range(1, 10))


@by_whom
@pytest.mark.parametrize("times", [1, 2])
def test_row_that_went_is_not_a_repeat_to_a_writer_that_remembers_it(
    foreign: bool, times: int
) -> None:
    """Late rows leave the ledger as it is, so that the lists alone do not tell that they went."""
    world = World({1: [GOOD], 2: [OTHER]})
    world.give(LOOSE, 1, 1)
    before = world.lake.events.metadata.newest
    writer = world.lake.writer()
    for _ in range(times):
        world.give(LOOSE, 2, 2, way="late")
        writer.write(world.records(1, 1))
        world.rewind(EVENTS.name, before, foreign=foreign)

    writer.write(world.records(1, 2))

    assert sequences(world.lake.events) == [1, 2]


def test_message_of_an_undone_decision_is_not_failed_by_the_zombie_that_made_it() -> None:
    """The zombie is about to commit failed records when its batch is undone and given again."""
    world = World(BATCH)
    world.give(STRICT, 1, 1)

    def undo(step: Step) -> None:
        assert step == "swap"
        world.rewind(EVENTS.name)
        world.give(LOOSE)

    *_, last_swap, _ = steps_of(lambda watch: _after_the_first(BATCH).give(STRICT, watch=watch))
    world.give(STRICT, watch=AtStep(last_swap, undo))

    assert sequences(world.lake.events) == [2, 3]
    assert sequences(world.lake.failed) == [1]


def _after_the_first(stream: Mapping[int, Sequence[Entry]]) -> World:
    world = World(stream)
    world.give(STRICT, 1, 1)
    return world


def test_message_that_failed_in_a_decision_rolled_back_is_not_an_event_of_a_zombie() -> None:
    """Behind the zombie the table goes on and back to where the zombie had decided."""
    world = World({1: [GOOD], 2: [PAID]})
    world.give(STRICT, 1, 1)
    decided_on = world.lake.events.metadata.newest

    def fail_and_roll_back() -> None:
        world.give(STRICT, 2, 2)
        world.rewind(EVENTS.name, decided_on, foreign=True)

    world.give(LOOSE, 2, 2, watch=Once("swap", "before", fail_and_roll_back))

    assert sequences(world.lake.events) == [1]
    assert sequences(world.lake.failed) == [2]


def test_messages_beside_one_that_was_to_fail_are_not_lost_with_a_record_unreadable_by_now() -> (
    None
):
    world = World({1: [GOOD, PAID]})
    with pytest.raises(CrashError):
        world.give(STRICT, watch=AtStep(last_stage(world, STRICT), raising(CrashError())))
    world.unreadable = {1}

    world.give(STRICT)

    assert [row["stage"] for row in world.lake.failed.rows] == ["decode"]
    assert world.wrong == []


def test_record_that_is_unreadable_by_now_does_not_fail_beside_others_that_were_to() -> None:
    world = World({1: [GOOD], 2: [PAID]})
    with pytest.raises(CrashError):
        world.give(STRICT, watch=AtStep(last_stage(world, STRICT), raising(CrashError())))
    world.unreadable = {1}

    world.give(STRICT)

    assert sequences(world.lake.failed) == [2]


def test_messages_that_share_an_id_are_all_there() -> None:
    """Somebody counts its messages from one, or guesses another's id."""
    placed = entry("7", event="Order Placed", userId="alice")
    refunded = entry("7", event="Order Refunded", userId="bob")
    joined = entry("7", "identify", userId="carol", anonymousId="c")
    world = World({1: [placed], 2: [refunded], 3: [joined]})

    world.settle(LOOSE, size=1)

    assert sequences(world.lake.events) == [1, 2, 3]
    assert sequences(world.lake.stores[IDENTIFIES.name]) == [3]


def test_batch_of_repeats_alone_is_not_added_when_its_event_is_long_forgotten() -> None:
    world = World({1: [GOOD], 2: [GOOD]})
    world.settle(LOOSE, size=1)
    world.lake.events.metadata = _loaded_long_ago(world.lake.events.metadata)

    world.give(LOOSE, 2, 2)

    assert sequences(world.lake.events) == [1]


def test_ids_are_joined_once_by_a_retry_after_hours() -> None:
    """The table itself is asked if somebody was here: what is recent tells nothing by then."""
    world = World({1: [JOINED]})
    identifies = world.lake.stores[IDENTIFIES.name]

    def die(step: Step, _moment: Phase) -> None:
        if step == "stage" and identifies.rows:
            raise CrashError

    with pytest.raises(CrashError):
        world.give(LOOSE, watch=die)
    identifies.metadata = _loaded_long_ago(identifies.metadata)

    world.give(LOOSE)

    assert sequences(identifies) == [1]
    assert sequences(world.lake.events) == [1]


def _loaded_long_ago(metadata: Metadata) -> Metadata:
    old = [row | {"load_time": NOW - timedelta(hours=2)} for row in metadata.rows]
    return metadata.with_snapshot(99, {"operation": "replace"}, (Manifest(tuple(old)),))


def test_pending_records_are_cleared_by_the_next_batch() -> None:
    world = without_its_failed_records(STRICT)
    world.give(STRICT)
    world.stream = {**BATCH, 4: [OTHER]}

    world.give(STRICT, 4, 4)

    assert state(world.lake.events).pending == NOWHERE


def test_pending_records_are_cleared_piece_by_piece() -> None:
    world = without_its_failed_records(STRICT)

    for number in (3, 2, 1):
        world.give(LOOSE, number, number)
    world.stream = {**BATCH, 4: [OTHER]}
    world.give(STRICT, 4, 4)

    assert sequences(world.lake.events) == [3, 4]
    assert sequences(world.lake.failed) == [1, 2]
    assert state(world.lake.events).pending == NOWHERE


def test_records_that_have_failed_ones_are_pending() -> None:
    world = World({1: [GOOD], 2: [PAID], 3: [OTHER], 4: [REFUSED, REFUSED], 5: [JOINED]})

    world.give(STRICT)

    assert str(state(world.lake.events).claimed) == "1-5"
    assert str(state(world.lake.events).pending) == "2-2,4-4"


def test_records_of_a_batch_beside_it_stay_pending() -> None:
    """Two batches of a shard at once, as with a parallelization factor of two."""
    world = World({1: [GOOD], 2: [PAID], 3: [OTHER]})
    beside = World({1: [GOOD], 3: [OTHER]}, world.lake)

    def die(step: Step, _moment: Phase) -> None:
        if step == "stage" and world.lake.events.rows:
            raise CrashError

    with pytest.raises(CrashError):
        world.give(STRICT, 2, 3, watch=die)
    beside.give(STRICT)

    assert str(state(world.lake.events).pending) == "2-2"


def test_many_pending_records_are_bounded_and_follow() -> None:
    world = World({number: [PAID, GOOD] for number in range(1, 3 * MAX_RANGES)})

    world.give(STRICT)
    assert len(state(world.lake.events).pending.ranges) == MAX_RANGES
    world.give(STRICT)

    assert len(world.lake.failed.rows) == len(world.stream)
    assert state(world.lake.events).pending == NOWHERE
