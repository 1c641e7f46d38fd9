"""Old snapshots, and the files that only they hold, are deleted.

How long the table can be read as it was, and rewound, is the table's own matter: its properties
``history.expire.max-snapshot-age-ms`` and ``history.expire.min-snapshots-to-keep``. A ledger is in
the properties, not in the snapshots, and stays whole.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from headwater_writer.maintenance.table import MaintainedTable

_AGE = "history.expire.max-snapshot-age-ms"
_FLOOR = "history.expire.min-snapshots-to-keep"


def expire_snapshots(table: MaintainedTable, now: datetime) -> Mapping[str, int]:
    """Expire the snapshots that are older than the table's properties say.

    Raises:
        StepError: it failed; what is already expired but not deleted is an orphan now.
    """
    properties = table.read().properties
    oldest = now - timedelta(milliseconds=int(properties[_AGE]))
    before = table.size().snapshots
    result = table.call(
        "expire_snapshots",
        f"older_than => timestamp '{oldest:%Y-%m-%d %H:%M:%S.%f}', "
        f"retain_last => {int(properties[_FLOOR])}",
    )
    return {
        "snapshots_before": before,
        "snapshots_after": table.size().snapshots,
        "data_files_deleted": result["deleted_data_files_count"],
        "manifest_files_deleted": result["deleted_manifest_files_count"],
        "manifest_lists_deleted": result["deleted_manifest_lists_count"],
    }
