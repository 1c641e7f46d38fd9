"""What is done to a table, in this order, how often, and what of it cannot wait."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from headwater_writer.maintenance.compaction import compact
from headwater_writer.maintenance.expiry import expire_snapshots, has_too_many
from headwater_writer.maintenance.leftover_repeats import remove_repeats
from headwater_writer.maintenance.manifests import rewrite_manifests
from headwater_writer.maintenance.orphans import remove_orphans
from headwater_writer.maintenance.step import Counts, Step
from headwater_writer.maintenance.still_ledgers import MARGIN, forget_still_ledgers
from headwater_writer.maintenance.storage_clock import agreed
from headwater_writer.maintenance.table import MaintainedTable

_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)


def _forget_still_ledgers(table: MaintainedTable, now: datetime) -> Counts:
    # A clock that is far ahead would take every shard for still.
    time = agreed(now, table.storage_time())
    return forget_still_ledgers(table, time, table.stream_retention + MARGIN)


def _never(_table: MaintainedTable) -> bool:
    return False


_STEPS: Final = (
    ("compaction", _HOUR, compact, _never),
    ("manifests", _HOUR, rewrite_manifests, _never),
    ("expiry", _HOUR, expire_snapshots, has_too_many),
    ("orphans", _DAY, remove_orphans, _never),
    ("ledgers", _DAY, _forget_still_ledgers, _never),
    # What takes longest comes last, and has all the time that the others left.
    ("repeats", _DAY, remove_repeats, _never),
)
NAMES: Final = tuple(name for name, *_ in _STEPS)


def steps_of(table: MaintainedTable) -> Sequence[Step]:
    """Return the steps of a table."""
    return [
        Step(name, every, partial(work, table), partial(is_pressing, table))
        for name, every, work, is_pressing in _STEPS
    ]
