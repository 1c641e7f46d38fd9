"""What a task makes of a shard's records, and how far it says that it came."""

from collections.abc import Sequence

import pytest

from headwater_contract.kinesis_event import ReceivedRecord
from headwater_contract.ranges import Range
from headwater_contract.tables import EVENTS, FAILED_RECORDS, IDENTIFIES, TABLES
from headwater_writer.cluster.columns import END, batches, decoded, encoded, schema
from headwater_writer.cluster.plan import Span
from headwater_writer.cluster.reading import Reading
from headwater_writer.cluster.shaping import End, Limits, Portion, shaped
from unit.writer.builders import NOW, RULES, SHARD, entry, record
from unit.writer.cluster.streams import MemorySource

EVERYTHING = (Span(None, None),)
UNLIMITED = Limits()
ONE_RECORD_EACH = 1
CONTRACTS = {table.name: table for table in TABLES}


def made(
    records: Sequence[ReceivedRecord],
    limits: Limits = UNLIMITED,
    spans: Sequence[Span] = EVERYTHING,
) -> tuple[list[Portion], End]:
    reading = Reading(MemorySource({SHARD: records}), SHARD, spans)
    *portions, end = shaped(reading, RULES, NOW, limits)
    assert isinstance(end, End)
    return [each for each in portions if isinstance(each, Portion)], end


def poison(sequence: int) -> ReceivedRecord:
    return ReceivedRecord(SHARD, str(sequence), b"poison")


def test_rows_are_those_of_the_records_and_the_end_counts_them() -> None:
    records = [record(1), record(2, entry("m-2", "identify")), poison(3)]

    [portion], end = made(records)

    assert [row["event_id"] for row in portion.events.values()] == ["m-1", "m-2"]
    assert [row["event_id"] for row in portion.identifies.values()] == ["m-2"]
    assert [row["ingest_sequence"] for row in portion.failed] == ["3"]
    assert end.read == Range(1, 3)
    assert end.rows == {EVENTS.name: 2, IDENTIFIES.name: 1, FAILED_RECORDS.name: 1}


def test_a_repeat_is_dropped_across_portions() -> None:
    records = [record(number, entry("again")) for number in (1, 2, 3)]

    portions, end = made(records, Limits(ONE_RECORD_EACH))

    assert [len(each.events) for each in portions] == [1, 0, 0]
    assert end.read == Range(1, 3)
    assert end.rows[EVENTS.name] == 1


def test_stops_when_it_has_enough() -> None:
    _, end = made([record(number) for number in range(1, 9)], Limits(ONE_RECORD_EACH, chunks=3))

    assert end.read == Range(1, 3)
    assert end.rows[EVENTS.name] == 3


def test_stops_when_too_much_of_it_fails() -> None:
    records = [record(1), poison(2), poison(3)]

    _, end = made(records, Limits(ONE_RECORD_EACH, failed_bytes=1))

    assert end.read == Range(1, 2)


def test_a_task_that_is_run_again_begins_with_the_same_rows() -> None:
    records = [record(number) for number in range(1, 9)]

    first, _ = made(records[:5], Limits(ONE_RECORD_EACH))
    again, _ = made(records, Limits(ONE_RECORD_EACH))

    assert again[:5] == first


def test_a_shard_without_records_has_an_end_all_the_same() -> None:
    portions, end = made([], spans=[Span(None, 3), Span(7, None)])

    assert portions == []
    assert end == End(SHARD, None, dict.fromkeys(end.rows, 0), [Span(None, 3)], False)


@pytest.mark.parametrize("read", [None, Range(10**55, 10**56)])
def test_an_end_survives_its_way_to_the_driver(read: Range | None) -> None:
    empty = [Span(None, 10**55), Span(3, 9, 4)]
    end = End(SHARD, read, {EVENTS.name: 2}, empty, True, NOW if read else None)

    assert decoded(encoded(end)) == end


def test_each_row_is_in_the_columns_of_its_table() -> None:
    portions, end = made([record(1, entry("m-1", "identify")), poison(2)])

    found = list(batches([*portions, end], CONTRACTS))

    assert all(batch.schema == schema(CONTRACTS) for batch in found)
    filled = {
        name: sum(len(batch) - batch.column(name).null_count for batch in found)
        for name in (*CONTRACTS, END)
    }
    assert filled == {EVENTS.name: 1, IDENTIFIES.name: 1, FAILED_RECORDS.name: 1, END: 1}
