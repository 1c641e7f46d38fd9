"""The tables of a lake, maintained one after the other with the process's Spark."""

import uuid
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Final

from pyspark.sql import SparkSession

from headwater_writer.maintenance.errors import MaintenanceError
from headwater_writer.maintenance.report import TableReport
from headwater_writer.maintenance.run import Worker
from headwater_writer.maintenance.schedule import INTERVALS, Counts, Step
from headwater_writer.maintenance.steps.compaction import compact
from headwater_writer.maintenance.steps.expiry import expire_snapshots, has_too_many
from headwater_writer.maintenance.steps.ledgers import forget_ledgers
from headwater_writer.maintenance.steps.manifests import rewrite_manifests
from headwater_writer.maintenance.steps.orphans import remove_orphans
from headwater_writer.maintenance.steps.repeats import remove_repeats
from headwater_writer.maintenance.table import MaintainedTable, maintained_tables
from headwater_writer.settings import Settings
from headwater_writer.spark.session import cut_off

_WORK: Final[Mapping[str, Callable[[MaintainedTable, datetime], Counts]]] = {
    "compaction": compact,
    "manifests": rewrite_manifests,
    "expiry": expire_snapshots,
    "orphans": remove_orphans,
    "ledgers": forget_ledgers,
    "repeats": remove_repeats,
}

_IS_URGENT: Final[Mapping[str, Callable[[MaintainedTable], bool]]] = {"expiry": has_too_many}


def steps_of(table: MaintainedTable) -> Sequence[Step]:
    """Return the steps of a table, in their order."""
    return [
        Step(name, every, partial(_WORK[name], table), partial(_is_urgent, name, table))
        for name, every in INTERVALS.items()
    ]


def worker(
    spark: SparkSession, seconds_left: Callable[[], float], on_step: Callable[[str, str], None]
) -> Worker:
    """Return a worker with a name of its own, on this machine's clock."""
    return Worker(
        holder=f"maintenance-{uuid.uuid4().hex[:12]}",
        now=lambda: datetime.now(UTC),
        seconds_left=seconds_left,
        within=partial(cut_off, spark),
        on_step=on_step,
    )


def maintain(
    spark: SparkSession,
    settings: Settings,
    by: Worker,
    tables: Collection[str] = (),
    steps: Collection[str] = (),
) -> Iterator[TableReport]:
    """Maintain every table, or those named; the steps that are due, or those named.

    A table that no writer has created yet is skipped. If something is wrong with a table, its
    report says so.
    """
    chosen = [
        table
        for table in maintained_tables(spark, settings)
        if (not tables or table.name in tables) and _exists(table)
    ]
    to_do = [_number_to_do(by, table, steps) for table in chosen]
    for index, table in enumerate(chosen, 1):
        yield by.maintain(table, steps_of(table), steps, later=sum(to_do[index:]))


def _is_urgent(name: str, table: MaintainedTable) -> bool:
    return name in _IS_URGENT and _IS_URGENT[name](table)


def _exists(table: MaintainedTable) -> bool:
    try:
        return table.exists()
    except MaintenanceError:  # Its turn comes, and its report says why.
        return True


def _number_to_do(by: Worker, table: MaintainedTable, steps: Collection[str]) -> int:
    try:
        return len(by.to_do(table, steps_of(table), steps))
    except MaintenanceError:
        return 0
