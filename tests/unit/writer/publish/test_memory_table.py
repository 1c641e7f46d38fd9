"""The table in memory promises what Iceberg does; `integration/writer` shows that of Iceberg."""

from datetime import timedelta

import pytest

from headwater_contract.tables import FAILED_RECORDS
from headwater_writer.publish.fence import Change
from headwater_writer.publish.history import ancestry
from headwater_writer.publish.ledger import LATEST, REWOUND, beside, property_name
from headwater_writer.publish.lookup import WHOLE
from headwater_writer.publish.memory_table import (
    PREVIOUS_VERSIONS,
    LostError,
    MemoryStore,
    MemoryTable,
    Phase,
    UnreadableError,
)
from headwater_writer.publish.repeats import WINDOW, digest
from headwater_writer.publish.table import CommitError
from unit.writer.builders import (
    GROUP,
    NOW,
    SHARD,
    Once,
    failed_row,
    failing,
    row,
    sequences,
    table,
)

OTHER_SHARD = "clicks/shardId-000000000001"
LEDGER = property_name(GROUP, SHARD)
CHANGE = Change({LEDGER: "1-1"}, {LEDGER: "1-1"})
NO_CHANGE = Change({}, {})


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


def commit(writer: MemoryTable, sequence: int, change: Change = CHANGE) -> int:
    return writer.commit(writer.stage([row(sequence)]), writer.head(), change)


def newest(store: MemoryStore) -> int:
    number = store.metadata.newest
    assert number is not None
    return number


def test_staged_rows_are_shown_to_nobody(store: MemoryStore) -> None:
    table(store).stage([row(1)])

    assert store.rows == []


def test_commit_makes_rows_and_properties_visible_at_once(store: MemoryStore) -> None:
    number = commit(table(store), 1)

    assert sequences(store) == [1]
    assert store.metadata.properties == {LEDGER: "1-1", LATEST: f"{number} 1"}


def test_commit_says_in_the_summary_what_it_changed(store: MemoryStore) -> None:
    number = commit(table(store), 1)

    [snapshot] = ancestry(store.metadata, number)
    assert snapshot.summary == {"operation": "append", LEDGER: "1-1"}


def test_commit_without_a_file_adds_a_snapshot_and_no_rows(store: MemoryStore) -> None:
    writer = table(store)
    commit(writer, 1)

    number = writer.commit(None, writer.head(), NO_CHANGE)

    assert store.metadata.newest == number
    assert sequences(store) == [1]


def test_commit_after_anybody_elses_is_refused(store: MemoryStore) -> None:
    late = table(store)
    head = late.head()
    commit(table(store), 7)

    with pytest.raises(CommitError, match="others have committed"):
        late.commit(late.stage([row(1)]), head, CHANGE)

    assert sequences(store) == [7]


def test_commit_after_a_change_of_properties_is_refused(store: MemoryStore) -> None:
    late = table(store)
    head = late.head()
    store.forget_ledgers()

    with pytest.raises(CommitError):
        late.commit(late.stage([row(1)]), head, CHANGE)


@pytest.mark.parametrize(("moment", "rows"), [("before", []), ("after", [1])])
def test_commit_that_is_lost_names_the_snapshot_that_it_would_have(
    store: MemoryStore, moment: Phase, rows: list[int]
) -> None:
    writer = table(store, Once("swap", moment, failing(LostError("lost"))))

    with pytest.raises(CommitError, match="lost") as raised:
        commit(writer, 1)

    assert sequences(store) == rows
    assert (raised.value.snapshot == store.metadata.newest) is bool(rows)


def test_head_stays_as_it_was_read(store: MemoryStore) -> None:
    reader = table(store)
    commit(reader, 1)
    head = reader.head()

    commit(table(store), 2)

    assert head.history.newest == 1
    assert reader.positions(SHARD, ["1", "2"], head) == {("1", 0)}


def test_snapshots_know_their_parents_and_count_up(store: MemoryStore) -> None:
    for sequence in (1, 2):
        commit(table(store), sequence)

    line = list(ancestry(store.metadata, newest(store)))

    assert [(each.parent, each.sequence_number) for each in line] == [(line[1].id, 2), (None, 1)]
    assert store.metadata.sequence_number == 2


def test_sequence_numbers_are_not_given_again_after_a_rollback(store: MemoryStore) -> None:
    first = commit(table(store), 1)
    commit(table(store), 2)
    store.roll_back(first)

    commit(table(store), 3)

    assert store.metadata.snapshots[newest(store)].sequence_number == 3


