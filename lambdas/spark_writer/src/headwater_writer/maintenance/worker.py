"""The worker of a process: maintains the tables of a lake with the process's Spark."""

import uuid
from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime
from functools import partial

from pyspark.sql import SparkSession

from headwater_writer.maintenance.cut_off import cut_off
from headwater_writer.maintenance.errors import MaintenanceError
from headwater_writer.maintenance.report import TableReport
from headwater_writer.maintenance.run import Worker
from headwater_writer.maintenance.steps import steps_of
from headwater_writer.maintenance.table import MaintainedTable, maintained_tables
from headwater_writer.settings import Settings


def worker(
    spark: SparkSession, seconds_left: Callable[[], float], tell: Callable[[str, str], None]
) -> Worker:
    """Return a worker that nobody else is, on this machine's clock."""
    return Worker(
        holder=f"maintenance-{uuid.uuid4().hex[:12]}",
        now=lambda: datetime.now(UTC),
        seconds_left=seconds_left,
        within=partial(cut_off, spark),
        tell=tell,
    )


def maintain(
    spark: SparkSession,
    settings: Settings,
    by: Worker,
    tables: Collection[str] = (),
    steps: Collection[str] = (),
) -> Iterator[TableReport]:
    """Maintain every table, or those named; what is due, or the steps named.

    A table that no writer has made yet is passed over; one that something is wrong with has that in
    its report.
    """
    chosen = [
        table
        for table in maintained_tables(spark, settings)
        if (not tables or table.name in tables) and _is_there(table)
    ]
    to_do = [_number_to_do(by, table, steps) for table in chosen]
    for place, table in enumerate(chosen, 1):
        yield by.maintain(table, steps_of(table), steps, later=sum(to_do[place:]))


def _is_there(table: MaintainedTable) -> bool:
    try:
        return table.exists()
    except MaintenanceError:  # When its turn comes, it says why.
        return True


def _number_to_do(by: Worker, table: MaintainedTable, steps: Collection[str]) -> int:
    try:
        return len(by.to_do(table, steps_of(table), steps))
    except MaintenanceError:
        return 0
