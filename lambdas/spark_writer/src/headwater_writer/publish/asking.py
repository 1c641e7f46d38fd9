"""Which messages of a batch are in a table, asked of the tables themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from random import Random
from typing import TYPE_CHECKING, Final

from headwater_contract.tables import EVENTS, FAILED_RECORDS
from headwater_writer.publish.lookup import Held, lacking, sequence
from headwater_writer.publish.shard import ShardState
from headwater_writer.publish.table import Head, PublishedTable
from headwater_writer.rows import Row

if TYPE_CHECKING:
    from headwater_writer.publish.work import Work

SAMPLE: Final = 20
"""Rows that the ledger covers of which it is looked up whether a table has them."""


@dataclass(frozen=True, slots=True)
class Doubts:
    """Whether every message of a batch is to be looked up, and what of a sample was missing."""

    missing: Mapping[str, int]
    any: bool


NO_DOUBTS: Final = Doubts({}, False)


@dataclass(frozen=True, slots=True)
class Asking:
    """Asks a table together with that of failed records: between them they hold a message once."""

    failed: PublishedTable

    def held(self, table: PublishedTable, shard: str, rows: Sequence[Row], head: Head) -> Held:
        """Return the positions that the two hold within the rows' stream records."""
        if not rows:
            return Held(())
        records = {row["ingest_sequence"] for row in rows}
        failed = self.failed.positions(shard, records, self.failed.head())
        return Held([*table.positions(shard, records, head), *failed])

    def lacking(
        self, table: PublishedTable, rows: Sequence[Row], held: Held, head: Head
    ) -> Sequence[Row]:
        """Return the rows of which neither the position is held nor the table has the event."""
        known = table.events(rows, head) if rows and table.contract.identity else ()
        return lacking(table.contract, rows, held, known)

    def doubts(self, events: PublishedTable, work: "Work", head: Head) -> Doubts:
        """Return whether the tables have what the ledger of ``events`` covers of a batch.

        A sample of it is looked up, if it covers any. That ``failed_records`` was taken back, its
        own notes say.
        """
        state = work.state(head)
        sample = {
            name: _sample(work.batch.rows[name], state)
            for name in (EVENTS.name, FAILED_RECORDS.name)
        }
        rows = [*chain(*sample.values())]
        if not rows:
            return NO_DOUBTS
        held = self.held(events, work.batch.shard, rows, head)
        missing = {
            EVENTS.name: len(self.lacking(events, sample[EVENTS.name], held, head)),
            FAILED_RECORDS.name: len(
                lacking(FAILED_RECORDS, sample[FAILED_RECORDS.name], held, ())
            ),
        }
        is_sure = work.state(self.failed.head()).is_sure(work.batch.claim)
        return Doubts(missing, any(missing.values()) or not is_sure)


def _sample(rows: Sequence[Row], state: ShardState) -> Sequence[Row]:
    """Return some of the rows that are settled, the same ones each time."""
    settled = [row for row in rows if not state.is_open(row)]
    if len(settled) <= SAMPLE:
        return settled
    return Random(sequence(settled[0])).sample(settled, SAMPLE)  # noqa: S311 -- no secret
