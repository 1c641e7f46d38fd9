"""Rows that come late are there once, whoever else writes their shard meanwhile."""

from collections.abc import Mapping

import pytest

from headwater_contract.ranges import MAX_RANGES
from headwater_contract.tables import EVENTS, FAILED_RECORDS
from headwater_writer.publish.batch import Batch, Published
from headwater_writer.publish.memory_table import LostError, Phase, Step, Watch, unwatched
from headwater_writer.publish.settle import PublishError
from unit.writer.builders import (
    Always,
    MemoryLake,
    Once,
    batch,
    batch_of,
    failed_row,
    failing,
    row,
    sequences,
    state,
)

every_moment = pytest.mark.parametrize("moment", ["before", "after"])
every_step = pytest.mark.parametrize("step", ["head", "search", "stage", "swap"])

LATE = batch(3, 3)
LOST = LostError("the answer was lost")


class StoppedError(Exception):
    """The process has died."""


@pytest.fixture
def lake() -> MemoryLake:
    return MemoryLake()


def write(lake: MemoryLake, rows: Batch, watch: Watch = unwatched) -> Mapping[str, Published]:
    return lake.publisher(watch).write(rows)


def write_late(lake: MemoryLake, rows: Batch = LATE, watch: Watch = unwatched) -> Published:
    """Write a late batch in a process of its own and return what became of its events."""
    return lake.publisher(watch).write_late(rows)[EVENTS.name]


def with_a_gap(lake: MemoryLake) -> None:
    """Let the ledger have a gap at 3."""
    write(lake, batch(1, 2))
    write(lake, batch(4, 5))


def newest(lake: MemoryLake) -> int:
    number = lake.events.metadata.newest
    assert number is not None
    return number


def test_late_rows_are_published_if_they_are_not_there(lake: MemoryLake) -> None:
    with_a_gap(lake)

    assert write_late(lake) == Published(1)
    assert sequences(lake.events) == [1, 2, 3, 4, 5]


def test_late_rows_are_published_once(lake: MemoryLake) -> None:
    with_a_gap(lake)
    write_late(lake)

    assert write_late(lake) == Published(0, covered=1)
    assert sequences(lake.events) == [1, 2, 3, 4, 5]


def test_late_rows_are_published_though_a_closed_gap_claims_to_hold_them(
    lake: MemoryLake,
) -> None:
    publisher = lake.publisher()
    for sequence in range(2, 4 * MAX_RANGES, 2):
        publisher.write(batch(sequence, sequence))
    assert state(lake.events).claimed.covers(3)

    assert write_late(lake).written == 1


def test_late_rows_leave_the_ledger_as_it_is(lake: MemoryLake) -> None:
    with_a_gap(lake)

    write_late(lake)

    assert str(state(lake.events).claimed) == "1-2,4-5"
    assert str(state(lake.events).late) == "3-3"


def test_late_event_of_another_position_is_dropped(lake: MemoryLake) -> None:
    with_a_gap(lake)

    assert write_late(lake, batch_of(row(3, "m-1"))) == Published(0, covered=1)


def test_late_message_that_shares_an_id_and_differs_is_kept(lake: MemoryLake) -> None:
    with_a_gap(lake)

    assert write_late(lake, batch_of(row(3, "m-1") | {"user_id": "bob"})) == Published(1)


def test_late_rows_are_not_doubled_by_a_batch_that_comes_after_all(lake: MemoryLake) -> None:
    with_a_gap(lake)
    write_late(lake)

    assert write(lake, batch(3, 3))[EVENTS.name] == Published(0, covered=1)
    assert sequences(lake.events) == [1, 2, 3, 4, 5]


def test_late_rows_are_completed_by_a_batch_that_comes_after_all(lake: MemoryLake) -> None:
    write_late(lake)

    assert write(lake, batch(1, 5))[EVENTS.name] == Published(4, covered=1)
    assert sequences(lake.events) == [1, 2, 3, 4, 5]


@every_moment
@pytest.mark.parametrize("step", ["head", "recent", "stage", "swap"])
def test_late_rows_come_at_any_moment_of_a_writer(
    lake: MemoryLake, step: Step, moment: Phase
) -> None:
    write(lake, batch(1, 2))

    write(lake, batch(3, 4), Once(step, moment, lambda: write_late(lake)))

    assert sequences(lake.events) == [1, 2, 3, 4]


@every_moment
@every_step
def test_late_rows_let_a_writer_come_at_any_moment(
    lake: MemoryLake, step: Step, moment: Phase
) -> None:
    write(lake, batch(1, 2))

    write_late(lake, watch=Once(step, moment, lambda: write(lake, batch(3, 4))))

    assert sequences(lake.events) == [1, 2, 3, 4]


def test_late_rows_come_through_beside_a_writer_that_commits_all_the_time(
    lake: MemoryLake,
) -> None:
    with_a_gap(lake)
    publisher, backlog = lake.publisher(), iter(range(6, 1000))

    def commit() -> None:
        sequence = next(backlog)
        publisher.write(batch(sequence, sequence))

    write_late(lake, watch=Once("swap", "before", commit))

    assert sequences(lake.events) == [1, 2, 3, 4, 5, 6]


