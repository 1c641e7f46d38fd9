"""Rows become an Arrow table with the columns, types and order of the contract."""

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


SLICE: Final = 10_000
"""Rows that become columns at a time: more than the processor's cache holds take twice as long."""


@cache
def schema(table: Table) -> pa.Schema:
    """Return a table's Arrow schema, its columns in the contract's order."""
    return pa.schema([(column.name, _TYPES[column.type]) for column in table.columns])


def to_arrow(table: Table, rows: Sequence[Row]) -> pa.Table:
    """Return rows as an Arrow table, sorted as the table's files are.

    Raises:
        KeyError: a row lacks a column, other than a promoted one.
    """
    slices = [_sliced(table, rows[first : first + SLICE]) for first in range(0, len(rows), SLICE)]
    order: Any = [(name, "ascending", "at_start") for name in table.sorted_by]  # stubs lag behind
    return pa.Table.from_batches(slices, schema(table)).sort_by(order)


def _sliced(table: Table, rows: Sequence[Row]) -> pa.RecordBatch:
    types = schema(table)
    columns = [
        pa.array(_values(column, rows), type=field.type)
        for column, field in zip(table.columns, types, strict=True)
    ]
    return pa.RecordBatch.from_arrays(columns, schema=types)


def _values(column: Column, rows: Sequence[Row]) -> Sequence[Any]:
    name = column.name
    return [row.get(name) for row in rows] if column.promoted else [row[name] for row in rows]
