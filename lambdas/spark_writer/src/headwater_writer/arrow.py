"""Rows become an Arrow table with the columns and types of the contract."""

from collections.abc import Sequence
from functools import cache
from typing import Final

import pyarrow as pa

from headwater_contract.tables import ColumnType, Table
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
        KeyError: a row lacks a column.
    """
    columns = [
        pa.array([row[field.name] for row in rows], type=field.type) for field in schema(table)
    ]
    return pa.Table.from_arrays(columns, schema=schema(table))
