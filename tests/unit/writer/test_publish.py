import pytest
from headwater_writer.ledger import Range
from headwater_writer.memory_table import MemoryStore, Moment, Step

from headwater_writer.publish import (
    MAX_ATTEMPTS,
    CommitConflictError,
    CommitUnknownError,
    Published,
    PublishError,
    ShardRows,
    publish,
)
from unit.writer.builders import SHARD, Always, Both, Once, batch, failing, row, sequences, table

LOST_ANSWER = CommitUnknownError("the answer was lost")


class CrashError(Exception):
    """The process is no more."""


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


def test_writes_a_batch(store: MemoryStore) -> None:
    assert publish(table(store), batch(1, 3)) == Published(written=3)
    assert sequences(store) == [1, 2, 3]


def test_writes_a_batch_once_that_comes_again(store: MemoryStore) -> None:
    publish(table(store), batch(1, 3))

    assert publish(table(store), batch(1, 3)) == Published(written=0, covered=3)
    assert sequences(store) == [1, 2, 3]


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
def test_writes_a_bisected_batch_once_in_any_order(
    store: MemoryStore, deliveries: list[ShardRows]
) -> None:
    for delivery in deliveries:
        publish(table(store), delivery)

    assert sequences(store) == [1, 2, 3, 4]


def test_writes_only_the_new_part_of_an_overlapping_batch(store: MemoryStore) -> None:
    writer = table(store)
    publish(writer, batch(1, 3))

    assert publish(writer, batch(2, 5)) == Published(written=2, covered=2)
    assert sequences(store) == [1, 2, 3, 4, 5]


def test_covers_the_positions_between_its_rows(store: MemoryStore) -> None:
    publish(table(store), ShardRows(SHARD, Range(1, 9), [row(1), row(9)]))

    assert publish(table(store), batch(4, 6)) == Published(written=0, covered=3)


def test_keeps_shards_apart(store: MemoryStore) -> None:
    publish(table(store), batch(1, 3))
    other = ShardRows("clicks/shardId-000000000001", Range(1, 1), [row(1, "other")])

    assert publish(table(store), other) == Published(written=1)


def test_drops_repeats_inside_a_batch(store: MemoryStore) -> None:
    rows = [row(1, "a"), row(2, "b"), row(3, "a")]

    outcome = publish(table(store), ShardRows(SHARD, Range(1, 3), rows))

    assert outcome == Published(written=2, repeats=1)
    assert sequences(store) == [1, 2]


def test_drops_repeats_of_an_earlier_batch(store: MemoryStore) -> None:
    writer = table(store)
    publish(writer, ShardRows(SHARD, Range(1, 1), [row(1, "a")]))

    outcome = publish(writer, ShardRows(SHARD, Range(2, 3), [row(2, "a"), row(3, "b")]))

    assert outcome == Published(written=1, repeats=1)
    assert sequences(store) == [1, 3]


def test_drops_repeats_of_a_batch_that_another_process_wrote(store: MemoryStore) -> None:
    publish(table(store), ShardRows(SHARD, Range(1, 1), [row(1, "a")]))

    outcome = publish(table(store), ShardRows(SHARD, Range(2, 2), [row(2, "a")]))

    assert outcome == Published(written=0, repeats=1)


def test_writes_an_event_once_whichever_of_its_records_comes_first(store: MemoryStore) -> None:
    publish(table(store), ShardRows(SHARD, Range(2, 2), [row(2, "a")]))
    publish(table(store), ShardRows(SHARD, Range(1, 1), [row(1, "a")]))

    assert sequences(store) == [2]


def test_finds_its_commit_where_the_answer_was_lost(store: MemoryStore) -> None:
    writer = table(store, Once("swap", "after", failing(LOST_ANSWER)))

    assert publish(writer, batch(1, 3)) == Published(written=3)
    assert sequences(store) == [1, 2, 3]


def test_counts_no_more_than_it_wrote_where_the_answer_was_lost(store: MemoryStore) -> None:
    publish(table(store), batch(1, 2))
    rows = [*batch(1, 3).rows, row(4, "again"), row(5, "again")]
    writer = table(store, Once("swap", "after", failing(LOST_ANSWER)))

    outcome = publish(writer, ShardRows(SHARD, Range(1, 5), rows))

    assert outcome == Published(written=2, covered=2, repeats=1)
    assert sequences(store) == [1, 2, 3, 4]


def test_takes_no_others_rows_for_its_own_where_the_question_was_lost(store: MemoryStore) -> None:
    def lose_to_another() -> None:
        publish(table(store), batch(2, 3))
        raise LOST_ANSWER

    writer = table(store, Once("swap", "before", lose_to_another))

    assert publish(writer, batch(1, 4)) == Published(written=2, covered=2)
    assert sequences(store) == [1, 2, 3, 4]


def test_commits_again_where_the_question_was_lost(store: MemoryStore) -> None:
    writer = table(store, Once("swap", "before", failing(LOST_ANSWER)))

    assert publish(writer, batch(1, 3)) == Published(written=3)
    assert sequences(store) == [1, 2, 3]


