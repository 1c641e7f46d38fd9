import tracemalloc
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from headwater_contract.ranges import NOWHERE, Range, Ranges
from headwater_contract.tables import EVENTS, IDENTIFIES
from headwater_writer.publish import repeats
from headwater_writer.publish.repeats import (
    DIGEST_BYTES,
    UNWRITTEN,
    WINDOW,
    Digest,
    RecentByShard,
    RecentEvents,
    digest,
    without_repeats,
)
from unit.writer.builders import NOW, SHARD, row

SHORT = timedelta(microseconds=1)
FIRST_BATCH = Ranges((Range(1, 1),))
TWO_BATCHES = FIRST_BATCH.adding(Range(2, 2))
ONE_WRITTEN = (FIRST_BATCH, NOWHERE, NOWHERE)


OTHER = "clicks/shardId-000000000001"

A, B, C = (digest(EVENTS, row(1, name)) for name in "abc")

names = st.text(alphabet="a1:-", max_size=3)
values = st.none() | names


def recent(*events: Digest) -> RecentEvents:
    known = RecentEvents()
    known.add(events, NOW)
    return known


def never() -> RecentEvents:
    pytest.fail("the table was read")


def test_digest_is_the_same_wherever_and_whenever_an_event_comes() -> None:
    again = row(9, "a", NOW + timedelta(hours=1)) | {"ingest_shard": OTHER, "ingest_index": 3}

    assert digest(EVENTS, again) == A


@pytest.mark.parametrize("column", EVENTS.identity)
def test_digest_tells_apart_messages_that_differ(column: str) -> None:
    assert digest(EVENTS, row(1, "a") | {column: "other"}) != A


def test_digest_passes_over_what_does_not_make_an_event() -> None:
    assert digest(EVENTS, row(1, "a") | {"context": "{}"}) == A


def test_digest_knows_an_identify_by_the_ids_that_it_joins() -> None:
    alias = row(1) | {"prev_user_id": "a", "new_user_id": "u", "traits": None}

    assert digest(IDENTIFIES, alias) != digest(IDENTIFIES, alias | {"prev_user_id": "b"})
    assert digest(IDENTIFIES, alias) != digest(IDENTIFIES, alias | {"new_user_id": "v"})


@given(st.tuples(values, values, values), st.tuples(values, values, values))
def test_digest_tells_apart_what_has_the_same_characters(
    one: tuple[str | None, ...], other: tuple[str | None, ...]
) -> None:
    assume(one != other)
    table = replace(EVENTS, identity=("0", "1", "2"))

    first, second = ({str(at): each for at, each in enumerate(row)} for row in (one, other))

    assert digest(table, first) != digest(table, second)


def test_recent_events_are_remembered_for_the_window() -> None:
    events = recent(A)

    events.add([], NOW + WINDOW)

    assert A in events


def test_recent_events_are_forgotten_after_the_window() -> None:
    events = recent(A)

    events.add([B], NOW + WINDOW + SHORT)

    assert A not in events
    assert B in events


def test_recent_events_lose_the_oldest_when_there_are_too_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(repeats, "MAX_EVENTS", 2)

    events = recent(A, B, C)

    assert [each in events for each in (A, B, C)] == [False, True, True]


def test_recent_events_count_their_age_from_the_last_sighting() -> None:
    events = recent(A, B)

    events.add([A], NOW + WINDOW)
    events.add([], NOW + WINDOW + SHORT)

    assert [each in events for each in (A, B)] == [True, False]


