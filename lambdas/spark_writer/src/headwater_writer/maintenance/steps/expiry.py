"""Old snapshots are expired, and the files that only they refer to deleted.

How long a table can be read as it was, and rewound, is set by its own properties
``history.expire.max-snapshot-age-ms`` and ``history.expire.min-snapshots-to-keep``. But every
commit reads and writes the metadata of each snapshot, so beyond ``MAX_SNAPSHOTS`` even young ones
are expired. A ledger is in the properties, not in the snapshots, and stays whole.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from headwater_writer.lake.properties import repaired
from headwater_writer.lake.table import MetadataHistory
from headwater_writer.maintenance.errors import StepError
from headwater_writer.maintenance.properties import MAX_TRIES
from headwater_writer.maintenance.table import MaintainedTable, step_errors
from headwater_writer.publish.ledger import LedgerError
from headwater_writer.publish.rollback import before_expiry

_AGE: Final = "history.expire.max-snapshot-age-ms"
_FLOOR: Final = "history.expire.min-snapshots-to-keep"

MAX_SNAPSHOTS: Final = 2_000
"""Beside ten full shards (2.5 commits a second), with expiry every ten minutes, the table comes to
3,500, and a commit to 1.4 times what it takes on a new table; at 10,000 it is twice that
(docs/maintenance.md). One commit a minute makes 360 in the six hours that they are kept for."""


MAX_READ: Final = 20_000
"""Snapshots whose manifest lists a run reads, one after the other: at 25 ms for each that is eight
minutes, and a Lambda has fifteen. A longer history is shortened nevertheless, and its files become
orphans."""


def expire_snapshots(table: MaintainedTable, now: datetime) -> Mapping[str, int]:
    """Expire the snapshots that are too old by the table's properties, or too many.

    Iceberg does it without Spark: it reads only the manifest lists, and deletes many files with a
    request. A file that a compaction replaced is deleted when the compaction's own snapshot
    expires.

    Raises:
        StepError: it failed; files of expired snapshots that were not deleted are orphans.
    """
    _note_latest(table)
    version = table.read()
    properties = repaired(version.properties)
    _, metadata = version.base
    snapshots = metadata.snapshots()
    before, floor = snapshots.size(), int(properties[_FLOOR])
    oldest = _millis(now - timedelta(milliseconds=int(properties[_AGE])))
    surplus = before - max(MAX_SNAPSHOTS, floor)
    if surplus > 0:
        oldest = max(oldest, snapshots.get(surplus).timestampMillis())
    with step_errors():
        expiry = table.load().expireSnapshots().expireOlderThan(oldest).retainLast(floor)
        expiry.cleanExpiredFiles(before <= MAX_READ).commit()
    return {"snapshots_before": before, "snapshots_after": table.size().snapshots}


def _note_latest(table: MaintainedTable) -> None:
    """Note in the table's properties what can only be found out while its snapshots exist."""
    for _ in range(MAX_TRIES):
        version = table.read()
        _, metadata = version.base
        try:
            changed = before_expiry(version.properties, MetadataHistory(metadata))
        except LedgerError as error:
            raise StepError(str(error)) from error
        wanted = {**version.properties, **changed}
        if wanted == version.properties or table.swap(version, wanted):
            return
    raise StepError(f"a writer committed first at each of {MAX_TRIES} attempts")


def has_too_many(table: MaintainedTable) -> bool:
    """Return whether the table has more snapshots than it may have.

    Raises:
        StepError: the table cannot be read.
    """
    return table.size().snapshots > MAX_SNAPSHOTS


def _millis(time: datetime) -> int:
    return int(time.timestamp() * 1000)
