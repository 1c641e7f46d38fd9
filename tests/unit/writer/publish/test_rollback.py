from collections.abc import Callable, Mapping

import pytest

from headwater_writer.publish.ledger import (
    LATEST,
    PENDING,
    REWOUND,
    LedgerError,
    beside,
    property_name,
)
from headwater_writer.publish.memory_table import MemoryStore
from headwater_writer.publish.rollback import Latest, taken_back
from headwater_writer.publish.table import Head
from unit.writer.builders import GROUP, SHARD, MemoryLake, batch, sequences, state, table

LEDGER = property_name(GROUP, SHARD)
NOTE = beside(LEDGER, REWOUND)
OTHER_SHARD = "clicks/shardId-000000000001"
OTHER = property_name(GROUP, OTHER_SHARD)


@pytest.fixture
def lake() -> MemoryLake:
    """Return tables with three batches in events."""
    lake = MemoryLake()
    for first in (1, 4, 7):
        lake.publisher().write(batch(first, first + 2))
    return lake


def corrections(store: MemoryStore) -> Mapping[str, str]:
    return table(store).head().corrections


def newest(store: MemoryStore) -> int:
    number = store.metadata.newest
    assert number is not None
    return number


def snapshots(store: MemoryStore) -> list[int]:
    return sorted(store.metadata.snapshots)


def test_latest_is_read_back_from_its_text() -> None:
    assert Latest.parse(str(Latest(2**63 - 1, 7))) == Latest(2**63 - 1, 7)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "7",
        "7 ",
        "a b",
        "7 1 1",
        "-7 1",
        "0 0",
        "07 1",
        " 7 1",
        "7  1",
        "\u0667 1",
        "7 " + "1" * 5000,
    ],
)
def test_latest_that_cannot_be_read_is_an_error_that_says_what_to_do(text: str) -> None:
    with pytest.raises(LedgerError, match="nothing is written until then") as raised:
        Latest.parse(text)

    assert LATEST in str(raised.value)
    assert "earlier metadata file" in str(raised.value)


def test_rollback_is_not_seen_in_a_table_that_was_left_alone(lake: MemoryLake) -> None:
    assert corrections(lake.events) == {}


def test_rollback_is_not_seen_in_a_table_that_is_new() -> None:
    assert corrections(MemoryStore()) == {}


def test_rollback_is_not_seen_in_a_table_whose_commits_were_not_noted(lake: MemoryLake) -> None:
    lake.events.forget_ledgers()

    assert corrections(lake.events) == {}


@pytest.mark.parametrize(
    "keep", [MemoryStore.compact, lambda store: store.expire_snapshots(keep=1)]
)
def test_rollback_is_not_seen_in_maintenance(
    lake: MemoryLake, keep: Callable[[MemoryStore], None]
) -> None:
    keep(lake.events)
    keep(lake.events)

    assert corrections(lake.events) == {}


def test_rollback_is_not_seen_in_a_rewind_of_ours(lake: MemoryLake) -> None:
    lake.events.rewind(snapshots(lake.events)[0])

    assert corrections(lake.events) == {}


def test_rollback_is_not_seen_once_the_commit_has_expired_behind_maintenance(
    lake: MemoryLake,
) -> None:
    lake.events.compact()
    lake.events.compact()
    lake.events.expire_snapshots(keep=1)

    assert corrections(lake.events) == {}


def test_rollback_is_noticed_and_noted_as_a_rewind(lake: MemoryLake) -> None:
    lake.events.roll_back(snapshots(lake.events)[0])

    assert corrections(lake.events) == {LEDGER: "1-3", NOTE: "4-9"}


def test_rollback_is_among_the_properties_as_they_are_read(lake: MemoryLake) -> None:
    lake.events.roll_back(snapshots(lake.events)[0])

    head = table(lake.events).head()

    assert head.properties.get(LEDGER) == "1-3"
    assert head.properties.get(LATEST) == lake.events.metadata.properties[LATEST]


