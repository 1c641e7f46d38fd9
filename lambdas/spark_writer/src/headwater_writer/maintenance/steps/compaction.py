"""Small files of hours that are over become few, sorted by the table's order.

A writer makes a file a minute and day. Only files that hold something of a closed hour are taken,
so that the hour that is being written is sorted once, when it is whole. Writers append and nothing
else, which cannot conflict with the exchange of files that are there already.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from headwater_writer.maintenance.errors import StepError
from headwater_writer.maintenance.table import MaintainedTable

TARGET_BYTES: Final = 128 * 1024 * 1024
"""A file of this size is sorted in a Lambda's memory; one of 3/4 of it is left alone."""

_OPTIONS: Final = {
    "target-file-size-bytes": TARGET_BYTES,
    "max-file-group-size-bytes": TARGET_BYTES,
    "max-concurrent-file-group-rewrites": 1,
    "min-input-files": 5,
    # Each group is committed when it is done: a run that is cut off has done what it has done.
    "partial-progress.enabled": "true",
    "partial-progress.max-commits": 10,
}


def compact(table: MaintainedTable, now: datetime) -> Mapping[str, int]:
    """Rewrite the small files of closed hours.

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