def test_writes_files_once_for_many_attempts(store: MemoryStore) -> None:
    staged: list[None] = []
    lost = Once("swap", "before", failing(LOST_ANSWER))
    counted = Always("stage", "before", lambda: staged.append(None))

    publish(table(store, Both(lost, counted)), batch(1, 3))

    assert staged == [None]


@pytest.mark.parametrize("step", ["head", "stage", "swap"])
def test_writes_a_batch_once_that_a_zombie_writes_too(store: MemoryStore, step: Step) -> None:
    twin = Once(step, "before", lambda: publish(table(store), batch(1, 3)))

    assert publish(table(store, twin), batch(1, 3)) == Published(written=0, covered=3)
    assert sequences(store) == [1, 2, 3]


def test_takes_a_zombies_rows_for_what_they_are_after_reading_the_ledger(
    store: MemoryStore,
) -> None:
    publish(table(store), batch(1, 1))
    twin = Once("recent", "before", lambda: publish(table(store), batch(2, 3)))

    assert publish(table(store, twin), batch(2, 3)).written == 0
    assert sequences(store) == [1, 2, 3]


def test_writes_the_rest_where_a_zombie_wrote_a_part(store: MemoryStore) -> None:
    twin = Once("swap", "before", lambda: publish(table(store), batch(2, 3)))

    assert publish(table(store, twin), batch(1, 4)) == Published(written=2, covered=2)
    assert sequences(store) == [1, 2, 3, 4]


def test_commits_beside_another_shard(store: MemoryStore) -> None:
    other = ShardRows("clicks/shardId-000000000001", Range(9, 9), [row(9, "other")])
    meanwhile = Once("swap", "before", lambda: publish(table(store), other))

    assert publish(table(store, meanwhile), batch(1, 3)) == Published(written=3)
    assert sequences(store) == [1, 2, 3, 9]


def test_commits_beside_a_compaction(store: MemoryStore) -> None:
    publish(table(store), batch(1, 3))
    meanwhile = Once("swap", "before", store.compact)

    assert publish(table(store, meanwhile), batch(4, 5)) == Published(written=2)
    assert sequences(store) == [1, 2, 3, 4, 5]


def test_knows_a_batch_after_compaction_and_expiry(store: MemoryStore) -> None:
    publish(table(store), batch(1, 3))
    store.compact()
    store.expire_snapshots(keep=1)

    assert publish(table(store), batch(1, 3)) == Published(written=0, covered=3)


def test_reads_again_where_the_base_expired_under_it(store: MemoryStore) -> None:
    publish(table(store), batch(1, 3))

    def compact_and_expire() -> None:
        store.compact()
        store.expire_snapshots(keep=1)

    meanwhile = Once("swap", "before", compact_and_expire)

    assert publish(table(store, meanwhile), batch(4, 5)) == Published(written=2)
    assert sequences(store) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("error", [CommitConflictError("others won"), LOST_ANSWER])
def test_gives_up_after_its_attempts(store: MemoryStore, error: Exception) -> None:
    attempts: list[None] = []

    def fail() -> None:
        attempts.append(None)
        raise error

    with pytest.raises(PublishError, match=f"was not committed in {MAX_ATTEMPTS} attempts"):
        publish(table(store, Always("swap", "before", fail)), batch(1, 3))

    assert len(attempts) == MAX_ATTEMPTS
    assert sequences(store) == []


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("step", ["head", "recent", "stage", "swap"])
def test_writes_once_after_a_crash_at_any_step(
    store: MemoryStore, step: Step, moment: Moment
) -> None:
    publish(table(store), batch(1, 2))
    crashing = table(store, Once(step, moment, failing(CrashError())))
    with pytest.raises(CrashError):
        publish(crashing, batch(3, 5))

    publish(table(store), batch(3, 5))

    assert sequences(store) == [1, 2, 3, 4, 5]


def test_refuses_a_zombie_whose_ledger_was_forgotten(store: MemoryStore) -> None:
    publish(table(store), batch(1, 1))
    zombie = table(store)
    head, staged = zombie.head(SHARD), zombie.stage(batch(2, 3).rows)
    publish(table(store), batch(2, 3))
    store.forget_ledgers()

    with pytest.raises(CommitConflictError):
        zombie.commit(staged, head, SHARD, Range(2, 3))


def test_knows_its_ledger_again_where_it_was_forgotten_meanwhile(store: MemoryStore) -> None:
    publish(table(store), batch(1, 1))

    publish(table(store, Once("swap", "before", store.forget_ledgers)), batch(2, 3))

    assert str(table(store).head(SHARD).ranges) == "1-1,2-3"


def test_takes_a_shard_whose_ledger_was_forgotten_for_a_new_one(store: MemoryStore) -> None:
    publish(table(store), batch(1, 1))
    store.forget_ledgers()

    publish(table(store), batch(2, 3))

    assert sequences(store) == [1, 2, 3]
    assert str(table(store).head(SHARD).ranges) == "2-3"
