"""Manifests, the lists of data files that a query plans with, are merged and sorted by day.

Commits merge manifests as they come, which mixes days; after a rewrite, a query of one day opens
the one that has it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from headwater_writer.maintenance.table import MaintainedTable

ENOUGH: Final = 10
"""With fewer there is nothing to gain."""


def rewrite_manifests(table: MaintainedTable, _now: datetime) -> Mapping[str, int]:
    """Rewrite the table's manifests if there are many.

    Raises:
        StepError: it failed, or a commit merged one of them meanwhile.
    """
    loaded = table.load()
    snapshot = loaded.currentSnapshot()
    if snapshot is None or len(list(snapshot.allManifests(loaded.io()))) < ENOUGH:
        return {"manifests_rewritten": 0, "manifests_added": 0}
    # Caching would keep every manifest's entries in Spark's memory at once.
    result = table.call("rewrite_manifests", "use_caching => false")
    return {
        "manifests_rewritten": result["rewritten_manifests_count"],
        "manifests_added": result["added_manifests_count"],
    }
