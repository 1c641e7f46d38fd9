"""Batches in their shard's order: each row once, whatever fails and whoever else writes."""

from dataclasses import replace
from datetime import timedelta
from itertools import chain, repeat

import pytest

from headwater_contract.ranges import NOWHERE, Range
from headwater_contract.tables import EVENTS, FAILED_RECORDS, IDENTIFIES, TABLES
from headwater_writer.publish.batch import Batch, Published
from headwater_writer.publish.memory_table import (
    LostError,
    MemoryTable,
    Phase,
    Step,
    Watch,
    unwatched,
)
from headwater_writer.publish.publisher import Publisher
from headwater_writer.publish.settle import MAX_TRIES, PublishError
from headwater_writer.rows.rows import Row
from unit.writer.builders import (
    GROUP,
    NOW,
    SHARD,
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

LOST = LostError("the answer was lost")
OTHER_SHARD = "clicks/shardId-000000000001"


class CrashError(Exception):
    """The process has died."""


@pytest.fixture
def lake() -> MemoryLake:
    return MemoryLake()


def write(lake: MemoryLake, rows: Batch, watch: Watch = unwatched) -> Published:
    """Write a batch in a process of its own and return what became of its events."""
    return lake.publisher(watch).write(rows)[EVENTS.name]


def identify(sequence: int) -> Row:
    return row(sequence) | {"prev_user_id": "a", "new_user_id": "u-1", "traits": None}


def batch_with_all(first: int, last: int) -> Batch:
    """Return a batch whose first message identifies, and whose last one fails."""
    rows = batch_of(
        *(row(number) for number in range(first, last)),
        claim=Range(first, last),
        failed=[failed_row(last)],
    )
    return replace(rows, rows={**rows.rows, IDENTIFIES.name: [identify(first)]})


def test_batch_is_written(lake: MemoryLake) -> None:
    assert write(lake, batch(1, 3)) == Published(written=3)
    assert sequences(lake.events) == [1, 2, 3]


def test_batch_that_comes_again_is_written_once(lake: MemoryLake) -> None:
    write(lake, batch(1, 3))

    assert write(lake, batch(1, 3)) == Published(written=0, covered=3)
    assert sequences(lake.events) == [1, 2, 3]


def test_batch_that_comes_again_is_pending_no_more(lake: MemoryLake) -> None:
    write(lake, batch_with_all(1, 3))
    assert str(state(lake.events).pending) == "3-3"

    write(lake, batch_with_all(1, 3))

    assert state(lake.events).pending == NOWHERE


def test_batch_that_is_settled_commits_nothing(lake: MemoryLake) -> None:
    for _ in range(2):
        write(lake, batch_with_all(1, 3))
    before = {name: store.metadata for name, store in lake.stores.items()}

    published = lake.publisher().write(batch_with_all(1, 3))

    assert {name: store.metadata for name, store in lake.stores.items()} == before
    assert published == {
        EVENTS.name: Published(0, covered=2),
        IDENTIFIES.name: Published(0, covered=1),
        FAILED_RECORDS.name: Published(0, covered=1),
    }


@pytest.mark.parametrize(
    "deliveries",
    [
        [batch(1, 2), batch(3, 4)],
        [batch(3, 4), batch(1, 2)],
        [batch(3, 4), batch(1, 4)],
        [batch(1, 2), batch(1, 4)],
        [batch(2, 3), batch(1, 4)],
        [batch(1, 4), batch(3, 4), batch(1, 2)],
        [batch(4, 4), batch(2, 2), batch(1, 2), batch(3, 4)],
    ],
)
def test_bisected_batch_is_written_once_in_any_order(
    lake: MemoryLake, deliveries: list[Batch]
) -> None:
    for delivery in deliveries:
        write(lake, delivery)

    assert sequences(lake.events) == [1, 2, 3, 4]


def test_overlapping_batch_is_written_in_its_new_part(lake: MemoryLake) -> None:
    publisher = lake.publisher()
    publisher.write(batch(1, 3))

    assert publisher.write(batch(2, 5))[EVENTS.name] == Published(written=2, covered=2)
    assert sequences(lake.events) == [1, 2, 3, 4, 5]


def test_batch_covers_the_positions_between_its_rows(lake: MemoryLake) -> None:
    write(lake, batch_of(row(1), row(9)))

    assert str(state(lake.events).claimed) == "1-9"


def test_batch_without_a_row_commits_nothing(lake: MemoryLake) -> None:
    assert lake.publisher().write(batch_of(claim=Range(1, 3))) == {}
    assert lake.events.metadata.newest is None


def test_batch_of_another_shard_is_another(lake: MemoryLake) -> None:
    write(lake, batch(1, 3))

    assert write(lake, batch(1, 1, OTHER_SHARD)) == Published(written=1)


def test_ledgers_of_groups_are_kept_apart(lake: MemoryLake) -> None:
    write(lake, batch(1, 3))

    lake.publisher(group="another").write(batch(4, 6))

    assert str(state(lake.events).claimed) == "1-3"
    assert lake.events.metadata.properties[f"headwater.ledger.another/{SHARD}"] == "4-6"


def test_repeats_inside_a_batch_are_dropped(lake: MemoryLake) -> None:
    assert write(lake, batch_of(row(1, "a"), row(2, "b"), row(3, "a"))) == Published(2, repeats=1)
    assert sequences(lake.events) == [1, 2]


def test_repeats_of_an_earlier_batch_are_dropped(lake: MemoryLake) -> None:
    publisher = lake.publisher()
    publisher.write(batch_of(row(1, "a")))

    outcome = publisher.write(batch_of(row(2, "a"), row(3, "b")))[EVENTS.name]

    assert outcome == Published(written=1, repeats=1)
    assert sequences(lake.events) == [1, 3]


def test_repeats_of_a_batch_that_another_process_wrote_are_dropped(lake: MemoryLake) -> None:
    write(lake, batch_of(row(1, "a")))

    assert write(lake, batch_of(row(2, "a"))) == Published(written=0, repeats=1)


def test_repeats_are_known_to_a_process_that_stood_still_before_it_read_them(
    lake: MemoryLake,
) -> None:
    late = NOW + timedelta(hours=2)
    write(lake, batch_of(row(1, "a", loaded_at=late)))
    times = chain([NOW], repeat(late))
    tables = {table.name: MemoryTable(lake.stores[table.name], table) for table in TABLES}
    frozen = Publisher(tables, GROUP, lambda: next(times), lambda _: None)

    frozen.write(batch_of(row(2, "b")))
    frozen.write(batch_of(row(3, "c")))

    assert frozen.write(batch_of(row(4, "a")))[EVENTS.name] == Published(written=0, repeats=1)


def test_batch_of_repeats_alone_is_claimed(lake: MemoryLake) -> None:
    write(lake, batch_of(row(1, "a")))

    write(lake, batch_of(row(2, "a"), row(3, "a")))

    assert str(state(lake.events).claimed) == "1-1,2-3"
    assert write(lake, batch_of(row(2, "a"), row(3, "a"))) == Published(0, covered=2)


def test_messages_that_share_an_id_and_differ_are_all_written(lake: MemoryLake) -> None:
    placed = row(1, "7") | {"event_type": "Order Placed", "user_id": "alice"}
    refunded = row(2, "7") | {"event_type": "Order Refunded", "user_id": "bob"}
    joined = row(3, "7") | {"message_type": "identify", "user_id": "carol"}

    assert write(lake, batch_of(placed, refunded)) == Published(written=2)
    assert write(lake, batch_of(joined)) == Published(written=1)


def test_event_is_written_once_whichever_of_its_records_comes_first(lake: MemoryLake) -> None:
    write(lake, batch_of(row(2, "a")))
    write(lake, batch_of(row(1, "a")))

    assert sequences(lake.events) == [2]


def test_commit_is_found_if_the_answer_was_lost(lake: MemoryLake) -> None:
    lost = Once("swap", "after", failing(LOST))

    assert write(lake, batch(1, 3), lost) == Published(written=3)
    assert sequences(lake.events) == [1, 2, 3]


def test_counts_are_of_what_was_written_if_the_answer_was_lost(lake: MemoryLake) -> None:
    write(lake, batch(1, 2))
    lost = Once("swap", "after", failing(LOST))

    outcome = write(lake, batch_of(row(1), row(2), row(3), row(4, "x"), row(5, "x")), lost)

    assert outcome == Published(written=2, covered=2, repeats=1)
    assert sequences(lake.events) == [1, 2, 3, 4]


@pytest.mark.parametrize("others", [1, 25, 100])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_counts_are_right_if_others_committed_after_the_lost_answer(
    lake: MemoryLake, others: int, moment: Phase
) -> None:
    write(lake, batch(1, 2))
    other = lake.publisher()

    def lose_for_long() -> None:
        for number in range(1, 1 + others):
            other.write(batch(number, number, OTHER_SHARD))
            lake.events.compact()
        raise LOST

    lost = Once("swap", moment, lose_for_long)

    rows = batch_of(*(row(number) for number in range(1, 6)), row(6, "m-5"))
    assert write(lake, rows, lost) == Published(written=3, covered=2, repeats=1)
    assert sequences(lake.events) == sorted([1, 2, 3, 4, 5, *range(1, 1 + others)])
    assert lake.events.deleted == set()


def test_rows_of_others_are_not_counted_if_the_question_was_lost(lake: MemoryLake) -> None:
    def lose_to_another() -> None:
        write(lake, batch(2, 3))
        raise LOST

    lost = Once("swap", "before", lose_to_another)

    assert write(lake, batch(1, 4), lost) == Published(written=2, covered=2)
    assert sequences(lake.events) == [1, 2, 3, 4]


def test_commit_is_made_again_if_the_question_was_lost(lake: MemoryLake) -> None:
    lost = Once("swap", "before", failing(LOST))

    assert write(lake, batch(1, 3), lost) == Published(written=3)
    assert sequences(lake.events) == [1, 2, 3]


@pytest.mark.parametrize("step", ["head", "stage", "swap"])
def test_batch_is_written_once_that_a_zombie_writes_too(lake: MemoryLake, step: Step) -> None:
    twin = Once(step, "before", lambda: write(lake, batch(1, 3)))

    assert write(lake, batch(1, 3), twin) == Published(written=0, covered=3)
    assert sequences(lake.events) == [1, 2, 3]


def test_zombies_rows_are_not_repeats_after_the_ledger_was_read(lake: MemoryLake) -> None:
    write(lake, batch(1, 1))
    twin = Once("recent", "before", lambda: write(lake, batch(2, 3)))

    assert write(lake, batch(2, 3), twin).written == 0
    assert sequences(lake.events) == [1, 2, 3]


def test_rest_is_written_if_a_zombie_wrote_a_part(lake: MemoryLake) -> None:
    twin = Once("swap", "before", lambda: write(lake, batch(2, 3)))

    assert write(lake, batch(1, 4), twin) == Published(written=2, covered=2)
    assert sequences(lake.events) == [1, 2, 3, 4]


def test_batch_is_committed_beside_another_shard(lake: MemoryLake) -> None:
    meanwhile = Once("swap", "before", lambda: write(lake, batch(9, 9, OTHER_SHARD)))

    assert write(lake, batch(1, 3), meanwhile) == Published(written=3)
    assert sequences(lake.events) == [1, 2, 3, 9]


def test_batch_is_committed_beside_a_compaction(lake: MemoryLake) -> None:
    write(lake, batch(1, 3))
    meanwhile = Once("swap", "before", lake.events.compact)

    assert write(lake, batch(4, 5), meanwhile) == Published(written=2)
    assert sequences(lake.events) == [1, 2, 3, 4, 5]


def test_batch_is_known_after_compaction_and_expiry(lake: MemoryLake) -> None:
    write(lake, batch(1, 3))
    lake.events.compact()
    lake.events.expire_snapshots(keep=1)

    assert write(lake, batch(1, 3)) == Published(written=0, covered=3)


def test_batch_is_decided_again_if_the_base_expired_under_it(lake: MemoryLake) -> None:
    write(lake, batch(1, 3))

    def compact_and_expire() -> None:
        lake.events.compact()
        lake.events.expire_snapshots(keep=1)

    meanwhile = Once("swap", "before", compact_and_expire)

    assert write(lake, batch(4, 5), meanwhile) == Published(written=2)
    assert sequences(lake.events) == [1, 2, 3, 4, 5]


def test_batch_is_given_up_after_so_many_tries(lake: MemoryLake) -> None:
    with pytest.raises(
        PublishError, match=f"cannot commit to events in {MAX_TRIES} attempts: the answer"
    ):
        write(lake, batch(1, 3), Always("swap", "before", failing(LOST)))

    assert sequences(lake.events) == []


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("step", ["head", "recent", "stage", "swap"])
def test_batch_is_written_once_after_a_crash_at_any_step(
    lake: MemoryLake, step: Step, moment: Phase
) -> None:
    write(lake, batch(1, 2))
    with pytest.raises(CrashError):
        write(lake, batch(3, 5), Once(step, moment, failing(CrashError())))

    write(lake, batch(3, 5))

    assert sequences(lake.events) == [1, 2, 3, 4, 5]


def test_commit_of_a_zombie_whose_ledger_was_forgotten_is_refused(lake: MemoryLake) -> None:
    write(lake, batch(1, 1))

    def write_and_forget() -> None:
        write(lake, batch(2, 3))
        lake.events.forget_ledgers()

    write(lake, batch(2, 3), Once("swap", "before", write_and_forget))

    assert sequences(lake.events) == [1, 2, 3]


def test_claim_joins_the_ledger_as_it_is_when_the_commit_lands(lake: MemoryLake) -> None:
    write(lake, batch(1, 1))

    write(lake, batch(2, 3), Once("swap", "before", lake.events.forget_ledgers))

    assert str(state(lake.events).claimed) == "2-3"


def test_shard_whose_ledger_was_forgotten_is_taken_for_a_new_one(lake: MemoryLake) -> None:
    write(lake, batch(1, 1))
    lake.events.forget_ledgers()

    write(lake, batch(2, 3))

    assert sequences(lake.events) == [1, 2, 3]
    assert str(state(lake.events).claimed) == "2-3"
