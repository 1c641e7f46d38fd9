"""Offers on tables in memory, and writers that make them."""

from collections.abc import Callable
from dataclasses import dataclass, field

from headwater_contract.tables import TABLES
from headwater_writer.publish.memory_table import MemoryTable, Watch, unwatched
from headwater_writer.publish.publisher import Publisher
from headwater_writer.staged.committer import Committer
from headwater_writer.staged.offer import Offer, OfferError
from headwater_writer.staged.offering import OfferingTable
from headwater_writer.writer import Writer
from inline import Inline
from unit.writer.builders import GROUP, MemoryLake, now

OTHER_SHARD = "clicks/shardId-000000000001"


def nothing() -> None:
    """Do nothing."""


@dataclass
class Staged:
    """A lake whose writers offer. ``meanwhile`` happens while one waits for its offer."""

    lake: MemoryLake = field(default_factory=MemoryLake)
    offers: list[Offer] = field(default_factory=list)
    reports: list[str] = field(default_factory=list)
    meanwhile: Callable[[], object] = nothing

    def send(self, offer: Offer) -> None:
        """Keep an offer until it is committed."""
        self.offers.append(offer)

    def tables(self, watch: Watch = unwatched) -> dict[str, MemoryTable]:
        """Return a process's view of the tables."""
        return {
            table.name: MemoryTable(self.lake.stores[table.name], table, watch) for table in TABLES
        }

    def publisher(self, watch: Watch = unwatched) -> Publisher:
        """Return the publisher of a process in staged mode."""
        offering = {
            name: OfferingTable(table, self, self._pause, self.reports.append)
            for name, table in self.tables(watch).items()
        }
        return Publisher(offering, GROUP, now, lambda _: None)

    def _pause(self, _longest: float) -> None:
        self.meanwhile()

    def writer(self) -> Writer:
        """Return a writer in staged mode."""
        publisher = self.publisher()
        return Writer(lambda: publisher, self.lake.rules, now, Inline())

    def committer(self, watch: Watch = unwatched) -> Committer:
        """Return a committer that remembers nothing."""
        return Committer(self.tables(watch), lambda _: None, self._pass_over)

    def _pass_over(self, error: OfferError) -> None:
        self.reports.append(str(error))

    def commit(self) -> None:
        """Commit all offers that wait."""
        offers, self.offers = self.offers, []
        self.committer().commit(offers)
