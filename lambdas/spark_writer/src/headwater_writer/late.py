"""Rows that come late: which of them a table holds already, by position or by event.

The ledger answers for rows that come in their shard's order. Those that come out of it are looked
for in the table itself, where a row's position is its identity: at most one row has it.
"""

from collections.abc import Container, Sequence
from datetime import timedelta
from typing import Final

from headwater_writer.repeats import Key, key
from headwater_writer.rows import Row

REPEATS_WITHIN: Final = timedelta(days=1)
"""How far from a row's event time its event is looked for under another position: a client sends
a message again with the time that it had, or the collector's clock a while later."""

Place = tuple[str, int]


def place(row: Row) -> Place:
    """Return where on its shard a row comes from: sequence number, index in the record."""
    return row["ingest_sequence"], row["ingest_index"]


def without_held(
    rows: Sequence[Row], places: Container[Place], events: Container[Key]
) -> list[Row]:
    """Return the rows of which neither position nor event is held, nor earlier among ``rows``.

    A failed record has no event: it is known by its position alone.
    """
    taken = set[Place | Key]()
    fresh = []
    for row in rows:
        own = _identities(row)
        if place(row) in places or own & taken or any(each in events for each in own):
            continue
        taken |= own
        fresh.append(row)
    return fresh


def _identities(row: Row) -> set[Place | Key]:
    return {place(row), key(row)} if "event_id" in row else {place(row)}
