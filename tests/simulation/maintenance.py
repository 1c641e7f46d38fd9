"""Maintenance beside the writers: compaction and expiry, each a commit that may lose its race."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from headwater_writer.memory_table import Metadata
    from simulation.virtual_lake import Surroundings, VirtualLake, VirtualStore

_ROUNDS: Final = (0, 0, 1, 3, 9)
_LULLS: Final = (0.0, 1.0, 60.0, 3600.0)
_KEPT: Final = (1, 1, 2, 3)


@dataclass
class Maintenance:
    """Compacts tables and expires their snapshots, some times in a schedule."""

    lake: VirtualLake
    around: Surroundings

    def run(self) -> None:
        """Do all the maintenance there is in this schedule."""
        choices = self.around.choices
        for _ in range(choices.of(_ROUNDS)):
            self._wait()
            store = choices.of(list(self.lake.stores.values()))
            if choices.below(2):
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

    def _landed(self, store: VirtualStore, base: Metadata, successor: Metadata) -> bool:
        self.around.scheduler.pause()
        return store.land(base, successor)
