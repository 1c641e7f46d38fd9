"""A batch that is being published: what every table's decision on it stands on."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from headwater_writer.publish.batch import Batch
from headwater_writer.publish.fence import (
    Change,
    Spoils,
    a_move_within,
    any_move,
    claiming,
    coming_late,
)
from headwater_writer.publish.history import ancestry
from headwater_writer.publish.ledger import Range
from headwater_writer.publish.shard import ShardState
from headwater_writer.publish.table import Head, PublishedTable


@dataclass(frozen=True, slots=True)
class Mode:
    """What a commit of a batch changes on a state of its shard, and what spoils its decision."""

    is_late: bool
    change: Callable[[str, ShardState, Range], Change]
    spoils: Callable[[str, Range], Spoils]


IN_ORDER: Final = Mode(False, claiming, lambda ledger, _: any_move(ledger))
LATE: Final = Mode(True, coming_late, a_move_within)


@dataclass(frozen=True, slots=True)
class Work:
    """A batch, how it comes, the name of its shard's ledger, and the time (aware UTC).

    ``failed`` is the table of failed records: a message that is there is in no other.
    """

    batch: Batch
    mode: Mode
    ledger: str
    now: datetime
    failed: PublishedTable

    def state(self, head: Head) -> ShardState:
        """Return what a table says of the shard.

        Raises:
            LedgerError: that cannot be read, or it lacks what the newest snapshot claims.
        """
        state = ShardState.of(head.properties, self.ledger)
        newest = ancestry(head.history, head.history.newest)
        state.check(self.ledger, next(newest, None))
        return state

    def change(self, head: Head) -> Change:
        """Return what a commit of the batch on a state changes beside its rows."""
        return self.mode.change(self.ledger, self.state(head), self.batch.claim)

    @property
    def spoiled_by(self) -> Spoils:
        """What a decision on the batch does not outlive."""
        return self.mode.spoils(self.ledger, self.batch.claim)
