"""Properties edited by hand: an error that says what to do, and nothing written on a guess."""

from collections.abc import Callable, Mapping

import pytest

from headwater_contract.tables import EVENTS, FAILED_RECORDS, IDENTIFIES
from headwater_writer.publish.fence import Change
from headwater_writer.publish.ledger import (
    LATE,
    LATEST,
    PENDING,
    REWOUND,
    LedgerError,
    beside,
    property_name,
)
from headwater_writer.publish.memory_table import MemoryStore, Metadata
from unit.writer.builders import GROUP, SHARD, Once, batch, sequences, state, table
from unit.writer.publish.places import GOOD, JOINED, LOOSE, OTHER, PAID, STRICT, Way, World

STREAM = {1: [GOOD], 2: [JOINED], 3: [PAID], 4: [OTHER]}
LEDGER = property_name(GROUP, SHARD)
LISTS = (LEDGER, *(beside(LEDGER, prefix) for prefix in (LATE, REWOUND, PENDING)))
NAMES = (*LISTS, LATEST)
TABLES = (EVENTS.name, IDENTIFIES.name, FAILED_RECORDS.name)
OTHER_SHARD = "clicks/shardId-000000000001"

Kept = Mapping[str, Metadata]


def begun() -> World:
    """Return a world with a row in each table, and a stream that goes on."""
    world = World(STREAM)
    world.give(STRICT, 1, 3)
    return world


def edit(store: MemoryStore, name: str, text: str) -> Metadata:
    """Set a property by hand and return what the table was before."""
    before = store.metadata
    store.metadata = before.with_properties({name: text})
    return before


def contents(world: World) -> Kept:
    return {name: store.metadata for name, store in world.lake.stores.items()}


def write(world: World) -> None:
    world.give(STRICT)


def write_late(world: World) -> None:
    world.give(STRICT, way="late")


def replay(world: World) -> None:
    world.replay(LOOSE)


@pytest.mark.parametrize("text", ["nonsense", "1-", "1-2,", "-", "{}", "1-3;4-4", "4-1", " ", "1"])
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("do", [write, write_late, replay])
def test_events_with_a_property_that_is_nonsense_are_left_as_they_are(
    do: Callable[[World], object], name: str, text: str
) -> None:
    world = begun()
    before = edit(world.lake.events, name, text)
    kept = contents(world)

    with pytest.raises(LedgerError, match="nothing is written until then") as raised:
        do(world)

    assert f"property {name}" in str(raised.value)
    assert contents(world)[EVENTS.name] == kept[EVENTS.name]
    assert contents(world)[FAILED_RECORDS.name] == kept[FAILED_RECORDS.name]
    world.lake.events.metadata = before
    world.settle(STRICT)
    assert world.wrong == []


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("of_table", TABLES)
def test_batch_is_written_once_when_the_property_is_put_right(of_table: str, name: str) -> None:
    world = begun()
    store = world.lake.stores[of_table]
    right = edit(store, name, "nonsense").properties.get(name)

    with pytest.raises(LedgerError, match=f"property {name}"):
        world.settle(STRICT)
    store.metadata = store.metadata.with_properties({name: right or ""})
    if right is None:
        store.metadata = _without(store.metadata, name)
    world.settle(STRICT)

    assert world.wrong == []
    assert sequences(world.lake.events) == [1, 2, 4]


def _without(metadata: Metadata, name: str) -> Metadata:
    kept = {each: text for each, text in metadata.properties.items() if each != name}
    return Metadata(metadata.snapshots, metadata.newest, kept, metadata.sequence_number)


def test_property_of_another_shard_that_is_nonsense_hinders_nobody_else() -> None:
    world = begun()
    edit(world.lake.events, property_name(GROUP, OTHER_SHARD), "nonsense")

    world.give(STRICT)

    assert sequences(world.lake.events) == [1, 2, 4]


