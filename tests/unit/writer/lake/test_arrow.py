from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pyarrow as pa
import pytest

from headwater_contract.columns import Column, ColumnType, Table
from headwater_contract.tables import EVENTS, FAILED_RECORDS, TABLES
from headwater_writer.lake.arrow import SLICE, schema, to_arrow
from headwater_writer.rows.rows import Row, Rules
from headwater_writer.writer import rows_of
from unit.writer.builders import NOW, entry, record

every_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)


def empty(table: Table) -> Row:
    return dict.fromkeys(column.name for column in table.columns)


@every_table
def test_has_the_columns_of_the_contract_in_order(table: Table) -> None:
    assert schema(table).names == [column.name for column in table.columns]


@every_table
def test_holds_a_row_of_nothing(table: Table) -> None:
    assert to_arrow(table, [empty(table)]).to_pylist() == [empty(table)]


@every_table
def test_holds_no_rows(table: Table) -> None:
    assert to_arrow(table, []).schema == schema(table)


def test_holds_the_rows_of_a_record() -> None:
    page = {"url": "https://shop.example/?gclid=1"}
    rows = rows_of([record(7, entry(context={"page": page}))], Rules(), NOW)["events"]

    [held] = to_arrow(EVENTS, rows).to_pylist()

    assert held["click_ids"] == [("gclid", "1")]
    assert held["load_time"] == NOW.replace(tzinfo=None)
    assert (held["is_bot"], held["ingest_index"]) == (rows[0]["is_bot"], 0)


def test_holds_times_in_utc_to_the_microsecond() -> None:
    east = timezone(timedelta(hours=5, minutes=30))
    time = datetime(2026, 1, 31, 19, 7, 5, 123_456, tzinfo=east)

    [held] = to_arrow(EVENTS, [empty(EVENTS) | {"event_time": time}]).to_pylist()

    assert held["event_time"] == datetime(2026, 1, 31, 13, 37, 5, 123_456)  # noqa: DTZ001


@pytest.mark.parametrize("year", [1, 9999])
def test_holds_the_ends_of_the_calendar(year: int) -> None:
    time = datetime(year, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)

    [held] = to_arrow(EVENTS, [empty(EVENTS) | {"client_event_time": time}]).to_pylist()

    assert held["client_event_time"] == time.replace(tzinfo=None)


def test_holds_any_bytes_and_any_text() -> None:
    row = empty(FAILED_RECORDS) | {"raw": bytes(range(256)) * 4096, "reason": "\x00 é \U0001f600"}

    assert to_arrow(FAILED_RECORDS, [row]).to_pylist() == [row]


def test_refuses_a_row_that_lacks_a_column() -> None:
    with pytest.raises(KeyError):
        to_arrow(FAILED_RECORDS, [{}])


def test_refuses_a_number_that_no_column_holds() -> None:
    with pytest.raises(pa.ArrowInvalid):
        to_arrow(EVENTS, [empty(EVENTS) | {"ingest_index": 2**31}])


def test_takes_rows_whose_columns_come_in_any_order() -> None:
    rows = [empty(FAILED_RECORDS) | {"stage": stage, "ingest_index": 7} for stage in "abc"]
    mixed = [rows[0], dict(reversed(rows[1].items())), dict(sorted(rows[2].items()))]

    assert to_arrow(FAILED_RECORDS, mixed).to_pylist() == rows


@pytest.mark.parametrize("count", [SLICE - 1, SLICE, SLICE + 1, 2 * SLICE + 1])
def test_holds_more_rows_than_become_columns_at_a_time(count: int) -> None:
    rows = [
        empty(FAILED_RECORDS) | {"failed_at": NOW - timedelta(seconds=n), "ingest_index": n}
        for n in range(count)
    ]

    held = to_arrow(FAILED_RECORDS, rows)["ingest_index"].to_pylist()

    assert held == list(range(count))[::-1]


def test_takes_a_promoted_column_that_a_row_lacks_for_null() -> None:
    promoted = Column("prop_total", ColumnType.DOUBLE, "", "", promoted=True)
    table = replace(EVENTS, columns=(*EVENTS.columns, promoted))

    held = to_arrow(table, [empty(EVENTS) | {"prop_total": 1.5}, empty(EVENTS)])

    assert held["prop_total"].to_pylist() == [1.5, None]
