import tracemalloc
from datetime import timedelta

import pytest
from headwater_writer.ledger import NOWHERE, Range, Ranges
from headwater_writer.repeats import (
    UNWRITTEN,
    WINDOW,
    RecentByShard,
    RecentEvents,
    key,
    without_repeats,
)

from headwater_writer import repeats
from unit.writer.builders import NOW, SHARD, row

SHORT = timedelta(microseconds=1)
FIRST_BATCH = Ranges((Range(1, 1),))
TWO_BATCHES = FIRST_BATCH.adding(Range(2, 2))
ONE_WRITTEN = (FIRST_BATCH, NOWHERE)


OTHER = "clicks/shardId-000000000001"


def recent(*event_ids: str) -> RecentEvents:
    events = RecentEvents()
    events.add([("shop", event_id) for event_id in event_ids], NOW)
    return events


def never() -> RecentEvents:
    pytest.fail("the table was read")


def test_tells_events_by_app_and_id() -> None:
    assert ("shop", "a") in recent("a")
    assert ("blog", "a") not in recent("a")


def test_remembers_for_the_window() -> None:
    events = recent("a")

    events.add([], NOW + WINDOW)

    assert ("shop", "a") in events


def test_forgets_after_the_window() -> None:
    events = recent("a")

    events.add([("shop", "b")], NOW + WINDOW + SHORT)

    assert ("shop", "a") not in events
    assert ("shop", "b") in events


def test_forgets_the_oldest_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repeats, "MAX_EVENTS", 2)

    events = recent("a", "b", "c")

    assert [("shop", name) in events for name in "abc"] == [False, True, True]


def test_counts_the_age_of_an_event_from_its_last_sighting() -> None:
    events = recent("a", "b")

    events.add([("shop", "a")], NOW + WINDOW)
    events.add([], NOW + WINDOW + SHORT)

    assert [("shop", name) in events for name in "ab"] == [True, False]


def test_tells_apart_what_has_the_same_characters() -> None:
    events = RecentEvents()
    events.add([("shop", "a"), ("sho", "pb")], NOW)

    assert ("sho", "pa") not in events
    assert ("shopb", "") not in events
    assert ("", "shopa") not in events


def test_takes_the_memory_that_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    # An eighth, for which a dict takes an eighth of the memory: it grows by powers of two.
    monkeypatch.setattr(repeats, "MAX_EVENTS", repeats.MAX_EVENTS // 8)
    events = RecentEvents()
    tracemalloc.start()

    for batch in range(20):
        loaded_at = NOW + timedelta(minutes=batch)
        keys = [("shop", f"{batch:08x}-7e1a-7000-8000-{each:012x}") for each in range(10_000)]
        events.add(keys, loaded_at)
    del keys
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert len(events) == 62_500
    assert taken / len(events) < 135


def test_keeps_the_first_of_the_repeats_in_a_batch() -> None:
    rows = [row(1, "a"), row(2, "b"), row(3, "a")]

    assert without_repeats(rows, RecentEvents()) == rows[:2]


def test_drops_recent_events() -> None:
    rows = [row(1, "a"), row(2, "b")]

    assert without_repeats(rows, recent("a")) == rows[1:]


def test_knows_a_new_shard_without_reading() -> None:
    assert key(row(1)) not in RecentByShard().at(SHARD, UNWRITTEN, never)


def test_reads_a_shard_that_it_did_not_write() -> None:
    memory = RecentByShard()

    assert ("shop", "a") in memory.at(SHARD, ONE_WRITTEN, lambda: recent("a"))


def test_reads_a_shard_once() -> None:
    memory = RecentByShard()
    memory.at(SHARD, ONE_WRITTEN, lambda: recent("a"))

    assert ("shop", "a") in memory.at(SHARD, ONE_WRITTEN, never)


def test_knows_what_it_committed_without_reading() -> None:
    memory = RecentByShard()
    memory.at(SHARD, UNWRITTEN, never)

    memory.committed(SHARD, UNWRITTEN, FIRST_BATCH, [row(1)])

    assert key(row(1)) in memory.at(SHARD, ONE_WRITTEN, never)


def test_reads_again_where_another_wrote() -> None:
    memory = RecentByShard()
    memory.at(SHARD, UNWRITTEN, never)
    memory.committed(SHARD, UNWRITTEN, FIRST_BATCH, [row(1)])

    by_another = memory.at(SHARD, (TWO_BATCHES, NOWHERE), lambda: recent("a"))

    assert ("shop", "a") in by_another


def test_reads_again_where_rows_came_late() -> None:
    memory = RecentByShard()
    memory.at(SHARD, ONE_WRITTEN, lambda: recent("a"))

    assert ("shop", "b") in memory.at(SHARD, (FIRST_BATCH, FIRST_BATCH), lambda: recent("b"))


def test_keeps_shards_apart() -> None:
    memory = RecentByShard()
    memory.at(SHARD, UNWRITTEN, never)
    memory.committed(SHARD, UNWRITTEN, FIRST_BATCH, [row(1)])

    assert key(row(1)) not in memory.at(OTHER, UNWRITTEN, never)


def test_forgets_the_shard_that_had_no_batch_for_longest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repeats, "MAX_EVENTS", 2)
    memory = RecentByShard()
    for shard in ("1", "2"):
        memory.at(shard, ONE_WRITTEN, lambda: recent("a"))
    memory.at("1", ONE_WRITTEN, never)

    memory.at("3", ONE_WRITTEN, lambda: recent("a"))

    assert ("shop", "a") in memory.at("1", ONE_WRITTEN, never)
    assert ("shop", "b") in memory.at("2", ONE_WRITTEN, lambda: recent("b"))


def test_reads_again_what_it_forgot_while_another_committed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(repeats, "MAX_EVENTS", 2)
    memory = RecentByShard()
    memory.at(SHARD, ONE_WRITTEN, lambda: recent("a"))
    memory.at(OTHER, UNWRITTEN, never)

    memory.committed(OTHER, UNWRITTEN, FIRST_BATCH, [row(1), row(2)])

    assert ("shop", "a") in memory.at(SHARD, ONE_WRITTEN, lambda: recent("a"))


def test_keeps_nothing_of_a_shard_that_was_not_asked_for() -> None:
    memory = RecentByShard()

    memory.committed(SHARD, UNWRITTEN, FIRST_BATCH, [row(1)])

    assert ("shop", "a") in memory.at(SHARD, ONE_WRITTEN, lambda: recent("a"))


def test_keeps_nothing_of_a_shard_that_was_asked_for_in_another_state() -> None:
    memory = RecentByShard()
    memory.at(SHARD, UNWRITTEN, never)

    memory.committed(SHARD, ONE_WRITTEN, TWO_BATCHES, [row(2)])

    assert ("shop", "a") in memory.at(SHARD, (TWO_BATCHES, NOWHERE), lambda: recent("a"))
