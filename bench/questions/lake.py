"""Tables with as many events as asked for: those of the visitors that ``headwater demo`` makes up.

They are appended by pyiceberg, some files a day, as maintenance leaves them. Beyond a million
events the visitors are copies, under other ids, of those of the first million: to make up an event
takes longer than to write it.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from itertools import islice
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
from pyiceberg.catalog import Catalog, load_catalog
from pyiceberg.transforms import DayTransform
from rich.progress import track

from headwater_contract.columns import Table
from headwater_contract.kinesis_event import Received
from headwater_contract.tables import TABLES
from headwater_local import aws_client, names
from headwater_local.demo.requests import Demo
from headwater_writer.lake.arrow import schema, to_arrow
from headwater_writer.rows.rows import Rules
from headwater_writer.writer import rows_of_messages
from unit.queries.demo_rows import messages

DAYS: Final = 90
UNTIL: Final = datetime.combine(datetime.now(UTC).date() - timedelta(10), time(), UTC)
"""Longer ago than three days: maintenance has deleted repeats, and no question looks for them."""

EVENTS_PER_VISITOR: Final = 17
LOADED, RECEIVED = "load_time", "server_event_time"
AT_ONCE: Final = 50_000
MADE_UP: Final = 1_000_000

IDS: Final = (
    *("event_id", "user_id", "anonymous_id", "prev_user_id", "new_user_id", "group_id"),
    *("session_id", "page_view_id", "ingest_shard"),
)
"""Columns that tell people and their messages apart, if prefixed alike."""


def fill(endpoint: str, database: str, events: int) -> None:
    """Make the tables of the contract in a new database, with about so many events."""
    aws_client.glue(endpoint).create_database(DatabaseInput={"Name": database})
    aws_client.s3(endpoint).create_bucket(Bucket=database)
    catalog = _catalog(endpoint)
    for table in TABLES:
        _create(catalog, database, table)
    copies = math.ceil(events / MADE_UP)
    demo = Demo(1, events // copies // EVENTS_PER_VISITOR, DAYS, UNTIL)
    of_all = math.ceil(events / copies / AT_ONCE)
    for some in track(_some(messages(demo)), f"{events:,} events", total=of_all):
        rows = rows_of_messages(some, Rules(), UNTIL)
        for table in TABLES:
            if rows[table.name]:
                made = _loaded_as_received(to_arrow(table, rows[table.name]))
                iceberg = catalog.load_table((database, table.name))
                iceberg.append(pa.concat_tables(_of_others(made, copy) for copy in range(copies)))


def _loaded_as_received(made: pa.Table) -> pa.Table:
    """Return rows that were loaded when they came, as far as they tell when that was."""
    if RECEIVED not in made.column_names:
        return made
    return made.set_column(
        made.column_names.index(LOADED), made.schema.field(LOADED), made[RECEIVED]
    )


def _of_others(made: pa.Table, copy: int) -> pa.Table:
    for place, field in enumerate(made.schema):
        if field.name in IDS:
            # The stubs know of no text beside a column.
            ids = pc.binary_join_element_wise(str(copy), made[field.name], "-")  # type: ignore[call-overload]
            made = made.set_column(place, field, ids)
    return made


def _catalog(endpoint: str) -> Catalog:
    who = {"access-key-id": aws_client.DUMMY_KEY, "secret-access-key": aws_client.DUMMY_KEY}
    options = who | {"endpoint": endpoint, "region": names.REGION}
    of_both = {f"{part}.{key}": text for part in ("glue", "s3") for key, text in options.items()}
    return load_catalog("bench", type="glue", **of_both)


def _create(catalog: Catalog, database: str, table: Table) -> None:
    location = f"s3://{database}/lake/{table.name}"
    made = catalog.create_table((database, table.name), schema(table), location=location)
    with made.update_spec() as spec:
        spec.add_field(table.partition_time, DayTransform(), f"{table.partition_time}_day")


def _some(messages: Iterable[Received]) -> Iterator[Sequence[Received]]:
    left = iter(messages)
    while some := list(islice(left, AT_ONCE)):
        yield some
