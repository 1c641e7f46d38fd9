"""The contract's tables as Iceberg defines tables: schema, partitions, order and properties.

The JSON forms are those of Iceberg's table specification, appendix C, so that one call creates a
table whole.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from headwater_contract.columns import ColumnType, Table

PROPERTIES: Final = {
    "format-version": "2",
    "write.parquet.compression-codec": "zstd",
    # A batch is one task's worth of rows: nothing to shuffle.
    "write.distribution-mode": "none",
    # One commit a minute is 1,440 manifests and metadata files a day.
    "commit.manifest-merge.enabled": "true",
    "commit.manifest.min-count-to-merge": "20",
    # Each commit writes and reads what is said of all snapshots that are kept: texts that repeat.
    "write.metadata.compression-codec": "gzip",
    "write.metadata.delete-after-commit.enabled": "true",
    # AWS's SDK may repeat an UpdateTable for two minutes when its answer was lost: four tries of up
    # to 30 s. Iceberg then finds its commit only while its metadata file is the newest or one of
    # these, and else takes it for failed, and deletes its files. Ten full shards and maintenance
    # make some four commits a second.
    "write.metadata.previous-versions-max": "500",
    "history.expire.max-snapshot-age-ms": str(6 * 60 * 60 * 1000),
    "history.expire.min-snapshots-to-keep": "20",
    # Maintenance commits beside the shards: it retries soon and often, with validation each time.
    "commit.retry.num-retries": "20",
    "commit.retry.min-wait-ms": "20",
    "commit.retry.max-wait-ms": "2000",
    "write.metadata.metrics.default": "none",
    # Only maintenance deletes, and what it deletes no append can change: let both go on at once.
    "write.delete.isolation-level": "snapshot",
}

_KEPT_WHOLE: Final = frozenset({"ingest_sequence"})
"""Columns whose bounds are kept to the last character: the first half of Kinesis' 56 digits is the
same in all that a shard holds."""


def schema_json(table: Table) -> str:
    """Return the table's schema; every column is optional and carries its meaning."""
    ids = iter(range(len(table.columns) + 1, 1000))
    fields = [
        {
            "id": number,
            "name": column.name,
            "required": False,
            "type": _type_json(column.type, ids),
            "doc": column.meaning,
        }
        for number, column in enumerate(table.columns, start=1)
    ]
    return json.dumps({"type": "struct", "schema-id": 0, "fields": fields})


class ColumnTypeError(Exception):
    """A table has a column with another type than is wanted; the text names both."""


def missing_columns(table: Table, schema: str) -> Sequence[str]:
    """Return the columns that a table lacks which has a schema, by Iceberg's JSON form of it.

    Raises:
        ColumnTypeError: it has one of them with another type.
    """
    there = {field["name"]: field["type"] for field in json.loads(schema)["fields"]}
    for column in table.columns:
        held = _type_name(there.get(column.name, column.type))
        if held != (wanted := _type_name(column.type)):
            raise ColumnTypeError(
                f"the column {column.name} of the table {table.name} is a {held}, and a {wanted} "
                "is wanted: a column keeps its type, so let the tracking plan name another"
            )
    return [column.name for column in table.columns if column.name not in there]


def column_names(schema: str) -> Collection[str]:
    """Return the columns of a schema, by Iceberg's JSON form of it."""
    return {field["name"] for field in json.loads(schema)["fields"]}


def partition_spec_json(table: Table) -> str:
    """Return the table's partitioning: by the day of its time column, hidden from queries."""
    source = _column_id(table, table.partition_time)
    name = f"{table.partition_time}_day"
    field = {"source-id": source, "field-id": 1000, "name": name, "transform": "day"}
    return json.dumps({"spec-id": 0, "fields": [field]})


def sort_order_json(table: Table) -> str:
    """Return the order of rows within a file."""
    fields = [
        {
            "transform": "identity",
            "source-id": _column_id(table, name),
            "direction": "asc",
            "null-order": "nulls-first",
        }
        for name in table.sorted_by
    ]
    return json.dumps({"order-id": 1, "fields": fields})


def properties(table: Table) -> Mapping[str, str]:
    """Return the properties that the table is created with."""
    return {**PROPERTIES, **encodings(table), **statistics(table)}


def statistics(table: Table) -> Mapping[str, str]:
    """Return the properties that keep bounds only for the columns that queries prune by."""
    return {
        f"write.metadata.metrics.column.{name}": "full" if name in _KEPT_WHOLE else "truncate(16)"
        for name in table.pruned_by
    }


def encodings(table: Table) -> Mapping[str, str]:
    """Return the properties that keep dictionaries away from columns that gain nothing by them.

    A writer would look each value up, and each would be new.
    """
    return {f"write.parquet.dict-encoding-enabled.column.{name}": "false" for name in table.varied}


def _type_json(column_type: ColumnType, ids: Iterator[int]) -> str | dict[str, Any]:
    if column_type is not ColumnType.STRING_MAP:
        return column_type.value
    return {
        "type": "map",
        "key-id": next(ids),
        "key": "string",
        "value-id": next(ids),
        "value": "string",
        "value-required": False,
    }


def _type_name(column_type: str | Mapping[str, Any]) -> str:
    # Iceberg writes a map as an object, the contract with its parameters; nobody else is one.
    name = column_type if isinstance(column_type, str) else column_type["type"]
    return str(name.partition("<")[0])


def _column_id(table: Table, name: str) -> int:
    return [column.name for column in table.columns].index(name) + 1
