"""Maintenance beside the writers: compaction, expiry and rewinds, each a commit that may lose."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from headwater_writer.memory_table import Metadata

    from simulation.virtual_lake import Surroundings, VirtualLake, VirtualStore

_ROUNDS: Final = (0, 0, 1, 3, 9)
_LULLS: Final = (0.0, 1.0, 60.0, 3600.0)
_KEPT: Final = (1, 1, 2, 3)


@dataclass
class Maintenance:
    """Compacts tables, expires their snapshots and rewinds them, some times in a schedule.

    ``read_again`` has the stream read from its start, as one does after a rewind.
    """

    lake: VirtualLake
    around: Surroundings
    read_again: Callable[[], None]
    rewinds: int = 0

    def run(self) -> None:
        """Do all the maintenance there is in this schedule."""
        choices = self.around.choices
        for _ in range(choices.of(_ROUNDS)):
            self._wait()
            store = choices.of(list(self.lake.stores.values()))
            if choices.chance(0.2):
                self._rewind(store)
            elif choices.below(2):
                self._expire(store, keep=choices.of(_KEPT))
            else:
                self._compact(store)

    def _wait(self) -> None:
        for _ in range(self.around.choices.below(40)):
            self.around.scheduler.pause()
        self.around.scheduler.sleep(self.around.choices.of(_LULLS))

    def _compact(self, store: VirtualStore) -> None:
        """Rewrite what is there; what others add meanwhile stays as it is."""
        old = store.metadata.files
        self.around.scheduler.pause()
        while True:
            base = store.metadata
            new = (tuple(row for file in old for row in file), *base.files[len(old) :])
            summary = {"operation": "replace"}
            successor = base.with_snapshot(store.new_snapshot_id(), summary, new)
            if self._landed(store, base, successor):
                break
        self.around.scheduler.tell(lambda: f"compacts {store.name}: {len(old)} files to one")

    def _expire(self, store: VirtualStore, keep: int) -> None:
        while True:
            base = store.metadata
            newest = islice(base.ancestry(), keep)
            kept = {snapshot.id: snapshot for snapshot in newest}
            if self._landed(store, base, replace(base, snapshots=kept)):
                break
        self.around.scheduler.tell(lambda: f"expires {store.name}'s snapshots but {list(kept)}")

    def _rewind(self, store: VirtualStore) -> None:
        """Take a table back to an earlier snapshot, or on again to one that was left behind."""
        snapshots = [*store.metadata.snapshots]
        if not snapshots:
            return
        there = self.around.choices.of(snapshots)
        while True:
            base = store.metadata
            if self._landed(store, base, base.rewound_to(there)):
                break
        self.rewinds += 1
        self.around.scheduler.tell(lambda: f"rewinds {store.name} to {there}")
        self.read_again()

    def _landed(self, store: VirtualStore, base: Metadata, successor: Metadata) -> bool:
        self.around.scheduler.pause()
        return store.land(base, successor)
