"""Files in the table's folder that no snapshot refers to are deleted, days after they were written.

They are what a writer staged and never committed. A file that was staged just now looks the same,
so the age decides, and it must be much greater than the time from staging to commit: a Lambda lives
for minutes, and frozen for hours, and the fence refuses what it might commit after its batch was
given to another. The age is by the storage's clock, as the files' times are.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from headwater_writer.maintenance.steps.storage_clock import agreed
from headwater_writer.maintenance.table import MaintainedTable, step_errors
from headwater_writer.spark.java import iceberg

MIN_AGE: Final = timedelta(days=3)


def remove_orphans(table: MaintainedTable, now: datetime) -> Mapping[str, int]:
    """Delete files that are older than ``MIN_AGE`` and that no snapshot refers to.

    Raises:
        StepError: it failed, or this machine's clock and the storage's disagree.
    """
    oldest = agreed(now, table.storage_time()) - MIN_AGE
    with step_errors():
        actions = iceberg(table.spark).spark.actions.SparkActions.get()
        action = actions.deleteOrphanFiles(table.load()).olderThan(int(oldest.timestamp() * 1000))
        # Listed through S3 itself: this Spark does not have a Hadoop file system for it.
        found = action.usePrefixListing(True).execute().orphanFileLocations()
        return {"orphans_deleted": sum(1 for _ in found)}