def test_compaction_makes_one_file_of_the_same_rows(store: MemoryStore) -> None:
    commit(table(store), 1)
    latest = f"{commit(table(store), 2)} 2"

    store.compact()

    assert len(store.metadata.manifests) == 1
    assert sequences(store) == [1, 2]
    assert store.metadata.properties[LATEST] == latest


def test_expiry_keeps_data_and_ledger(store: MemoryStore) -> None:
    commit(table(store), 1)
    commit(table(store), 2)

    store.expire_snapshots(keep=1)

    assert len(store.metadata.snapshots) == 1
    assert sequences(store) == [1, 2]
    assert LEDGER in store.metadata.properties


def test_rollback_by_another_tool_leaves_the_properties(store: MemoryStore) -> None:
    first = commit(table(store), 1)
    commit(table(store), 2)
    before = store.metadata.properties

    store.roll_back(first)

    assert sequences(store) == [1]
    assert store.metadata.properties == before


def test_rewind_notes_what_went_and_where_the_table_is(store: MemoryStore) -> None:
    first = commit(table(store), 1)
    commit(table(store), 2, Change({LEDGER: "2-2"}, {LEDGER: "1-2"}))

    store.rewind(first)

    assert sequences(store) == [1]
    assert store.metadata.properties == {
        LEDGER: "1-1",
        beside(LEDGER, REWOUND): "2-2",
        LATEST: f"{first} 1",
    }


def test_snapshot_without_its_manifests_cannot_be_read(store: MemoryStore) -> None:
    commit(table(store), 1)
    store.deleted.update(store.metadata.manifests)

    with pytest.raises(UnreadableError):
        table(store).positions(SHARD, ["1"], table(store).head())
    with pytest.raises(UnreadableError):
        sequences(store)


def test_previous_metadata_is_known_up_to_a_number(store: MemoryStore) -> None:
    writer = table(store)
    for sequence in range(PREVIOUS_VERSIONS + 2):
        commit(writer, sequence)

    assert len(store.previous) == PREVIOUS_VERSIONS
    assert store.previous[0].sequence_number == 2


def test_recent_events_are_those_of_the_shard_within_the_window(store: MemoryStore) -> None:
    old, new = row(1, loaded_at=NOW - WINDOW - timedelta(seconds=1)), row(2)
    at_the_edge = row(4, loaded_at=NOW - WINDOW)
    elsewhere = row(3) | {"ingest_shard": OTHER_SHARD}
    writer = table(store)
    writer.commit(writer.stage([old, new, elsewhere, at_the_edge]), writer.head(), NO_CHANGE)

    reader = table(store)
    recent = reader.recent(SHARD, NOW - WINDOW, reader.head())

    assert sorted(recent) == sorted(digest(reader.contract, each) for each in (new, at_the_edge))


def test_events_are_those_of_the_rows_that_are_there(store: MemoryStore) -> None:
    writer = table(store)
    commit(writer, 1)

    elsewhere, other = row(9, "m-1"), row(2)
    found = writer.events([elsewhere, other], writer.head())

    assert found == {digest(writer.contract, elsewhere)}


def test_positions_are_those_of_the_shard_within_the_records(store: MemoryStore) -> None:
    writer = table(store)
    rows = [row(1), row(2), row(2) | {"ingest_index": 1}, row(3) | {"ingest_shard": OTHER_SHARD}]
    writer.commit(writer.stage(rows), writer.head(), NO_CHANGE)

    assert writer.positions(SHARD, ["2", "3"], writer.head()) == {("2", 0), ("2", 1)}


def test_position_of_an_unreadable_record_stands_for_all_of_it(store: MemoryStore) -> None:
    failed = MemoryTable(store, FAILED_RECORDS)
    failed.commit(failed.stage([failed_row(4, stage="decode")]), failed.head(), NO_CHANGE)

    assert failed.positions(SHARD, ["4"], failed.head()) == {("4", WHOLE)}


def test_watch_is_told_of_every_step_before_and_after(store: MemoryStore) -> None:
    told: list[tuple[str, str]] = []
    writer = table(store, lambda step, moment: told.append((step, moment)))

    commit(writer, 1)

    steps = [("stage", "before"), ("stage", "after"), ("head", "before"), ("head", "after")]
    assert told == [*steps, ("swap", "before"), ("swap", "after")]
