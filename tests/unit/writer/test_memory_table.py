"""The table in memory promises what Iceberg does; `integration/writer` shows that of Iceberg."""

from datetime import timedelta

import pytest
from headwater_writer.ledger import Range, Ranges
from headwater_writer.memory_table import COMMIT_RETRIES, MemoryStore, MemoryTable
from headwater_writer.repeats import WINDOW, key

from headwater_contract.tables import FAILED_RECORDS
from headwater_writer.publish import CommitConflictError
from unit.writer.builders import NOW, SHARD, Always, now, row, sequences, table

OTHER_SHARD = "clicks/shardId-000000000001"
LEDGER = f"headwater.ledger.writer/{SHARD}"


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


def commit(writer: MemoryTable, sequence: int, shard: str = SHARD) -> None:
    head = writer.head(shard)
    writer.commit(writer.stage([row(sequence)]), head, shard, Range(sequence, sequence))


def test_shows_staged_rows_to_nobody(store: MemoryStore) -> None:
    table(store).stage([row(1)])

    assert store.rows == []


def test_commits_rows_and_ledger_at_once(store: MemoryStore) -> None:
    commit(table(store), 1)

    assert sequences(store) == [1]
    assert table(store).head(SHARD).ranges == Ranges((Range(1, 1),))


def test_says_in_the_summary_which_ledger_moved(store: MemoryStore) -> None:
    commit(table(store), 1)

    [snapshot] = store.metadata.ancestry()
    assert snapshot.summary == {"operation": "append", LEDGER: "1-1"}


def test_keeps_the_ledgers_of_groups_apart(store: MemoryStore) -> None:
    commit(table(store), 1)

    other = MemoryTable(store, FAILED_RECORDS, now, group="other")

    assert other.head(SHARD).ranges == Ranges()


def test_refuses_a_commit_after_the_ledger_moved(store: MemoryStore) -> None:
    late = table(store)
    head = late.head(SHARD)
    commit(table(store), 1)

    with pytest.raises(CommitConflictError, match="moved"):
        late.commit(late.stage([row(1)]), head, SHARD, Range(1, 1))

    assert sequences(store) == [1]


def test_builds_a_commit_again_on_another_shards(store: MemoryStore) -> None:
    late = table(store)
    head = late.head(SHARD)
    commit(table(store), 7, OTHER_SHARD)

    late.commit(late.stage([row(1)]), head, SHARD, Range(1, 1))

    assert sequences(store) == [1, 7]
    assert len(list(store.metadata.ancestry())) == 2


def test_gives_up_where_others_win_every_race(store: MemoryStore) -> None:
    lost: list[None] = []

    def lose() -> None:
        lost.append(None)
        store.compact()

    with pytest.raises(CommitConflictError, match="every race"):
        commit(table(store, Always("swap", "before", lose)), 1)

    assert len(lost) == 1 + COMMIT_RETRIES


def test_compacts_many_files_to_one_with_the_same_rows(store: MemoryStore) -> None:
    commit(table(store), 1)
    commit(table(store), 2)

    store.compact()

    assert len(store.metadata.files) == 1
    assert sequences(store) == [1, 2]


def test_expires_old_snapshots_and_keeps_data_and_ledger(store: MemoryStore) -> None:
    commit(table(store), 1)
    commit(table(store), 2)

    store.expire_snapshots(keep=1)

    assert len(store.metadata.snapshots) == 1
    assert sequences(store) == [1, 2]
    assert LEDGER in store.metadata.properties


def test_reads_recent_events_of_the_shard_within_the_window(store: MemoryStore) -> None:
    old, new = row(1, loaded_at=NOW - WINDOW - timedelta(seconds=1)), row(2)
    elsewhere = row(3) | {"ingest_shard": OTHER_SHARD}
    writer = table(store)
    writer.commit(writer.stage([old, new, elsewhere]), writer.head(SHARD), SHARD, Range(1, 3))

    reader = table(store)
    recent = reader.recent(SHARD, reader.head(SHARD))

    assert recent is not None
    assert [key(found) in recent for found in (old, new, elsewhere)] == [False, True, False]


def test_has_no_recent_events_where_rows_have_no_identity(store: MemoryStore) -> None:
    failed = MemoryTable(store, FAILED_RECORDS, now)

    assert failed.recent(SHARD, failed.head(SHARD)) is None


def test_is_told_of_every_step_before_and_after(store: MemoryStore) -> None:
    told: list[tuple[str, str]] = []
    writer = table(store, lambda step, moment: told.append((step, moment)))

    commit(writer, 1)

    steps = [("head", "before"), ("head", "after"), ("stage", "before"), ("stage", "after")]
    assert told == [*steps, ("swap", "before"), ("swap", "after")]
