"""Staged mode: a queue that offers go through, and committers that are started again when they die.

What SQS gives: a message comes at least once, in any order, and again if its consumer died.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from headwater_contract.tables import TABLES
from headwater_writer.publish.memory_table import MemoryTable, UnreadableError
from headwater_writer.publish.settle import PublishError
from headwater_writer.staged.committer import Committer
from headwater_writer.staged.offer import OfferError
from simulation.faults import Crash, Fault, StorageError
from simulation.virtual_lake import Watched

if TYPE_CHECKING:
    from headwater_writer.staged.offer import Offer
    from simulation.scheduler import Actor
    from simulation.virtual_lake import Surroundings, VirtualLake

_DELAYS: Final = (0.0, 0.5, 30.0, 3600.0)
_WINDOWS: Final = (0.0, 1.0, 5.0)
_PAUSES: Final = (0.0, 1.0, 300.0, 7200.0)
_VISIBLE_AGAIN: Final = (0.0, 30.0, 600.0)

_FAILURES: Final = (StorageError, PublishError, UnreadableError)


@dataclass
class VirtualQueue:
    """The offers that are under way; ``readers`` are the committers."""

    around: Surroundings
    offers: list[Offer] = field(default_factory=list)
    readers: list[Actor] = field(default_factory=list)

    def send(self, offer: Offer) -> None:
        """Take an offer: once, twice, late or not at all.

        Raises:
            OfferError: a fault; it was taken nevertheless, or not.
        """
        self.around.scheduler.pause()
        strikes = self.around.faults.strikes
        self.around.scheduler.tell(lambda: f"offers {offer.table} {offer.summary}")
        if strikes(Fault.OFFER_LOST):
            return
        if strikes(Fault.OFFER_LATE):
            self.bring(offer, self.around.choices.of(_DELAYS))
            return
        self._come(offer)
        if strikes(Fault.OFFER_TWICE):
            self.bring(offer, self.around.choices.of(_DELAYS))
        if strikes(Fault.OFFER_REFUSED):
            raise OfferError(Fault.OFFER_REFUSED)

    def bring(self, offer: Offer, seconds: float) -> None:
        """Let an offer come after some time."""

        def come() -> None:
            self.around.scheduler.sleep(seconds)
            self._come(offer)

        self.around.scheduler.start("late offer", come)

    def _come(self, offer: Offer) -> None:
        self.offers.append(offer)
        for reader in self.readers:
            self.around.scheduler.unpark(reader)


@dataclass(frozen=True, slots=True)
class VirtualCommitter:
    """A committer, and a new one after it died."""

    queue: VirtualQueue
    lake: VirtualLake
    around: Surroundings

    def run(self) -> None:
        """Commit what is offered, for ever."""
        while True:
            committer = Committer(self._tables(), self.around.pause, _never)
            try:
                self._serve(committer)
            except Crash:
                self.around.scheduler.tell(lambda: Fault.COMMITTER_CRASHES)
            self.around.scheduler.sleep(self.around.choices.of(_PAUSES))

    def _serve(self, committer: Committer) -> None:
        while True:
            if not self.queue.offers:
                self.around.scheduler.park()
                continue
            self.around.scheduler.sleep(self.around.choices.of(_WINDOWS))
            self._commit(committer, self._taken())

    def _commit(self, committer: Committer, offers: list[Offer]) -> None:
        try:
            done = committer.commit(offers)
        except (*_FAILURES, Crash) as error:
            for offer in offers:
                self.queue.bring(offer, self.around.choices.of(_VISIBLE_AGAIN))
            if isinstance(error, Crash):
                raise
            self.around.scheduler.tell(lambda: "a group fails")
            return
        self.around.scheduler.tell(lambda: f"is done with {done}")

    def _taken(self) -> list[Offer]:
        """Take all offers, or as many as one poller got."""
        offers = self.queue.offers
        count = len(offers) - self.around.choices.below(len(offers)) if offers else 0
        taken, offers[:count] = offers[:count], []
        return taken

    def _tables(self) -> dict[str, MemoryTable]:
        return {
            table.name: MemoryTable(
                self.lake.stores[table.name],
                table,
                Watched(table.name, self.around, Fault.COMMITTER_CRASHES),
            )
            for table in TABLES
        }


def _never(error: OfferError) -> None:
    raise error
