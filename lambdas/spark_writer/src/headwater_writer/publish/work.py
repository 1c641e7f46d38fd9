"""A batch that is being published, and in which mode: the basis of every table's decision."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from headwater_contract.ranges import Range
from headwater_writer.publish.batch import Batch
from headwater_writer.publish.fence import (
    Change,
    Conflicts,
    a_move_within,
    any_move,
    claiming,
    coming_late,
)
from headwater_writer.publish.history import ancestry
from headwater_writer.publish.shard import ShardState
from headwater_writer.publish.table import Head, PublishedTable


@dataclass(frozen=True, slots=True)
class Mode:
    """In order or late: what a commit of a batch changes, and what its decision conflicts with."""

    is_late: bool
    change: Callable[[str, ShardState, Range], Change]
    conflicts: Callable[[str, Range], Conflicts]


IN_ORDER: Final = Mode(False, claiming, lambda ledger, _: any_move(ledger))
LATE: Final = Mode(True, coming_late, a_move_within)


@dataclass(frozen=True, slots=True)
class Work:
    """A batch, its mode, the name of its shard's ledger, and the time (aware UTC).

    ``failed`` is the table of failed records: a message is in it or in another table.
    """

    batch: Batch
    mode: Mode
    ledger: str
    now: datetime
    failed: PublishedTable

    def state(self, head: Head) -> ShardState:
        """Return a table's lists of the shard.

        Raises:
            LedgerError: they cannot be read, or lack what the newest snapshot claims.
        """
        return state_at(head, self.ledger)

    def change(self, head: Head) -> Change:
        """Return what a commit of the batch on a state changes beside its rows."""
        return self.mode.change(self.ledger, self.state(head), self.batch.claim)

    @property
    def conflicts(self) -> Conflicts:
        """What a decision on the batch conflicts with."""
        return self.mode.conflicts(self.ledger, self.batch.claim)


def state_at(head: Head, ledger: str) -> ShardState:
    """Return a table's lists of the shard whose ledger has that name.

    Raises:
        LedgerError: they cannot be read, or lack what the newest snapshot claims.
    """
    state = ShardState.of(head.properties, ledger)
    newest = ancestry(head.history, head.history.newest)
    state.check(ledger, next(newest, None))
    return state
