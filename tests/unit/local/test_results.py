import io
import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest

from headwater_local.results import Format, render
from headwater_reports.results import Result, plain

MOMENT = datetime(2026, 1, 2, 3, 4, 5, 6)  # noqa: DTZ001 -- as DuckDB gives a timestamp


def _printed(result: Result, chosen: Format) -> str:
    out = io.StringIO()
    render(result, chosen, out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (MOMENT, "2026-01-02T03:04:05.000006Z"),
        (datetime(2026, 1, 2, tzinfo=timezone(timedelta(hours=2))), "2026-01-01T22:00:00Z"),
        (datetime(2026, 1, 2, tzinfo=UTC), "2026-01-02T00:00:00Z"),
        (date(2026, 1, 2), "2026-01-02"),
        (b"\xff\x00", "/wA="),
        ('{"type":"n\u00f6"}'.encode(), '{"type":"n\u00f6"}'),
        (float("nan"), None),
        (float("inf"), None),
        (2**100, 2**100),
        ({"a": [MOMENT]}, {"a": ["2026-01-02T03:04:05.000006Z"]}),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (None, None),
        (True, True),
    ],
)
def test_every_value_has_a_place_in_json(value: object, expected: object) -> None:
    assert plain(value) == expected
    assert json.loads(json.dumps(plain(value))) == expected


def test_json_is_one_array_of_objects() -> None:
    result = Result(["a", "b"], [(1, "ü"), (2, None)])

    assert json.loads(_printed(result, Format.JSON)) == [{"a": 1, "b": "ü"}, {"a": 2, "b": None}]


def test_json_of_no_rows_is_an_empty_array() -> None:
    assert json.loads(_printed(Result(["a"], []), Format.JSON)) == []


def test_json_keeps_every_digit_and_every_column() -> None:
    result = Result(["a", "a"], [(Decimal("0.10"), Decimal("12345678901234567890.123"))])

    printed = _printed(result, Format.JSON)

    assert '"a": 0.10,' in printed
    assert '"a_2": 12345678901234567890.123' in printed


def test_csv_has_a_header_and_quotes_what_needs_it() -> None:
    result = Result(["a", "b"], [("x,y", None), ("z", {"k": 1}), ("", Decimal("0.10"))])

    assert _printed(result, Format.CSV) == 'a,b\n"x,y",\nz,"{""k"":1}"\n"",0.10\n'


def test_a_narrow_result_is_a_table() -> None:
    printed = _printed(Result(["name", "count"], [("page_view", 3)]), Format.TABLE)

    assert printed.split() == ["name", "count", "─" * 17, "page_view", "3", "1", "row"]


def test_null_empty_and_zero_are_told_apart() -> None:
    printed = _printed(Result(["a", "b", "c", "d"], [(None, "", 0, float("nan"))]), Format.TABLE)

    assert printed.splitlines()[3].split() == ["NULL", '""', "0", "nan"]


def test_numbers_are_aligned_at_the_right() -> None:
    rows = [("x", 7, Decimal("0.10")), ("y", 1000, Decimal("12.00"))]

    lines = _printed(Result(["a", "number", "price"], rows), Format.TABLE).splitlines()

    assert [line.rstrip() for line in lines[3:5]] == [
        " x        7    0.10",
        " y     1000   12.00",
    ]


def test_a_wide_result_is_a_record_a_row_without_its_nulls() -> None:
    columns = [f"column_{number}" for number in range(40)]
    row = ("first", "", *[None] * 37, "[bold]last")

    printed = _printed(Result(columns, [row, row]), Format.TABLE)

    assert printed.count("column_0   first") == 2
    assert printed.count('column_1   ""') == 2
    assert printed.count("column_39  [bold]last") == 2
    assert "column_7" not in printed
    assert "fields that are NULL are left out" in printed


def test_a_long_cell_makes_records_and_breaks_nowhere() -> None:
    printed = _printed(Result(["a", "b"], [(MOMENT, "x" * 300)]), Format.TABLE)

    assert "a  2026-01-02T03:04:05.000006Z\n" in printed
    assert f"b  {'x' * 300}\n" in printed


def test_json_in_a_record_has_a_line_a_member() -> None:
    document = json.dumps({"key": "v" * 150, "other": [1]})

    printed = _printed(Result(["p"], [(document,)]), Format.TABLE)

    assert f'p  {{\n     "key": "{"v" * 150}",\n     "other": [' in printed


def test_rows_that_are_cut_are_said_to_be() -> None:
    printed = _printed(Result(["a"], [(1,)] * 1000, is_cut=True), Format.TABLE)

    assert "the first 1,000 rows: --limit 0 prints all" in printed


def test_a_table_of_no_rows_shows_its_columns() -> None:
    printed = _printed(Result([f"column_{n}" for n in range(40)], []), Format.TABLE)

    assert "column_39" in printed
    assert "0 rows" in printed
