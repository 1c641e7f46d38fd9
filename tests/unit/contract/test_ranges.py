from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwater_contract.ranges import MAX_RANGES, Range, Ranges

LARGEST_SEQUENCE = 2**186
"""Kinesis gives numbers of 56 decimal digits."""

ranges = st.builds(
    lambda first, length: Range(first, first + length), st.integers(0, 60), st.integers(0, 8)
)
few_ranges = st.lists(ranges, max_size=MAX_RANGES)


def adding(*added: Range) -> Ranges:
    result = Ranges()
    for span in added:
        result = result.adding(span)
    return result


def numbers(*spans: Range) -> set[int]:
    return {number for span in spans for number in range(span.first, span.last + 1)}


@given(few_ranges)
def test_ranges_hold_what_was_added_and_nothing_else(added: list[Range]) -> None:
    held = adding(*added)

    assert {number for number in range(80) if held.covers(number)} == numbers(*added)


@given(few_ranges)
def test_ranges_stay_apart_and_in_order(added: list[Range]) -> None:
    held = adding(*added).ranges

    assert all(earlier.last < later.first for earlier, later in pairwise(held))


@given(few_ranges)
def test_ranges_are_the_same_in_whatever_order_they_were_added(added: list[Range]) -> None:
    assert adding(*added) == adding(*reversed(added))


@given(few_ranges, ranges)
def test_ranges_touch_what_has_a_number_in_common_with_them(
    added: list[Range], other: Range
) -> None:
    assert adding(*added).touches(other) == bool(numbers(*added) & numbers(other))


@given(few_ranges, few_ranges)
def test_joined_ranges_hold_the_numbers_of_both(some: list[Range], others: list[Range]) -> None:
    joined = adding(*some).joined(adding(*others))

    assert {number for number in range(80) if joined.covers(number)} == numbers(*some, *others)


@given(few_ranges)
def test_ranges_are_read_back_from_their_text(added: list[Range]) -> None:
    held = adding(*added)

    assert Ranges.parse(str(held)) == held


def test_ranges_carry_the_longest_sequence_numbers() -> None:
    held = adding(Range(LARGEST_SEQUENCE - 1, LARGEST_SEQUENCE))

    assert Ranges.parse(str(held)).covers(LARGEST_SEQUENCE)
    assert not held.covers(LARGEST_SEQUENCE + 1)


def test_ranges_of_an_empty_text_are_none() -> None:
    assert Ranges.parse("") == Ranges()
    assert str(Ranges()) == ""


@pytest.mark.parametrize(
    "text",
    [
        "1",
        "a-b",
        "3-2",
        "-1-2",
        "1-2;3-4",
        "1-2-3",
        "1-3,",
        "1-3,,5-6",
        ",",
        "5-6,1-3",
        "1-3,2-6",
        "1-3,3-3",
        " 1-3",
        "01-3",
        "+1-3",
        "1-1_0",
        "\u0661-3",
        "1-" + 5000 * "9",
    ],
)
def test_ranges_refuse_a_text_that_they_did_not_write(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Ranges.parse(text)


@given(few_ranges.filter(len), st.data())
def test_ranges_refuse_a_text_cut_short_within_a_range(
    added: list[Range], data: st.DataObject
) -> None:
    text = str(adding(*added))
    last = text.rindex("-") + 1

    with pytest.raises(ValueError, match=r".+"):
        Ranges.parse(text[: data.draw(st.integers(text.rfind(",") + 1, last))] or ",")


@pytest.mark.parametrize(("first", "last"), [(2, 1), (-1, 1)])
def test_range_refuses_numbers_that_are_not_one(first: int, last: int) -> None:
    with pytest.raises(ValueError, match="is not a range of sequence numbers"):
        Range(first, last)


def test_ranges_close_their_oldest_gap_when_there_are_too_many() -> None:
    spans = [Range(10 * number, 10 * number) for number in range(MAX_RANGES + 1)]

    held = adding(*spans)

    assert held.ranges == (Range(0, 10), *spans[2:])


def test_ranges_keep_the_newest_apart_however_many_come() -> None:
    spans = [Range(10 * number, 10 * number) for number in range(5 * MAX_RANGES)]

    held = adding(*spans)

    assert len(held.ranges) == MAX_RANGES
    assert held.ranges[1:] == tuple(spans[-MAX_RANGES + 1 :])


@given(st.lists(ranges, max_size=4 * MAX_RANGES))
def test_ranges_never_forget_a_number(added: list[Range]) -> None:
    held = adding(*added)

    assert all(held.covers(number) for number in numbers(*added))


@given(few_ranges, ranges)
def test_ranges_without_others_hold_all_but_those(added: list[Range], other: Range) -> None:
    left = adding(*added).without(other)

    assert {number for number in range(80) if left.covers(number)} == numbers(*added) - numbers(
        other
    )


def test_ranges_without_others_stay_within_the_limit() -> None:
    full = adding(*(Range(10 * number, 10 * number + 8) for number in range(MAX_RANGES)))

    assert len(full.without(Range(14, 15)).ranges) == MAX_RANGES


@pytest.mark.parametrize(
    ("span", "within"),
    [
        (Range(5, 9), True),
        (Range(6, 7), True),
        (Range(1, 1), True),
        (Range(3, 5), False),
        (Range(4, 4), False),
        (Range(9, 10), False),
    ],
)
def test_ranges_contain_what_lies_within_one_of_them(span: Range, within: bool) -> None:
    assert Ranges.parse("1-3,5-9").contains(span) is within
