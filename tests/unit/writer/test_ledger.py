from itertools import pairwise

import pytest
from headwater_writer.ledger import MAX_RANGES, Range, Ranges, property_name
from hypothesis import given
from hypothesis import strategies as st

LARGEST_SEQUENCE = 2**186
"""Kinesis gives numbers of 56 decimal digits."""

ranges = st.builds(
    lambda first, length: Range(first, first + length), st.integers(0, 60), st.integers(0, 8)
)
few_ranges = st.lists(ranges, max_size=MAX_RANGES)
NAME = property_name("writer", "clicks/shardId-000000000000")


def adding(*added: Range) -> Ranges:
    result = Ranges()
    for span in added:
        result = result.adding(span)
    return result


def numbers(*spans: Range) -> set[int]:
    return {number for span in spans for number in range(span.first, span.last + 1)}


@given(few_ranges)
def test_holds_what_was_added_and_nothing_else(added: list[Range]) -> None:
    held = adding(*added)

    assert {number for number in range(80) if held.covers(number)} == numbers(*added)


@given(few_ranges)
def test_keeps_its_ranges_apart_and_in_order(added: list[Range]) -> None:
    held = adding(*added).ranges

    assert all(earlier.last < later.first for earlier, later in pairwise(held))


@given(few_ranges)
def test_comes_out_the_same_in_any_order(added: list[Range]) -> None:
    assert adding(*added) == adding(*reversed(added))


@given(few_ranges, ranges)
def test_touches_what_has_a_number_in_common(added: list[Range], other: Range) -> None:
    assert adding(*added).touches(other) == bool(numbers(*added) & numbers(other))


@given(few_ranges, few_ranges)
def test_joins_all_of_two(some: list[Range], others: list[Range]) -> None:
    joined = adding(*some).joined(adding(*others))

    assert {number for number in range(80) if joined.covers(number)} == numbers(*some, *others)


@given(few_ranges)
def test_reads_what_it_writes(added: list[Range]) -> None:
    held = adding(*added)

    assert Ranges.parse(str(held)) == held


def test_carries_the_longest_sequence_numbers() -> None:
    held = adding(Range(LARGEST_SEQUENCE - 1, LARGEST_SEQUENCE))

    assert Ranges.parse(str(held)).covers(LARGEST_SEQUENCE)
    assert not held.covers(LARGEST_SEQUENCE + 1)


def test_is_empty_where_nothing_was_written() -> None:
    assert Ranges.parse("") == Ranges()
    assert str(Ranges()) == ""


@pytest.mark.parametrize("text", ["1", "a-b", "3-2", "-1-2", "1-2;3-4", "1-2-3"])
def test_refuses_a_text_that_it_did_not_write(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Ranges.parse(text)


@pytest.mark.parametrize(("first", "last"), [(2, 1), (-1, 1)])
def test_refuses_a_range_that_is_none(first: int, last: int) -> None:
    with pytest.raises(ValueError, match="no range of sequence numbers"):
        Range(first, last)


def test_closes_the_oldest_gap_when_there_are_too_many() -> None:
    spans = [Range(10 * number, 10 * number) for number in range(MAX_RANGES + 1)]

    held = adding(*spans)

    assert held.ranges == (Range(0, 10), *spans[2:])


def test_keeps_the_newest_ranges_apart_however_many_come() -> None:
    spans = [Range(10 * number, 10 * number) for number in range(5 * MAX_RANGES)]

    held = adding(*spans)

    assert len(held.ranges) == MAX_RANGES
    assert held.ranges[1:] == tuple(spans[-MAX_RANGES + 1 :])


@given(st.lists(ranges, max_size=4 * MAX_RANGES))
def test_never_forgets_a_number(added: list[Range]) -> None:
    held = adding(*added)

    assert all(held.covers(number) for number in numbers(*added))


def test_names_group_and_shard_in_the_property() -> None:
    assert NAME == "headwater.ledger.writer/clicks/shardId-000000000000"
