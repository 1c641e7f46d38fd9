import base64
import json
from collections.abc import Mapping
from typing import Any

import pytest

from headwater_writer.views.view import ViewError, columns_of, is_as_wanted, table_input

EVENTS = {"event_time": "timestamp", "click_ids": "map<string,string>", "session_number": "int"}
SQL = """-- Some events.
-- Columns: app_id string, day date,
--   pages bigint.
SELECT * FROM events
"""


def definition(sql: str, columns: Mapping[str, str]) -> dict[str, Any]:
    text = table_input("pages", sql, columns, "shop")["ViewOriginalText"]
    encoded = text.removeprefix("/* Presto View: ").removesuffix(" */")
    found: dict[str, Any] = json.loads(base64.b64decode(encoded))
    return found


def test_a_header_lists_columns_over_several_lines() -> None:
    assert columns_of(SQL, {}) == {"app_id": "string", "day": "date", "pages": "bigint"}


def test_a_header_can_name_all_columns_of_a_table_and_more() -> None:
    listed = columns_of("-- Columns: events.*, day date.\nSELECT 1", {"events": EVENTS})

    assert listed == EVENTS | {"day": "date"}


def test_sql_that_lists_no_columns_is_refused_with_a_remedy() -> None:
    with pytest.raises(ViewError, match="add `-- Columns: name type, …` to its header"):
        columns_of("SELECT 1", {})


def test_a_view_selects_its_columns_by_name() -> None:
    sql = definition(SQL, EVENTS)["originalSql"]

    assert sql.startswith('SELECT "event_time", "click_ids", "session_number" FROM (\n-- Some')
    assert sql.endswith("SELECT * FROM events\n)")


@pytest.mark.parametrize(
    ("in_glue", "in_athena"),
    [
        ("string", "varchar"),
        ("int", "integer"),
        ("bigint", "bigint"),
        ("double", "double"),
        ("float", "real"),
        ("boolean", "boolean"),
        ("timestamp", "timestamp(6)"),
        ("date", "date"),
        ("binary", "varbinary"),
        ("decimal(10,2)", "decimal(10,2)"),
        ("map<string,string>", "map(varchar,varchar)"),
        ("array<struct<at:timestamp,n:int>>", "array(row(at timestamp(6),n integer))"),
    ],
)
def test_a_type_has_glues_name_outside_and_athenas_inside(in_glue: str, in_athena: str) -> None:
    made = table_input("pages", SQL, {"it": in_glue}, "shop")

    assert made["StorageDescriptor"]["Columns"] == [{"Name": "it", "Type": in_glue}]
    assert definition(SQL, {"it": in_glue})["columns"] == [{"name": "it", "type": in_athena}]


def test_a_view_is_wanted_anew_when_its_sql_or_its_columns_change() -> None:
    held = table_input("pages", SQL, EVENTS, "shop")

    assert is_as_wanted(held | {"CreatedBy": "somebody"}, held)
    assert not is_as_wanted(held, table_input("pages", SQL, EVENTS | {"more": "int"}, "shop"))
    assert not is_as_wanted(held, table_input("pages", "SELECT 1", EVENTS, "shop"))
