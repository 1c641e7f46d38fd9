"""Rows that come late are there once, whoever else writes their shard meanwhile."""

import pytest
from headwater_writer.late import without_held
from headwater_writer.ledger import MAX_RANGES, Range, Ranges, late_name, property_name
from headwater_writer.memory_table import MemoryStore, MemoryTable, Moment, Step

from headwater_contract.tables import FAILED_RECORDS
from headwater_writer.publish import (
    CommitUnknownError,
    Published,
    PublishedTable,
    PublishError,
    ShardRows,
    publish,
    publish_late,
)
from unit.writer.builders import (
    SHARD,
    Always,
    Once,
    batch,
    failing,
    now,
    row,
    sequences,
    table,
)

every_moment = pytest.mark.parametrize("moment", ["before", "after"])

LATE = ShardRows(SHARD, Range(3, 3), [row(3)])


class StoppedError(Exception):
    """The process is no more."""


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


def with_a_gap(store: MemoryStore) -> PublishedTable:
    """Return a table whose ledger has a gap at 3."""
    writer = table(store)
    publish(writer, batch(1, 2))
    publish(writer, batch(4, 5))
    return writer


def test_holds_back_what_is_there_by_position() -> None:
    assert without_held([row(1), row(2)], {("1", 0)}, set()) == [row(2)]


def test_holds_back_what_is_there_by_event() -> None:
    assert without_held([row(1), row(2)], set(), {("shop", "m-1")}) == [row(2)]


def test_holds_back_what_came_earlier_among_the_rows() -> None:
    rows = [row(1), row(2, "m-1"), row(1, "m-2"), row(3)]

    assert without_held(rows, set(), set()) == [row(1), row(3)]


def test_knows_a_failed_record_by_its_position_alone() -> None:
    failed = {"app_id": None, "ingest_sequence": "1", "ingest_index": 0}
    another = failed | {"ingest_index": 1}

    assert without_held([failed, another, failed], set(), set()) == [failed, another]


def test_publishes_what_is_not_there(store: MemoryStore) -> None:
    with_a_gap(store)

    assert publish_late(table(store), LATE) == Published(1)
    assert sequences(store) == [1, 2, 3, 4, 5]


def test_publishes_nothing_twice(store: MemoryStore) -> None:
    with_a_gap(store)
    publish_late(table(store), LATE)

    assert publish_late(table(store), LATE) == Published(0, covered=1)
    assert sequences(store) == [1, 2, 3, 4, 5]


def test_publishes_what_a_closed_gap_claims_to_hold(store: MemoryStore) -> None:
    writer = table(store)
    for sequence in range(2, 4 * MAX_RANGES, 2):
        publish(writer, batch(sequence, sequence))
    assert writer.head(SHARD).ranges.covers(3)

    assert publish_late(table(store), LATE).written == 1


def test_leaves_the_ledger_as_it_is(store: MemoryStore) -> None:
    with_a_gap(store)

    publish_late(table(store), LATE)

    assert store.metadata.properties[property_name("writer", SHARD)] == "1-2,4-5"
    assert store.metadata.properties[late_name("writer", SHARD)] == "3-3"


def test_drops_the_event_of_another_position(store: MemoryStore) -> None:
    with_a_gap(store)
    repeat = ShardRows(SHARD, Range(3, 3), [row(3, "m-1")])

    assert publish_late(table(store), repeat) == Published(0, covered=1)


def test_keeps_a_batch_that_comes_after_all_from_doubling(store: MemoryStore) -> None:
    writer = with_a_gap(store)
    publish_late(table(store), LATE)

    assert publish(writer, batch(3, 3)) == Published(0, covered=1)
    assert sequences(store) == [1, 2, 3, 4, 5]


def test_publishes_the_rest_of_a_batch_that_comes_after_all(store: MemoryStore) -> None:
    publish_late(table(store), LATE)

    assert publish(table(store), batch(1, 5)) == Published(4, covered=1)
    assert sequences(store) == [1, 2, 3, 4, 5]


@every_moment
@pytest.mark.parametrize("step", ["head", "recent", "stage", "swap"])
def test_comes_at_any_moment_of_a_writer(store: MemoryStore, step: Step, moment: Moment) -> None:
    publish(table(store), batch(1, 2))
    late = Once(step, moment, lambda: publish_late(table(store), LATE))

    publish(table(store, late), batch(3, 4))

    assert sequences(store) == [1, 2, 3, 4]


@every_moment
@pytest.mark.parametrize("step", ["head", "search", "stage", "swap"])
def test_lets_a_writer_come_at_any_moment(store: MemoryStore, step: Step, moment: Moment) -> None:
    publish(table(store), batch(1, 2))
    writer = Once(step, moment, lambda: publish(table(store), batch(3, 4)))

    publish_late(table(store, writer), LATE)

    assert sequences(store) == [1, 2, 3, 4]


