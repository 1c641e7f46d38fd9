"""A shard's spans, read one after the other until one has records."""

from collections.abc import Sequence

from headwater_writer.cluster.plan import Span
from headwater_writer.cluster.reading import Reading
from unit.writer.builders import SHARD, record
from unit.writer.cluster.streams import MemorySource


def reading(*spans: Span, numbers: Sequence[int], is_closed: bool = False) -> Reading:
    closed = frozenset({SHARD}) if is_closed else frozenset()
    source = MemorySource({SHARD: [record(number) for number in numbers]}, closed=closed)
    return Reading(source, SHARD, spans)


def sequences(found: Reading) -> list[int]:
    return [int(each.sequence) for each in found]


def test_reads_a_whole_shard_to_its_tip() -> None:
    assert sequences(reading(Span(None, None), numbers=range(1, 8))) == [*range(1, 8)]


def test_reads_what_is_between_two_numbers() -> None:
    assert sequences(reading(Span(3, 6), numbers=range(1, 8))) == [4, 5]


def test_begins_at_a_record_if_the_number_before_it_may_be_none() -> None:
    assert sequences(reading(Span(3, None, 4), numbers=[4, 5])) == [4, 5]


def test_goes_on_behind_empty_spans_and_says_which_they_were() -> None:
    found = reading(Span(None, 1), Span(3, 4), Span(5, None), numbers=range(1, 8))

    assert sequences(found) == [6, 7]
    assert found.empty == [Span(None, 1), Span(3, 4)]


def test_ends_with_the_first_span_that_has_records() -> None:
    found = reading(Span(None, 3), Span(5, None), numbers=range(1, 8))

    assert sequences(found) == [1, 2]
    assert found.empty == []


def test_a_tip_is_not_known_to_be_empty() -> None:
    found = reading(Span(7, None), numbers=range(1, 8))

    assert sequences(found) == []
    assert found.empty == []
    assert not found.is_end


def test_knows_the_end_of_a_closed_shard() -> None:
    found = reading(Span(4, None), numbers=range(1, 8), is_closed=True)
    assert not found.is_end

    assert sequences(found) == [5, 6, 7]
    assert found.is_end


def test_the_end_of_a_gap_is_not_that_of_its_shard() -> None:
    found = reading(Span(4, 7), Span(9, None), numbers=range(1, 8), is_closed=True)

    assert sequences(found) == [5, 6]
    assert not found.is_end


def test_whoever_stops_early_has_not_come_to_the_end() -> None:
    found = reading(Span(None, None), numbers=range(1, 8), is_closed=True)

    assert next(iter(found)).sequence == "1"
    assert not found.is_end


def near_tip(*spans: Span) -> Reading:
    source = MemorySource({SHARD: [record(number) for number in range(1, 8)]}, millis_behind=500)
    return Reading(source, SHARD, spans)


def test_near_the_tip_is_far_enough_where_more_comes_steadily() -> None:
    assert sequences(near_tip(Span(None, None))) == [1, 2]


def test_a_gap_near_the_tip_is_read_to_its_end() -> None:
    assert sequences(near_tip(Span(None, 6))) == [1, 2, 3, 4, 5]
