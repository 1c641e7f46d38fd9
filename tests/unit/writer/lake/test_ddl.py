"""What Iceberg makes of these is shown by `integration/writer/test_tables.py`."""

import json
from dataclasses import replace
from typing import Any

import pytest

from headwater_contract.columns import Column, ColumnType, Table
from headwater_contract.tables import EVENTS, TABLES
from headwater_writer.lake.ddl import (
    ColumnTypeError,
    missing_columns,
    partition_spec_json,
    properties,
    schema_json,
    sort_order_json,
)

every_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)


def fields(table: Table) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(schema_json(table))["fields"]
    return found


def column(table: Table, name: str) -> dict[str, Any]:
    return next(field for field in fields(table) if field["name"] == name)


@every_table
def test_numbers_columns_in_the_order_of_the_contract(table: Table) -> None:
    assert [(field["id"], field["name"]) for field in fields(table)] == [
        (number, column.name) for number, column in enumerate(table.columns, start=1)
    ]


@every_table
def test_gives_every_field_an_id_of_its_own(table: Table) -> None:
    maps = [field["type"] for field in fields(table) if isinstance(field["type"], dict)]
    ids = [field["id"] for field in fields(table)]
    ids += [entry[part] for entry in maps for part in ("key-id", "value-id")]

    assert len(set(ids)) == len(ids)


@every_table
def test_describes_every_column_and_requires_none(table: Table) -> None:
    assert all(field["doc"] and not field["required"] for field in fields(table))


def test_makes_a_map_of_texts() -> None:
    held = column(EVENTS, "headers")["type"]

    assert (held["type"], held["key"], held["value"]) == ("map", "string", "string")


@every_table
def test_partitions_by_the_day_of_the_tables_time(table: Table) -> None:
    [field] = json.loads(partition_spec_json(table))["fields"]

    assert field["transform"] == "day"
    assert field["source-id"] == column(table, table.partition_time)["id"]
    assert field["name"] not in {column.name for column in table.columns}


@every_table
def test_sorts_by_the_columns_of_the_contract(table: Table) -> None:
    order = json.loads(sort_order_json(table))["fields"]

    assert [field["source-id"] for field in order] == [
        column(table, name)["id"] for name in table.sorted_by
    ]


@every_table
def test_keeps_statistics_only_of_columns_that_queries_prune_by(table: Table) -> None:
    prefix = "write.metadata.metrics."
    metrics = {
        name.removeprefix(prefix): value
        for name, value in properties(table).items()
        if name.startswith(prefix)
    }

    assert metrics.pop("default") == "none"
    assert set(metrics) == {f"column.{name}" for name in table.pruned_by}
    assert metrics["column.ingest_sequence"] == "full"


@every_table
def test_files_hold_no_dictionary_of_what_no_two_rows_share(table: Table) -> None:
    prefix = "write.parquet.dict-encoding-enabled.column."

    assert {column(table, name)["name"] for name in table.varied} == {
        name.removeprefix(prefix)
        for name, value in properties(table).items()
        if name.startswith(prefix) and value == "false"
    }


@every_table
def test_makes_tables_that_athena_reads(table: Table) -> None:
    assert properties(table)["format-version"] == "2"


@every_table
def test_misses_no_column_of_a_table_that_has_them_all(table: Table) -> None:
    assert missing_columns(table, schema_json(table)) == []


def test_misses_the_columns_that_a_table_lacks() -> None:
    older = replace(EVENTS, columns=EVENTS.columns[:-2])

    missing = missing_columns(EVENTS, schema_json(older))

    assert missing == ["ingest_sequence", "ingest_index"]


@pytest.mark.parametrize("there", [ColumnType.LONG, ColumnType.STRING_MAP])
def test_says_that_a_column_has_another_type(there: ColumnType) -> None:
    held, wanted = [
        replace(EVENTS, columns=(Column("prop_total", column_type, "", ""),))
        for column_type in (there, ColumnType.DOUBLE)
    ]

    with pytest.raises(ColumnTypeError, match=r"prop_total of the table events is a .*, and a "):
        missing_columns(wanted, schema_json(held))
