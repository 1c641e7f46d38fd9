"""What a task hands to Spark: rows of three tables and its end, each in columns of its own."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

import pyarrow as pa

from headwater_contract.columns import Table
from headwater_contract.ranges import Range
from headwater_contract.tables import EVENTS, FAILED_RECORDS, IDENTIFIES
from headwater_writer.cluster.plan import Span
from headwater_writer.cluster.shaping import End, Portion
from headwater_writer.lake.arrow import schema as rows_schema
from headwater_writer.lake.arrow import to_arrow
from headwater_writer.rows.rows import Row

END: Final = "end"


def schema(tables: Mapping[str, Table]) -> pa.Schema:
    """Return the columns: a struct for each table's rows, and the text of an end; one has a value.

    ``tables`` are those of the contract, by name, with the tracking plan's columns.
    """
    structs = [(name, pa.struct(list(rows_schema(table)))) for name, table in tables.items()]
    return pa.schema([*structs, (END, pa.string())])


def batches(
    items: Iterable[Portion | End], tables: Mapping[str, Table]
) -> Iterator[pa.RecordBatch]:
    """Yield what a task made in these columns."""
    for item in items:
        if isinstance(item, End):
            yield of_end(encoded(item), tables)
        else:
            yield from of_rows(_rows(item), tables)


def of_rows(
    rows: Mapping[str, Sequence[Row]], tables: Mapping[str, Table]
) -> Iterator[pa.RecordBatch]:
    """Yield the rows of some tables in these columns."""
    for name, of_table in rows.items():
        if of_table:
            yield _batch(tables, name, _structs(tables[name], of_table))


def of_end(text: str, tables: Mapping[str, Table]) -> pa.RecordBatch:
    """Return the text of an end in these columns."""
    return _batch(tables, END, pa.array([text], pa.string()))


def encoded(end: End) -> str:
    """Return an end as a text that ``decoded`` reads."""
    read = end.read and [end.read.first, end.read.last]
    empty = [[span.after, span.before, span.at] for span in end.empty]
    arrived_at = end.arrived_at and end.arrived_at.isoformat()
    return json.dumps([end.shard, read, dict(end.rows), empty, end.is_end, arrived_at])


def decoded(text: str) -> End:
    """Return the end that ``encoded`` gave."""
    shard, read, rows, empty, is_end, arrived_at = json.loads(text)
    return End(
        shard,
        read and Range(*read),
        rows,
        [Span(*span) for span in empty],
        is_end,
        arrived_at and datetime.fromisoformat(arrived_at),
    )


def _rows(portion: Portion) -> Mapping[str, Sequence[Row]]:
    return {
        EVENTS.name: [*portion.events.values()],
        IDENTIFIES.name: [*portion.identifies.values()],
        FAILED_RECORDS.name: portion.failed,
    }


def _structs(table: Table, rows: Sequence[Row]) -> pa.StructArray:
    [batch] = to_arrow(table, rows).combine_chunks().to_batches()
    return batch.to_struct_array()


def _batch(
    tables: Mapping[str, Table], name: str, values: pa.StructArray | pa.StringArray
) -> pa.RecordBatch:
    columns = schema(tables)
    arrays = [
        values if field.name == name else pa.nulls(len(values), field.type) for field in columns
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=columns)
