from datetime import timedelta

import pytest

from headwater_writer import repeats
from headwater_writer.ledger import NOWHERE, Range, Ranges
from headwater_writer.repeats import (
    UNWRITTEN,
    WINDOW,
    RecentByShard,
    RecentEvents,
    key,
    without_repeats,
)
from unit.writer.builders import NOW, SHARD, row

SHORT = timedelta(microseconds=1)
FIRST_BATCH = Ranges((Range(1, 1),))
TWO_BATCHES = FIRST_BATCH.adding(Range(2, 2))
ONE_WRITTEN = (FIRST_BATCH, NOWHERE)


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

    assert key(row(1)) not in memory.at("clicks/shardId-000000000001", UNWRITTEN, never)


def test_keeps_nothing_of_a_shard_that_was_not_asked_for() -> None:
    memory = RecentByShard()

    memory.committed(SHARD, UNWRITTEN, FIRST_BATCH, [row(1)])

    assert ("shop", "a") in memory.at(SHARD, ONE_WRITTEN, lambda: recent("a"))


def test_keeps_nothing_of_a_shard_that_was_asked_for_in_another_state() -> None:
    memory = RecentByShard()
    memory.at(SHARD, UNWRITTEN, never)

    memory.committed(SHARD, ONE_WRITTEN, TWO_BATCHES, [row(2)])

    assert ("shop", "a") in memory.at(SHARD, (TWO_BATCHES, NOWHERE), lambda: recent("a"))
