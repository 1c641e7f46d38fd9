"""Beside the writers: maintenance, deployments, replays, and other tools at the tables."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from headwater_contract.tables import FAILED_RECORDS, TABLES
from headwater_writer.publish.history import ancestry
from headwater_writer.publish.memory_table import Manifest, UnreadableError
from headwater_writer.publish.repeats import digest
from headwater_writer.publish.rollback import before_expiry
from headwater_writer.publish.settle import PublishError
from headwater_writer.replay.replay import replay
from simulation.faults import Crash, StorageError
from simulation.messages import LENIENT, STRICT
from simulation.virtual_lake import place_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from headwater_writer.publish.memory_table import Metadata
    from simulation.virtual_lake import Surroundings, VirtualLake, VirtualStore

_ROUNDS: Final = (0, 0, 1, 3, 9)
_LULLS: Final = (0.0, 1.0, 60.0, 3600.0)
_KEPT: Final = (1, 1, 2, 3)


@dataclass
class Operations:
    """What is done to the tables in a schedule, some times, each as a commit that may lose.

    ``read_again`` has the stream read from its start, as one does after a rewind.
    """

    lake: VirtualLake
    around: Surroundings
    read_again: Callable[[], None]

    @property
    def took_back(self) -> bool:
        """Whether a table was taken back."""
        return any(store.taken_back for store in self.lake.stores.values())

    def run(self) -> None:
        """Do all that is done in this schedule."""
        choices = self.around.choices
        for _ in range(choices.of(_ROUNDS)):
            self._wait()
            store = choices.of(list(self.lake.stores.values()))
            if choices.chance(0.15):
                self._deploy()
            elif choices.chance(0.2):
                self._take_back(store, noting=bool(choices.below(2)))
            elif choices.chance(0.1):
                self._replay()
            elif choices.chance(0.15):
                self._delete_repeats(store)
            elif choices.below(2):
                self._expire(store, keep=choices.of(_KEPT))
            else:
                self._compact(store)

    def _wait(self) -> None:
        for _ in range(self.around.choices.below(40)):
            self.around.scheduler.pause()
        self.around.scheduler.sleep(self.around.choices.of(_LULLS))

    def _deploy(self) -> None:
        """Deploy the other tracking plan: new processes have it, those at work keep theirs."""
        self.lake.rules = STRICT if self.lake.rules is LENIENT else LENIENT
        name = "stricter" if self.lake.rules is STRICT else "more lenient"
        self.around.scheduler.tell(lambda: f"deploys a {name} plan")

    def _compact(self, store: VirtualStore) -> None:
        """Rewrite what is there; what others add meanwhile stays as it is."""
        old = store.metadata.manifests
        self.around.scheduler.pause()
        rewritten = Manifest(tuple(row for manifest in old for row in manifest.file))
        if self._replaced(store, old, rewritten):
            self.around.scheduler.tell(lambda: f"compacts {store.name}: {len(old)} files to one")

    def _delete_repeats(self, store: VirtualStore) -> None:
        """Rewrite what is there without the later of two rows that say the same."""
        table = next(each for each in TABLES if each.name == store.name)
        if not table.identity:
            return
        old = store.metadata.manifests
        self.around.scheduler.pause()
        first: dict[bytes, Mapping[str, Any]] = {}
        rows = [row for manifest in old for row in manifest.file]
        for row in sorted(rows, key=_appearance):
            first.setdefault(digest(table, row), row)
        kept = {id(row) for row in first.values()}
        rewritten = Manifest(tuple(row for row in rows if id(row) in kept))
        if self._replaced(store, old, rewritten):
            self.around.scheduler.tell(lambda: f"deletes {store.name}'s repeats")

    def _replaced(self, store: VirtualStore, old: Sequence[Manifest], rewritten: Manifest) -> bool:
        """Exchange manifests for one, if they are all still there; return whether they were."""
        while True:
            base = store.metadata
            if not set(old) <= set(base.manifests) - store.deleted:
                return False
            others = tuple(each for each in base.manifests if each not in old)
            summary = {"operation": "replace"}
            number = store.new_snapshot_id()
            successor = base.with_snapshot(number, summary, (rewritten, *others))
            if self._landed(store, base, successor):
                return True

    def _expire(self, store: VirtualStore, keep: int) -> None:
        while True:
            base = store.metadata
            newest = islice(ancestry(base, base.newest), keep)
            kept = {each.id: base.snapshots[each.id] for each in newest}
            noted = base.with_properties(before_expiry(base.properties, base))
            if self._landed(store, base, replace(noted, snapshots=kept)):
                break
        self.around.scheduler.tell(lambda: f"expires {store.name}'s snapshots but {list(kept)}")

    def _take_back(self, store: VirtualStore, *, noting: bool) -> None:
        """Take a table back to an earlier snapshot, or on again to one that was left behind.

        With a note of it as our rewind does, or without, as another tool does.
        """
        snapshots = [*store.metadata.snapshots]
        if not snapshots:
            return
        there = self.around.choices.of(snapshots)
        while True:
            base = store.metadata
            led_here = any(each.id == there for each in ancestry(base, base.newest))
            successor = base.rewound_to(there) if noting else base.rolled_back_to(there)
            if self._landed(store, base, successor):
                break
        store.taken_back = True
        store.brought_back |= not led_here
        verb = "rewinds" if noting else "rolls back"
        self.around.scheduler.tell(lambda: f"{verb} {store.name} to {there}")
        self.read_again()

    def _replay(self) -> None:
        """Replay some failed records of a shard, as an operator does after a fix."""
        failed = list(self.lake.stores[FAILED_RECORDS.name].metadata.rows)
        if not failed:
            return
        shard = self.around.choices.of(failed)["ingest_shard"]
        rows = [row for row in failed if row["ingest_shard"] == shard]
        self.lake.replayed.update(map(place_of, rows))
        self.around.scheduler.tell(lambda: f"replays {len(rows)} records of {shard[-3:]}")
        try:
            replay(rows, self.lake.writer(), dry=False)
        except (Crash, StorageError, PublishError, UnreadableError):
            self.around.scheduler.tell(lambda: "the replay ends early")

    def _landed(self, store: VirtualStore, base: Metadata, successor: Metadata) -> bool:
        self.around.scheduler.pause()
        return store.land(base, successor)


def _appearance(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["load_time"], int(row["ingest_sequence"]), row["ingest_index"], row["ingest_shard"]
