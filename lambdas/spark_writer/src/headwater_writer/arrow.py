"""Rows become an Arrow table with the columns and types of the contract."""

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

import pyarrow as pa

from headwater_contract.tables import Column, ColumnType, Table
from headwater_writer.rows import Row

# Without a zone, as the tables: pyarrow turns aware times into UTC.
_TYPES: Final[dict[ColumnType, pa.DataType]] = {
    ColumnType.STRING: pa.string(),
    ColumnType.INT: pa.int32(),
    ColumnType.LONG: pa.int64(),
    ColumnType.DOUBLE: pa.float64(),
    ColumnType.BOOLEAN: pa.bool_(),
    ColumnType.TIMESTAMP: pa.timestamp("us"),
    ColumnType.BINARY: pa.binary(),
    ColumnType.STRING_MAP: pa.map_(pa.string(), pa.string()),
}


@cache
def schema(table: Table) -> pa.Schema:
    """Return a table's Arrow schema, its columns in the contract's order."""
    return pa.schema([(column.name, _TYPES[column.type]) for column in table.columns])


def to_arrow(table: Table, rows: Sequence[Row]) -> pa.Table:
    """Return rows as an Arrow table.

    Raises:
        KeyError: a row lacks a column, other than a promoted one.
    """
    types = schema(table)
    columns = [
        pa.array(_values(column, rows), type=field.type)
        for column, field in zip(table.columns, types, strict=True)
    ]
    return pa.Table.from_arrays(columns, schema=types)


def _values(column: Column, rows: Sequence[Row]) -> Sequence[Any]:
    name = column.name
    return [row.get(name) for row in rows] if column.promoted else [row[name] for row in rows]