def test_comes_through_beside_a_writer_that_commits_all_the_time(store: MemoryStore) -> None:
    with_a_gap(store)
    writer, backlog = table(store), iter(range(6, 1000))

    def commit() -> None:
        sequence = next(backlog)
        publish(writer, batch(sequence, sequence))

    publish_late(table(store, Always("search", "after", commit)), LATE)

    assert sequences(store) == [1, 2, 3, 4, 5, 6]


@every_moment
@pytest.mark.parametrize("step", ["head", "search", "stage", "swap"])
def test_comes_once_beside_a_zombie_that_has_it_too(
    store: MemoryStore, step: Step, moment: Moment
) -> None:
    with_a_gap(store)
    zombie = Once(step, moment, lambda: publish(table(store), batch(2, 4)))

    publish_late(table(store, zombie), LATE)

    assert sequences(store) == [1, 2, 3, 4, 5]


@every_moment
@pytest.mark.parametrize("step", ["head", "search", "stage", "swap"])
def test_comes_once_where_two_bring_it(store: MemoryStore, step: Step, moment: Moment) -> None:
    other = Once(step, moment, lambda: publish_late(table(store), LATE))

    publish_late(table(store, other), LATE)

    assert sequences(store) == [3]


@every_moment
@pytest.mark.parametrize("step", ["head", "search", "stage", "swap"])
def test_comes_through_beside_a_compaction(store: MemoryStore, step: Step, moment: Moment) -> None:
    with_a_gap(store)

    def maintain() -> None:
        store.compact()
        store.expire_snapshots(keep=1)

    publish_late(table(store, Once(step, moment, maintain)), LATE)

    assert sequences(store) == [1, 2, 3, 4, 5]


@every_moment
def test_publishes_once_when_the_answer_is_lost(store: MemoryStore, moment: Moment) -> None:
    lost = Once("swap", moment, failing(CommitUnknownError()))

    publish_late(table(store, lost), LATE)

    assert sequences(store) == [3]


@every_moment
def test_publishes_once_when_the_process_dies(store: MemoryStore, moment: Moment) -> None:
    dies = Once("swap", moment, failing(StoppedError()))
    with pytest.raises(StoppedError):
        publish_late(table(store, dies), LATE)

    publish_late(table(store), LATE)

    assert sequences(store) == [3]


def test_gives_up_at_last(store: MemoryStore) -> None:
    never = Always("swap", "before", failing(CommitUnknownError()))

    with pytest.raises(PublishError):
        publish_late(table(store, never), LATE)


def test_lets_the_writer_know_the_events_that_came_late(store: MemoryStore) -> None:
    writer = with_a_gap(store)
    publish_late(table(store), LATE)
    repeat = ShardRows(SHARD, Range(6, 6), [row(6, "m-3")])

    assert publish(writer, repeat) == Published(0, repeats=1)


def test_finds_failed_records_by_position() -> None:
    store = MemoryStore()
    failed = {"app_id": None, "ingest_shard": SHARD, "ingest_sequence": "3", "ingest_index": 0}
    late = ShardRows(SHARD, Range(3, 3), [failed])
    publish_late(MemoryTable(store, FAILED_RECORDS, now), late)

    again = publish_late(MemoryTable(store, FAILED_RECORDS, now), late)

    assert again == Published(0, covered=1)


def test_stays_within_the_limit_of_ranges(store: MemoryStore) -> None:
    for sequence in range(1, 3 * MAX_RANGES):
        publish_late(table(store), ShardRows(SHARD, Range(sequence, sequence), [row(sequence)]))

    late = Ranges.parse(store.metadata.properties[late_name("writer", SHARD)])
    assert len(late.ranges) == MAX_RANGES
    assert len(store.rows) == 3 * MAX_RANGES - 1


def test_comes_again_after_a_rewind_where_the_ledger_had_closed_over_it(store: MemoryStore) -> None:
    writer, last = table(store), 4 * MAX_RANGES
    for sequence in range(2, last, 2):
        publish(writer, batch(sequence, sequence))
    there = store.metadata.current
    publish_late(table(store), LATE)
    publish(writer, batch(last, last))
    assert there is not None

    store.rewind(there)
    publish(table(store), batch(1, 4))
    publish(table(store), batch(last, last))

    assert sequences(store) == [1, 2, 3, *range(4, last + 1, 2)]


@every_moment
@pytest.mark.parametrize("step", ["head", "search", "stage", "swap"])
def test_comes_once_beside_a_rewind(store: MemoryStore, step: Step, moment: Moment) -> None:
    with_a_gap(store)
    [_, first] = store.metadata.ancestry()

    publish_late(table(store, Once(step, moment, lambda: store.rewind(first.id))), LATE)
    publish(table(store), batch(1, 5))

    assert sequences(store) == [1, 2, 3, 4, 5]


def test_keeps_the_note_of_a_rewind_that_came_between(store: MemoryStore) -> None:
    publish(table(store), batch(1, 2))
    there = store.metadata.current
    assert there is not None

    def rewind() -> None:
        publish(table(store), batch(4, 5))
        store.rewind(there)

    publish_late(table(store, Once("swap", "before", rewind)), LATE)
    publish(table(store), batch(4, 5))

    assert sequences(store) == [1, 2, 3, 4, 5]
