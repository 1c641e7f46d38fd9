from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwater_sinks.history.keys import (
    MAX_KEY_BYTES,
    first_sort_key,
    milliseconds,
    partition_key,
    partition_keys,
    sort_key,
    write_shard,
)

NOON = datetime(2026, 1, 31, 12, 0, 0, 123456, tzinfo=UTC)
times = st.datetimes(timezones=st.just(UTC))


def test_a_path_is_its_own_key() -> None:
    assert partition_key("/a") == "/a"


@pytest.mark.parametrize(
    "path", ["/" + "a" * 2048, "/" + "\u00e9" * 1024, "/" + "\U0001f600" * 700]
)
def test_a_path_over_the_limit_is_hashed(path: str) -> None:
    key = partition_key(path)

    assert key.startswith("sha256:")
    assert key != partition_key(path + "b")


@given(st.text(min_size=1), st.integers(0, 99))
def test_every_key_is_within_the_limit(path: str, shard: int) -> None:
    assert 1 <= len(partition_key(path * 99, shard).encode()) <= MAX_KEY_BYTES


def test_the_first_write_shard_is_where_a_page_was_before() -> None:
    assert list(partition_keys("/a", 3)) == ["/a", "/a\n1", "/a\n2"]


def test_events_are_spread_over_all_write_shards() -> None:
    assert {write_shard(f"m-{number}", 4) for number in range(99)} == {0, 1, 2, 3}


def test_the_sort_key_is_the_time_in_milliseconds() -> None:
    key = sort_key(NOON, "m-1")

    assert milliseconds(key) == 1769860800123
    assert str(key).startswith("1769860800123.456")


@given(times, st.text(min_size=1))
def test_the_sort_key_has_no_more_digits_than_dynamodb_keeps(time: datetime, event_id: str) -> None:
    key = sort_key(time, event_id)

    assert len(key.as_tuple().digits) <= 38
    assert first_sort_key(time) <= key < first_sort_key(time) + Decimal("0.001")


@given(times, times)
def test_sort_keys_are_in_the_order_of_time(one: datetime, other: datetime) -> None:
    if abs(one - other) >= timedelta(microseconds=1):
        assert (sort_key(one, "b") < sort_key(other, "a")) == (one < other)


def test_the_same_event_has_the_same_key_and_another_has_another() -> None:
    assert sort_key(NOON, "m-1") == sort_key(NOON, "m-1") != sort_key(NOON, "m-2")
