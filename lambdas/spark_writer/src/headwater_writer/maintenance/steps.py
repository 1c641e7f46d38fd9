"""What is done to a table, in this order, and how often."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Final

from headwater_writer.maintenance.compaction import compact
from headwater_writer.maintenance.expiry import expire_snapshots
from headwater_writer.maintenance.leftover_repeats import remove_repeats
from headwater_writer.maintenance.manifests import rewrite_manifests
from headwater_writer.maintenance.orphans import remove_orphans
from headwater_writer.maintenance.step import Step
from headwater_writer.maintenance.still_ledgers import forget_still_ledgers
from headwater_writer.maintenance.table import MaintainedTable

_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)

_STEPS: Final = (
    ("compaction", _HOUR, compact),
    ("manifests", _HOUR, rewrite_manifests),
    ("expiry", _HOUR, expire_snapshots),
    ("orphans", _DAY, remove_orphans),
    ("ledgers", _DAY, forget_still_ledgers),
    # What takes longest comes last, and has all the time that the others left.
    ("repeats", _DAY, remove_repeats),
)
NAMES: Final = tuple(name for name, _, _ in _STEPS)


def steps_of(table: MaintainedTable) -> Sequence[Step]:
    """Return the steps of a table."""
    return [Step(name, every, partial(work, table)) for name, every, work in _STEPS]
