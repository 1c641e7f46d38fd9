"""The peer: the same rows by pyiceberg and pyarrow alone, as one would write it without Spark.

It does all that the writer does for a batch (decode, shape, drop repeats, sort, write, commit) with
the same pure functions, except that its append is not fenced: it has no exactly-once to pay for.
"""

import os
from typing import Any

import pyarrow as pa
from pyiceberg.catalog import Catalog, load_catalog
from pyiceberg.table import Table

from writer.shared import SharedPart


class Peer:
    """Writes invocations to a table like the writer's."""

    def __init__(self, endpoint: str, database: str, table: str) -> None:
        self._table = catalog(endpoint).load_table((database, table))
        self._shared = SharedPart()

    def write(self, event: dict[str, Any]) -> None:
        """Write what an invocation holds."""
        self._table.append(self._shared.arrow(event))


def catalog(endpoint: str) -> Catalog:
    """Return the stand-in's Glue catalog."""
    return load_catalog(
        "bench",
        **{
            "type": "glue",
            "glue.endpoint": endpoint,
            "s3.endpoint": endpoint,
            # Else pyiceberg asks AWS itself where the bucket is.
            "s3.region": os.environ["AWS_REGION"],
            "s3.force-virtual-addressing": "false",
        },
    )


def create_like(endpoint: str, database: str, table: str, copy: str, location: str) -> Table:
    """Create ``copy`` with the schema, partitions, order and properties of ``table``."""
    of_endpoint = catalog(endpoint)
    original = of_endpoint.load_table((database, table))
    return of_endpoint.create_table(
        (database, copy),
        schema=original.schema(),
        partition_spec=original.spec(),
        sort_order=original.sort_order(),
        location=location,
        properties=original.properties,
    )


def contents(endpoint: str, database: str, table: str) -> pa.Table:
    """Return a table's rows, in the order of their events, without when they were written."""
    rows = catalog(endpoint).load_table((database, table)).scan().to_arrow()
    return rows.drop_columns(["load_time"]).sort_by([("event_id", "ascending")])