@pytest.mark.parametrize("cut", range(1, len("1-1,2-4")))
def test_ledger_that_is_cut_short_anywhere_is_an_error(cut: int) -> None:
    world = World(STREAM)
    world.give(LOOSE, 1, 1)
    world.give(LOOSE, 2, 4)
    text = world.lake.events.metadata.properties[LEDGER]
    assert text == "1-1,2-4"
    before = edit(world.lake.events, LEDGER, text[:cut])
    kept = contents(world)

    with pytest.raises(LedgerError, match="nothing is written until then"):
        world.give(LOOSE)

    assert contents(world) == kept
    world.lake.events.metadata = before
    world.settle(LOOSE)
    assert world.wrong == []


def test_ledger_that_lacks_a_claim_behind_its_own_newest_commit_is_an_error_on_a_race() -> None:
    """It is cut short while the writer is about to commit."""
    world = begun()

    def cut() -> None:
        edit(world.lake.events, LEDGER, "1-2")

    with pytest.raises(LedgerError, match="lacks 1-3"):
        world.give(STRICT, 4, 4, watch=Once("swap", "before", cut))

    assert sequences(world.lake.events) == [1, 2]


def forge(store: MemoryStore, summary: Mapping[str, str]) -> int:
    """Let another tool append nothing, with a summary of its choice."""
    other = table(store)
    before = store.metadata.properties
    number = other.commit(None, other.head(), Change(summary, {}))
    store.metadata = Metadata(
        store.metadata.snapshots, number, before, store.metadata.sequence_number
    )
    return number


@pytest.mark.parametrize("claim", ["nonsense", "1-", "", "5-4"])
@pytest.mark.parametrize("way", ["in order", "late"])
def test_summary_that_nobody_can_read_only_has_the_batch_decided_again(
    claim: str, way: Way
) -> None:
    world = begun()

    def forge_beside() -> None:
        forge(world.lake.events, {LEDGER: claim, beside(LEDGER, LATE): claim})

    world.give(STRICT, way=way, watch=Once("swap", "before", forge_beside))
    world.settle(STRICT)

    assert world.wrong == []


def test_summary_that_claims_what_no_list_has_is_an_error_that_says_what_to_do() -> None:
    world = begun()
    there = world.lake.events.metadata.newest
    assert there is not None
    forge(world.lake.events, {LEDGER: "4-4"})
    kept = contents(world)

    with pytest.raises(LedgerError, match=r"rewind the table to before it"):
        world.give(STRICT)

    assert contents(world) == kept
    world.rewind(EVENTS.name, there, foreign=True)
    world.settle(STRICT)
    assert world.wrong == []


def test_rewind_past_a_summary_that_nobody_can_read_asks_for_every_row_of_the_shard() -> None:
    world = begun()
    first = min(world.lake.events.metadata.snapshots)
    forge(world.lake.events, {LEDGER: "nonsense"})
    world.give(STRICT, 4, 4)

    world.rewind(EVENTS.name, first)

    assert str(state(world.lake.events).claimed) == ""
    assert str(state(world.lake.events).rewound) == "1-4"
    world.settle(STRICT)
    assert world.wrong == []


@pytest.mark.parametrize("text", ["999 1", "999 2", "999 3", "1 2", "2 1"])
def test_latest_that_never_was_is_an_error_and_nothing_is_written(text: str) -> None:
    world = begun()
    world.give(STRICT, 4, 4)
    before = edit(world.lake.events, LATEST, text)
    kept = contents(world)

    with pytest.raises(LedgerError, match=r"never had that snapshot.*nothing is written"):
        world.give(STRICT)

    assert contents(world) == kept
    world.lake.events.metadata = before
    world.settle(STRICT)
    assert world.wrong == []


def test_latest_of_an_earlier_metadata_file_will_do() -> None:
    world = begun()
    earlier = world.lake.events.metadata.properties[LATEST]
    world.give(STRICT, 4, 4)
    edit(world.lake.events, LATEST, earlier)

    world.lake.publisher().write(batch(5, 6))

    assert sequences(world.lake.events) == [1, 2, 4, 5, 6]
    assert state(world.lake.events).rewound.ranges == ()
