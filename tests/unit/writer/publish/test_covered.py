"""What the ledger covers is looked up in a sample: a mapping that leaves records out is noticed."""

from collections.abc import Sequence

import pytest

from headwater_contract.ranges import Range
from headwater_contract.tables import EVENTS, FAILED_RECORDS
from headwater_writer.publish.batch import Batch, Published
from headwater_writer.publish.presence import SAMPLE
from unit.writer.builders import (
    MemoryLake,
    batch,
    batch_of,
    entry,
    failed_row,
    row,
    sequences,
    state,
)
from unit.writer.publish.places import GOOD, JOINED, OTHER, PAID, REFUSED, STRICT, World


@pytest.fixture
def lake() -> MemoryLake:
    return MemoryLake()


def write(lake: MemoryLake, rows: Batch) -> Published:
    """Write a batch in a process of its own and return what became of its events."""
    return lake.publisher().write(rows)[EVENTS.name]


def some(numbers: Sequence[int]) -> Batch:
    """Return a batch of those records alone, though a shard has others between them."""
    return batch_of(*map(row, numbers))


def test_covered_rows_of_an_ordinary_retry_are_all_there(lake: MemoryLake) -> None:
    write(lake, batch(1, 500))

    assert write(lake, batch(1, 500)) == Published(0, covered=500)


def test_covered_rows_of_a_bisected_retry_are_all_there(lake: MemoryLake) -> None:
    write(lake, batch(1, 9))

    for first, last in [(6, 9), (1, 3), (4, 5)]:
        assert write(lake, batch(first, last)).missing == 0
    assert str(state(lake.events).late) == ""


def test_covered_repeats_of_an_ordinary_retry_are_where_their_event_is(lake: MemoryLake) -> None:
    write(lake, batch_of(row(1, "a"), row(2, "a"), row(3, "b"), row(4, "a")))

    again = write(lake, batch_of(row(1, "a"), row(2, "a"), row(3, "b"), row(4, "a")))

    assert again == Published(0, covered=4)


def test_covered_messages_that_failed_are_all_there() -> None:
    world = World({1: [REFUSED], 2: [PAID, GOOD], 3: [OTHER, JOINED]})
    world.give(STRICT)

    again = world.give(STRICT)

    assert [each.missing for each in again.values()] == [0, 0, 0]


def test_covered_rows_that_were_replayed_are_all_there() -> None:
    world = World({1: [PAID], 2: [GOOD]})
    world.give(STRICT)
    world.replay()

    assert world.give(STRICT)[EVENTS.name].missing == 0


@pytest.mark.parametrize("first", [0, 1])
def test_every_other_record_on_its_own_is_missing_and_then_written(
    lake: MemoryLake, first: int
) -> None:
    """As a parallelization factor of two delivers a shard."""
    halves = [range(1, 30, 2), range(2, 31, 2)]

    write(lake, some(halves[first]))
    other = write(lake, some(halves[1 - first]))

    assert other.missing > 0
    assert other.written == 15
    assert sequences(lake.events) == list(range(1, 31))


def test_every_other_record_is_missing_batch_for_batch(lake: MemoryLake) -> None:
    for start in range(1, 100, 20):
        for parity in (0, 1):
            write(lake, some(range(start + parity, start + 20, 2)))

    assert sequences(lake.events) == list(range(1, 101))


def test_what_a_filter_let_pass_is_missing_when_the_rest_comes(lake: MemoryLake) -> None:
    write(lake, batch_of(row(3), row(9), claim=Range(1, 10)))

    all_of_it = write(lake, batch(1, 10))

    assert all_of_it == Published(written=8, covered=2, missing=8)
    assert sequences(lake.events) == list(range(1, 11))


def test_what_another_mapping_left_out_is_missing_when_it_comes(lake: MemoryLake) -> None:
    """A second mapping starts in the middle, and the first comes there by and by."""
    write(lake, some([5, 9]))

    assert write(lake, batch(1, 4)).missing == 0
    assert write(lake, batch(5, 9)) == Published(written=3, covered=2, missing=3)
    assert sequences(lake.events) == list(range(1, 10))


def test_failed_records_that_are_missing_are_counted_and_written(lake: MemoryLake) -> None:
    write(lake, some([1, 9]))

    late = lake.publisher().write(batch_of(row(4), failed=[failed_row(3), failed_row(5)]))

    assert late == {
        EVENTS.name: Published(written=1, missing=1),
        FAILED_RECORDS.name: Published(written=2, missing=2),
    }
    assert sequences(lake.failed) == [3, 5]


def test_identifies_of_missing_events_are_written_too() -> None:
    world = World({1: [GOOD], 2: [JOINED], 3: [OTHER]})
    World({1: [GOOD], 3: [OTHER]}, world.lake).give()

    assert world.give()[EVENTS.name].missing == 1
    assert world.wrong == []


def test_missing_rows_are_not_claimed_and_are_noted_as_late(lake: MemoryLake) -> None:
    write(lake, some([1, 9]))

    write(lake, batch(2, 8))

    assert str(state(lake.events).claimed) == "1-9"
    assert str(state(lake.events).late) == "2-8"
    assert write(lake, batch(2, 8)).missing == 0


def test_sample_is_bounded_and_finds_a_tenth_that_is_missing(lake: MemoryLake) -> None:
    write(lake, some([each for each in range(1, 1001) if each % 10]))
    write(lake, some([1001]))

    again = write(lake, batch(1, 1000))

    assert 0 < again.missing <= SAMPLE
    assert again.written == 100


def test_new_records_are_not_looked_up(lake: MemoryLake) -> None:
    publisher = lake.publisher()
    publisher.write(batch(1, 3))
    steps: list[str] = []

    lake.publisher(lambda step, _: steps.append(step)).write(batch(4, 6))

    assert "search" not in steps


def test_alarm_is_not_rung_by_a_rewind() -> None:
    world = World({number: [entry(f"m-{number}")] for number in range(1, 7)})
    world.give(STRICT, 1, 3)
    world.give(STRICT, 4, 6)
    world.rewind(EVENTS.name)

    assert world.give(STRICT)[EVENTS.name] == Published(written=3, covered=3)


def test_rollback_by_another_tool_is_told_with_the_batch_that_notices_it() -> None:
    world = World({number: [entry(f"m-{number}")] for number in range(1, 7)})
    world.give(STRICT, 1, 3)
    world.give(STRICT, 4, 6)
    world.rewind(EVENTS.name, foreign=True)

    noticed, later = (world.give(STRICT)[EVENTS.name] for _ in range(2))

    assert noticed == Published(written=3, covered=3, taken_back=True)
    assert not later.taken_back
