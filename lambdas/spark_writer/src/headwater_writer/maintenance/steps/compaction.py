"""Small files of past hours are compacted, sorted by the table's order.

A writer makes a file a minute and day. Only files with rows of a past hour are taken, so that the
current hour is sorted once, when it is complete. Writers only append, which cannot conflict with
the replacement of existing files.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from headwater_writer.maintenance.errors import StepError
from headwater_writer.maintenance.table import MaintainedTable

TARGET_BYTES: Final = 128 * 1024 * 1024
"""A file of this size can be sorted in a Lambda's memory; one of 3/4 of it is left alone."""

_OPTIONS: Final = {
    "target-file-size-bytes": TARGET_BYTES,
    "max-file-group-size-bytes": TARGET_BYTES,
    "max-concurrent-file-group-rewrites": 1,
    "min-input-files": 5,
    # Each group is committed when it is done, so that a run that is cut off keeps its progress.
    "partial-progress.enabled": "true",
    "partial-progress.max-commits": 10,
}


def compact(table: MaintainedTable, now: datetime) -> Mapping[str, int]:
    """Rewrite the small files of past hours.

    Raises:
        StepError: it failed, or some of the files could not be rewritten.
    """
    hour = now.replace(minute=0, second=0, microsecond=0)
    closed = f"{table.contract.partition_time} < timestamp ''{hour:%Y-%m-%d %H:%M:%S}''"
    options = ", ".join(f"'{name}', '{value}'" for name, value in _OPTIONS.items())
    result = table.call(
        "rewrite_data_files",
        f"strategy => 'sort', where => '{closed}', options => map({options})",
    )
    if failed := result["failed_data_files_count"]:
        raise StepError(f"{failed} files could not be rewritten")
    return {
        "files_rewritten": result["rewritten_data_files_count"],
        "files_added": result["added_data_files_count"],
        "bytes_rewritten": result["rewritten_bytes_count"],
    }
