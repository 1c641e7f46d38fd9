"""The tables: are they there, when were they written, and what failed."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from headwater_local.doctor.cluster import log_command
from headwater_local.doctor.finding import Finding, counted, fault, warning
from headwater_local.doctor.metrics import arrived
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

MAX_UNWRITTEN: Final = timedelta(minutes=15)
"""As long as `monitoring.freshness_minutes` is by default. A hand-over takes up to ten."""

LOOKED_BACK: Final = timedelta(days=1)
"""How far back what came counts, if nothing was ever written."""


def examine_tables(stack: Stack, now: datetime) -> Iterator[Finding]:
    """Yield whether each table is there, when it was last written, and what failed."""
    events = _state(stack, EVENTS)
    if events is None:
        yield _missing(EVENTS) if _has_database(stack) else _no_database(stack)
        return
    yield _unwritten(stack, events, now) or _written(events, now)
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


def _has_database(stack: Stack) -> bool:
    glue: GlueClient = stack.client("glue")
    try:
        glue.get_database(Name=stack.database)
    except glue.exceptions.EntityNotFoundException:
        return False
    return True


def _no_database(stack: Stack) -> Finding:
    return fault(
        "tables",
        f"there is no database `{stack.database}` in this account and region",
        "check the output glue_database_name, then `terraform apply`; if somebody deleted it: "
        'docs/operations.md, "A table that the catalog has lost"',
    )


def _missing(table: str) -> Finding:
    return fault(
        table,
        "the catalog does not have the table",
        f"`headwater register --table {table}` if its files are there (AWS: docs/operations.md); "
        "else the writer creates it with its first batch",
    )


def _unwritten(stack: Stack, events: TableState, now: datetime) -> Finding | None:
    """Return what came since the last commit and should be written by now.

    On this machine there is no CloudWatch, and the lag says it.
    """
    if stack.data_dir:
        return None
    since = events.last_append or now - LOOKED_BACK
    count = arrived(stack, since, now - MAX_UNWRITTEN)
    if not count:
        return None
    cluster = stack.writing_cluster
    log = log_command(cluster) if cluster else "aws logs tail /aws/lambda/NAME-writer --since 1h"
    ago = (now - since).total_seconds()
    return fault(
        EVENTS,
        f"{counted(count, 'record')} came and none was written for {ago:,.0f} s",
        f"mend what is named above; if nothing is: `{log}`",
    )


def _written(events: TableState, now: datetime) -> Finding:
    if events.last_append is None:
        return warning(
            EVENTS, "nothing was written yet", "send an event: docs/contract.md says how"
        )
    ago = (now - events.last_append).total_seconds()
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
