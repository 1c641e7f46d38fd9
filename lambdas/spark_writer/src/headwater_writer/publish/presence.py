"""Which messages of a batch are present, looked up in the tables themselves."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from random import Random
from typing import Final

from headwater_contract.ranges import NOWHERE, Ranges
from headwater_contract.tables import EVENTS, FAILED_RECORDS
from headwater_writer.publish.lookup import Held, Position, lacking, sequence
from headwater_writer.publish.repeats import Digest
from headwater_writer.publish.shard import ShardState
from headwater_writer.publish.table import Head, PublishedTable
from headwater_writer.publish.work import Work
from headwater_writer.rows.rows import Row

SAMPLE: Final = 20
"""Rows that the ledger covers and that are looked up in the tables nevertheless."""


@dataclass(frozen=True, slots=True)
class Doubts:
    """Whether every message of a batch must be looked up, and how many of a sample were missing."""

    missing: Mapping[str, int]
    any: bool


NO_DOUBTS: Final = Doubts({}, False)


def held(  # noqa: PLR0913, PLR0917 -- two tables, each at a state
    work: Work,
    table: PublishedTable,
    rows: Sequence[Row],
    head: Head,
    pending: Ranges = NOWHERE,
    of_failed: Head | None = None,
) -> Held:
    """Return the positions within the rows' stream records that are in a table or failed records.

    ``of_failed`` is the table of failed records, if it has been read; it is read now otherwise.
    Between them the two hold a message once. A record may be torn if one of them has none of its
    messages and may lack some: rows were lost with a rewind, or are failed records of a ``pending``
    claim.
    """
    if not rows:
        return Held(())
    records = {row["ingest_sequence"] for row in rows}
    of_failed = of_failed or work.failed.head()
    ours = table.positions(work.batch.shard, records, head)
    failed = work.failed.positions(work.batch.shard, records, of_failed)
    torn = _torn(records, ours, work.state(head).rewound) | _torn(
        records, failed, work.state(of_failed).rewound.joined(pending)
    )
    return Held([*ours, *failed], torn)


def known(table: PublishedTable, rows: Sequence[Row], head: Head) -> Collection[Digest]:
    """Return which of the rows' events the table has, at whatever position."""
    return table.events(rows, head) if rows and table.contract.identity else ()


def doubts(work: Work, events: PublishedTable, head: Head) -> Doubts:
    """Return whether the tables have the messages of a batch that the ledger of ``events`` covers.

    A sample of them is looked up, if there are any. Whether ``failed_records`` was rolled back is
    in its own properties.
    """
    state = work.state(head)
    if state.is_new(work.batch.claim):
        return NO_DOUBTS
    sample = {
        name: _sample(work.batch.rows[name], state) for name in (EVENTS.name, FAILED_RECORDS.name)
    }
    rows = [*chain(*sample.values())]
    if not rows:
        return NO_DOUBTS
    of_failed = work.failed.head()
    there = held(work, events, rows, head, of_failed=of_failed)
    repeated = known(events, sample[EVENTS.name], head)
    missing = {
        table.name: len(lacking(table, sample[table.name], there, repeated))
        for table in (EVENTS, FAILED_RECORDS)
    }
    is_sure = work.state(of_failed).is_sure(work.batch.claim)
    return Doubts(missing, any(missing.values()) or not is_sure)


def _torn(records: Collection[str], positions: Collection[Position], gone: Ranges) -> set[str]:
    """Return the records of which a table has no message, and may lack some."""
    there = {record for record, _ in positions}
    return {each for each in records if each not in there and gone.covers(int(each))}


def _sample(rows: Sequence[Row], state: ShardState) -> Sequence[Row]:
    """Return some of the rows that are settled, the same ones each time."""
    settled = [row for row in rows if not state.is_open(row)]
    if len(settled) <= SAMPLE:
        return settled
    return Random(sequence(settled[0])).sample(settled, SAMPLE)  # noqa: S311 -- no secret
