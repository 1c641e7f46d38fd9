"""A batch that is being published: what every table's decision on it stands on."""

from dataclasses import dataclass
from datetime import datetime

from headwater_writer.publish.batch import Batch
from headwater_writer.publish.fence import Change, Spoils
from headwater_writer.publish.history import ancestry
from headwater_writer.publish.manner import Manner
from headwater_writer.publish.shard import ShardState
from headwater_writer.publish.table import Head, PublishedTable


@dataclass(frozen=True, slots=True)
class Work:
    """A batch, how it comes, the name of its shard's ledger, and the time (aware UTC).

    ``failed`` is the table of failed records: a message that is there is in no other.
    """

    batch: Batch
    manner: Manner
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
        return self.manner.change(self.ledger, self.state(head), self.batch.claim)

    @property
    def spoiled_by(self) -> Spoils:
        """What a decision on the batch does not outlive."""
        return self.manner.spoils(self.ledger, self.batch.claim)
