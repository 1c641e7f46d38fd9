"""Rows of the tables that the demo's visitors make, by the writer's own code."""

from collections.abc import Iterator

from headwater_contract.archive_line import read_archive_line
from headwater_contract.kinesis_event import Received
from headwater_contract.tables import TABLES
from headwater_local.demo.archive import lines
from headwater_local.demo.requests import Demo
from headwater_writer.backfill.messages import of_archive
from headwater_writer.lake.arrow import to_arrow
from headwater_writer.rows.rows import Rules
from headwater_writer.writer import rows_of_messages
from unit.queries.reference import Lake


def demo_lake(demo: Demo) -> Lake:
    """Return all that a demo's visitors sent, written at its end."""
    rows = rows_of_messages([*messages(demo)], Rules(), demo.until)
    return Lake(*(to_arrow(table, rows[table.name]).to_pylist() for table in TABLES))


def messages(demo: Demo) -> Iterator[Received]:
    """Return what a demo's visitors sent, as the archive has it."""
    return map(of_archive, filter(None, map(read_archive_line, lines(demo))))