def test_rollback_is_written_down_with_the_next_commit_whichever_shard_that_is_of(
    lake: MemoryLake,
) -> None:
    lake.events.roll_back(snapshots(lake.events)[0])

    lake.publisher().write(batch(1, 1, OTHER_SHARD))

    assert corrections(lake.events) == {}
    assert str(state(lake.events).claimed) == "1-3"
    assert str(state(lake.events).rewound) == "4-9"


def test_rollback_behind_a_compaction_is_noticed(lake: MemoryLake) -> None:
    lake.events.roll_back(snapshots(lake.events)[0])
    lake.events.compact()

    assert corrections(lake.events) == {LEDGER: "1-3", NOTE: "4-9"}


def test_rollback_and_back_again_is_forgiven(lake: MemoryLake) -> None:
    there = newest(lake.events)
    lake.events.roll_back(snapshots(lake.events)[0])
    lake.events.roll_back(there)

    assert corrections(lake.events) == {}


def test_rollback_to_what_a_noticed_one_had_left_is_noticed_too(lake: MemoryLake) -> None:
    first, left = snapshots(lake.events)[0], newest(lake.events)
    lake.events.roll_back(first)
    lake.publisher().write(batch(10, 12))

    lake.events.roll_back(left)

    assert corrections(lake.events) == {LEDGER: "1-3", NOTE: "4-12"}
    assert sequences(lake.events) == list(range(1, 10))


def test_rollback_notes_late_rows_and_drops_what_was_pending(lake: MemoryLake) -> None:
    first = snapshots(lake.events)[0]
    lake.publisher().write_late(batch(20, 21))
    properties = {**lake.events.metadata.properties, beside(LEDGER, PENDING): "2-2,8-9"}
    lake.events.metadata = lake.events.metadata.with_properties(properties)

    lake.events.roll_back(first)

    assert corrections(lake.events) == {
        LEDGER: "1-3",
        NOTE: "4-21",
        beside(LEDGER, PENDING): "2-2",
    }
    assert str(state(lake.events).late) == "20-21"


def test_rollback_to_where_nothing_leads_any_more_notes_the_whole_of_every_ledger(
    lake: MemoryLake,
) -> None:
    first = snapshots(lake.events)[0]
    lake.publisher().write(batch(3, 5, OTHER_SHARD))
    kept = {number: lake.events.metadata.snapshots[number] for number in (first,)}
    rolled_back = lake.events.metadata.rolled_back_to(first)

    seen = taken_back(
        rolled_back.properties, type(rolled_back)(kept, first, {}, rolled_back.sequence_number)
    )

    assert seen == {LEDGER: "", NOTE: "1-9", OTHER: "", beside(OTHER, REWOUND): "3-5"}


@pytest.mark.parametrize("text", ["999 1", "999 3", "999 4", "3 2", "2 3", "1 99"])
def test_latest_that_never_was_is_an_error_that_says_what_to_do(
    lake: MemoryLake, text: str
) -> None:
    lake.events.metadata = lake.events.metadata.with_properties({LATEST: text})

    with pytest.raises(LedgerError, match=r"never had that snapshot.*until then"):
        table(lake.events).head()


def test_latest_whose_snapshot_was_left_and_has_expired_is_taken_for_a_rollback(
    lake: MemoryLake,
) -> None:
    first = snapshots(lake.events)[0]
    lake.events.roll_back(first)
    lake.events.compact()
    lake.events.expire_snapshots(keep=2)

    assert corrections(lake.events) == {LEDGER: "", NOTE: "1-9"}


def test_head_has_the_tables_own_properties_if_nobody_took_it_back(lake: MemoryLake) -> None:
    metadata = lake.events.metadata

    head = Head.of(metadata.properties, metadata, metadata)

    assert head.properties is metadata.properties
