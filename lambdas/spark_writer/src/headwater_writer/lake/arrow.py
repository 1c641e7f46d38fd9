"""Rows become an Arrow table with the columns, types and order of the contract."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Final

import pyarrow as pa

from headwater_contract.columns import Column, ColumnType, Table
from headwater_writer.rows.rows import Row

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


SLICE: Final = 1000
"""Rows that become columns at a time: as many as the processor's cache holds with their values."""


@cache
def schema(table: Table) -> pa.Schema:
    """Return a table's Arrow schema, its columns in the contract's order."""
    return pa.schema([(column.name, _TYPES[column.type]) for column in table.columns])


def to_arrow(table: Table, rows: Sequence[Row], sorted_by: Sequence[str] | None = None) -> pa.Table:
    """Return rows as an Arrow table, sorted as the table's files are unless ``sorted_by`` is given.

    Raises:
        KeyError: a row lacks a column, other than a promoted one.
    """
    batches = [
        _batch(table, names, alike[first : first + SLICE])
        for names, alike in _by_names(rows).items()
        for first in range(0, len(alike), SLICE)
    ]
    # The stubs lag behind.
    order: Any = [(name, "ascending", "at_start") for name in sorted_by or table.sorted_by]
    return pa.Table.from_batches(batches, schema(table)).sort_by(order)


def _by_names(rows: Iterable[Row]) -> Mapping[tuple[str, ...], Sequence[Row]]:
    """Return rows by the names that they have, in the order in which they have them.

    Rows are made in one place: there are as many kinds as the tracking plan makes.
    """
    found: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        found.setdefault(tuple(row), []).append(row)
    return found


def _batch(table: Table, names: Sequence[str], rows: Sequence[Row]) -> pa.RecordBatch:
    # Rows of the same names become columns in one walk over their values, without a look-up.
    sent = dict(zip(names, zip(*[row.values() for row in rows], strict=True), strict=True))
    none = (None,) * len(rows)
    columns = [
        pa.array(_values(column, sent, none), type=field.type)
        for column, field in zip(table.columns, schema(table), strict=True)
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema(table))


def _values(
    column: Column, sent: Mapping[str, Sequence[Any]], none: Sequence[None]
) -> Sequence[Any]:
    return sent.get(column.name, none) if column.promoted else sent[column.name]
