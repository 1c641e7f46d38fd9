"""The tables: are they there, when were they written, and what failed."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from headwater_local.doctor.finding import Finding, fault, warning
from headwater_local.doctor.stack import Stack
from headwater_local.inspection.status import TableState, table_state
from headwater_local.ministack.catalog import metadata_at, metadata_location
from headwater_writer.maintenance.properties import parse_time
from headwater_writer.maintenance.schedule import NAMES, done_property

if TYPE_CHECKING:
    from mypy_boto3_glue import GlueClient

EVENTS: Final = "events"
FAILED: Final = "failed_records"
MAX_UNDONE: Final = timedelta(days=3)
"""A step is due each day at least, and waits a day at most after it failed."""


def examine_tables(stack: Stack, now: datetime) -> Iterator[Finding]:
    """Yield whether each table is there, when it was last written, and what failed."""
    events = _state(stack, EVENTS)
    if events is None:
        yield _missing(EVENTS)
        return
    yield _written(events, now)
    yield from _maintenance(events, now)
    failed = _state(stack, FAILED)
    yield _missing(FAILED) if failed is None else _failed(failed)


def _state(stack: Stack, table: str) -> TableState | None:
    """Return a table's state; None if the catalog has no Iceberg table of that name."""
    glue: GlueClient = stack.client("glue")
    try:
        entry = glue.get_table(DatabaseName=stack.database, Name=table)["Table"]
    except glue.exceptions.EntityNotFoundException:
        return None
    location = metadata_location(entry)
    return table_state(metadata_at(stack.client("s3"), location)) if location else None


def _missing(table: str) -> Finding:
    return fault(
        table,
        "the catalog does not have the table",
        f"`headwater register --table {table}` if its files are there (AWS: docs/operations.md); "
        "else the writer creates it with its first batch",
    )


def _written(events: TableState, now: datetime) -> Finding:
    if events.last_commit is None:
        return warning(
            EVENTS, "nothing was written yet", "send an event: docs/contract.md says how"
        )
    ago = (now - events.last_commit).total_seconds()
    return Finding(EVENTS, f"{events.rows:,} rows, the last written {ago:,.0f} s ago")


def _maintenance(events: TableState, now: datetime) -> Iterator[Finding]:
    """Yield the steps that were done once, and not for days; a young table has none."""
    for step in NAMES:
        done = events.properties.get(done_property(step))
        if done and now - parse_time(done) > MAX_UNDONE:
            yield warning(
                "maintenance",
                f"`{step}` was last done on {parse_time(done):%Y-%m-%d}",
                "look into the log of maintenance (docs/maintenance.md)",
            )


def _failed(failed: TableState) -> Finding:
    if not failed.rows:
        return Finding(FAILED, "nothing failed")
    return warning(
        FAILED,
        f"{failed.rows:,} records failed",
        "ask why (select stage, reason, count(*) from failed_records group by 1, 2), and replay "
        "them: docs/failures.md",
    )