def test_late_rows_are_searched_for_once_beside_a_writer_that_commits_all_the_time(
    lake: MemoryLake,
) -> None:
    with_a_gap(lake)
    publisher, backlog = lake.publisher(), iter(range(6, 1000))
    searches: list[Step] = []

    def watch(step: Step, moment: Phase) -> None:
        if moment == "before" and step == "search":
            searches.append(step)
        if moment == "before" and step in ("search", "stage"):
            sequence = next(backlog)
            publisher.write(batch(sequence, sequence))

    write_late(lake, watch=watch)

    assert len(searches) == 3
    assert sequences(lake.events) == [1, 2, 3, 4, 5, 6, 7, 8, 9]


@every_moment
@every_step
def test_late_rows_come_once_beside_a_zombie_that_has_them_too(
    lake: MemoryLake, step: Step, moment: Phase
) -> None:
    with_a_gap(lake)

    write_late(lake, watch=Once(step, moment, lambda: write(lake, batch(2, 4))))

    assert sequences(lake.events) == [1, 2, 3, 4, 5]


@every_moment
@every_step
def test_late_rows_come_once_if_two_bring_them(lake: MemoryLake, step: Step, moment: Phase) -> None:
    write_late(lake, watch=Once(step, moment, lambda: write_late(lake)))

    assert sequences(lake.events) == [3]


@every_moment
@every_step
def test_late_rows_come_through_beside_a_compaction(
    lake: MemoryLake, step: Step, moment: Phase
) -> None:
    with_a_gap(lake)

    def maintain() -> None:
        lake.events.compact()
        lake.events.expire_snapshots(keep=1)

    write_late(lake, watch=Once(step, moment, maintain))

    assert sequences(lake.events) == [1, 2, 3, 4, 5]


@every_moment
def test_late_rows_are_published_once_if_the_answer_is_lost(
    lake: MemoryLake, moment: Phase
) -> None:
    assert write_late(lake, watch=Once("swap", moment, failing(LOST))) == Published(1)
    assert sequences(lake.events) == [3]


@every_moment
def test_late_rows_are_published_once_if_the_process_dies(lake: MemoryLake, moment: Phase) -> None:
    with pytest.raises(StoppedError):
        write_late(lake, watch=Once("swap", moment, failing(StoppedError())))

    write_late(lake)

    assert sequences(lake.events) == [3]


def test_late_rows_are_given_up_at_last(lake: MemoryLake) -> None:
    with pytest.raises(PublishError):
        write_late(lake, watch=Always("swap", "before", failing(LOST)))


def test_late_events_are_known_to_the_writer(lake: MemoryLake) -> None:
    publisher = lake.publisher()
    publisher.write(batch(1, 2))
    publisher.write(batch(4, 5))
    write_late(lake)

    assert publisher.write(batch_of(row(6, "m-3")))[EVENTS.name] == Published(0, repeats=1)


def test_late_failed_records_are_found_by_position(lake: MemoryLake) -> None:
    late = batch_of(failed=[failed_row(3)])
    lake.publisher().write_late(late)

    again = lake.publisher().write_late(late)

    assert again == {FAILED_RECORDS.name: Published(0, covered=1)}
    assert sequences(lake.failed) == [3]


def test_late_list_stays_within_the_limit_of_ranges(lake: MemoryLake) -> None:
    for sequence in range(1, 3 * MAX_RANGES):
        write_late(lake, batch(sequence, sequence))

    assert len(state(lake.events).late.ranges) == MAX_RANGES
    assert len(lake.events.rows) == 3 * MAX_RANGES - 1


def test_late_rows_come_again_after_a_rewind_though_the_ledger_had_closed_over_them(
    lake: MemoryLake,
) -> None:
    publisher, last = lake.publisher(), 4 * MAX_RANGES
    for sequence in range(2, last, 2):
        publisher.write(batch(sequence, sequence))
    there = newest(lake)
    write_late(lake)
    publisher.write(batch(last, last))

    lake.events.rewind(there)
    write(lake, batch(1, 4))
    write(lake, batch(last, last))

    assert sequences(lake.events) == [1, 2, 3, *range(4, last + 1, 2)]


@every_moment
@every_step
def test_late_rows_come_once_beside_a_rewind(lake: MemoryLake, step: Step, moment: Phase) -> None:
    write(lake, batch(1, 2))
    first = newest(lake)
    write(lake, batch(4, 5))

    write_late(lake, watch=Once(step, moment, lambda: lake.events.rewind(first)))
    write(lake, batch(1, 5))

    assert sequences(lake.events) == [1, 2, 3, 4, 5]


def test_late_rows_keep_the_note_of_a_rewind_that_came_between(lake: MemoryLake) -> None:
    write(lake, batch(1, 2))
    there = newest(lake)

    def rewind() -> None:
        write(lake, batch(4, 5))
        lake.events.rewind(there)

    write_late(lake, watch=Once("swap", "before", rewind))
    write(lake, batch(4, 5))

    assert sequences(lake.events) == [1, 2, 3, 4, 5]