def test_recent_events_take_the_memory_that_is_promised(monkeypatch: pytest.MonkeyPatch) -> None:
    # An eighth, for which a dict takes an eighth of the memory: it grows by powers of two.
    monkeypatch.setattr(repeats, "MAX_EVENTS", repeats.MAX_EVENTS // 8)
    events = RecentEvents()
    tracemalloc.start()

    for batch in range(20):
        loaded_at = NOW + timedelta(minutes=batch)
        first = batch * 10_000
        many = [each.to_bytes(DIGEST_BYTES) for each in range(first, first + 10_000)]
        events.add(many, loaded_at)
    del many
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert len(events) == 62_500
    assert taken / len(events) < 135


def test_batch_keeps_the_first_of_its_repeats() -> None:
    rows = [row(1, "a"), row(2, "b"), row(3, "a")]

    assert without_repeats(EVENTS, rows, RecentEvents()) == {A: rows[0], B: rows[1]}


def test_batch_loses_recent_events() -> None:
    rows = [row(1, "a"), row(2, "b")]

    assert without_repeats(EVENTS, rows, recent(A)) == {B: rows[1]}


def test_memory_knows_a_new_shard_without_reading() -> None:
    assert A not in RecentByShard().at(SHARD, UNWRITTEN, never)


def test_memory_reads_a_shard_that_it_did_not_write() -> None:
    memory = RecentByShard()

    assert A in memory.at(SHARD, ONE_WRITTEN, lambda: recent(A))


def test_memory_reads_a_shard_once() -> None:
    memory = RecentByShard()
    memory.at(SHARD, ONE_WRITTEN, lambda: recent(A))

    assert A in memory.at(SHARD, ONE_WRITTEN, never)


def test_memory_knows_what_it_committed_without_reading() -> None:
    memory = RecentByShard()
    memory.at(SHARD, UNWRITTEN, never)

    memory.committed(SHARD, UNWRITTEN, FIRST_BATCH, [A], NOW)

    assert A in memory.at(SHARD, ONE_WRITTEN, never)


def test_memory_reads_again_if_another_wrote() -> None:
    memory = RecentByShard()
    memory.at(SHARD, UNWRITTEN, never)
    memory.committed(SHARD, UNWRITTEN, FIRST_BATCH, [A], NOW)

    by_another = memory.at(SHARD, (TWO_BATCHES, NOWHERE, NOWHERE), lambda: recent(A))

    assert A in by_another


def test_memory_reads_again_if_rows_came_late() -> None:
    memory = RecentByShard()
    memory.at(SHARD, ONE_WRITTEN, lambda: recent(A))

    assert B in memory.at(SHARD, (FIRST_BATCH, FIRST_BATCH, NOWHERE), lambda: recent(B))


def test_memory_keeps_shards_apart() -> None:
    memory = RecentByShard()
    memory.at(SHARD, UNWRITTEN, never)
    memory.committed(SHARD, UNWRITTEN, FIRST_BATCH, [A], NOW)

    assert A not in memory.at(OTHER, UNWRITTEN, never)


def test_memory_loses_the_shard_that_had_no_batch_for_longest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(repeats, "MAX_EVENTS", 2)
    memory = RecentByShard()
    for shard in ("1", "2"):
        memory.at(shard, ONE_WRITTEN, lambda: recent(A))
    memory.at("1", ONE_WRITTEN, never)

    memory.at("3", ONE_WRITTEN, lambda: recent(A))

    assert A in memory.at("1", ONE_WRITTEN, never)
    assert B in memory.at("2", ONE_WRITTEN, lambda: recent(B))


def test_memory_reads_again_what_it_lost_while_another_committed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(repeats, "MAX_EVENTS", 2)
    memory = RecentByShard()
    memory.at(SHARD, ONE_WRITTEN, lambda: recent(A))
    memory.at(OTHER, UNWRITTEN, never)

    memory.committed(OTHER, UNWRITTEN, FIRST_BATCH, [A, B], NOW)

    assert A in memory.at(SHARD, ONE_WRITTEN, lambda: recent(A))


def test_memory_keeps_nothing_of_a_shard_that_was_not_asked_for() -> None:
    memory = RecentByShard()

    memory.committed(SHARD, UNWRITTEN, FIRST_BATCH, [A], NOW)

    assert A in memory.at(SHARD, ONE_WRITTEN, lambda: recent(A))


def test_memory_keeps_nothing_of_a_shard_that_was_asked_for_in_another_state() -> None:
    memory = RecentByShard()
    memory.at(SHARD, UNWRITTEN, never)

    memory.committed(SHARD, ONE_WRITTEN, TWO_BATCHES, [B], NOW)

    assert A in memory.at(SHARD, (TWO_BATCHES, NOWHERE, NOWHERE), lambda: recent(A))
