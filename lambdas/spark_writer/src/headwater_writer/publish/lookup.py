"""Which rows a table has already, by their position on the stream or by their event.

The ledger answers for rows that come in their shard's order. If it cannot, the table itself is
searched, and a row's position is its identity: at most one row of a table has it.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta
from typing import Final

from headwater_contract.columns import Table
from headwater_writer.publish.repeats import Digest, digest
from headwater_writer.rows.rows import Row

REPEATS_WITHIN: Final = timedelta(days=1)
"""How far from a row's event time its event is searched under another position: a client resends a
message with its original time, or the collector stamps it a while later."""

Position = tuple[str, int]
"""A sequence number and an index in that record."""

WHOLE: Final = -1
"""The index of a failed record that stands for all messages of a stream record."""


def position(row: Row) -> Position:
    """Return the position on its shard that a row is from."""
    return row["ingest_sequence"], _index(row)


def sequence(row: Row) -> int:
    """Return the sequence number of the stream record that a row is from."""
    return int(row["ingest_sequence"])


class Held:
    """The positions that some tables have.

    A record that could not be read has one failed record, which stands for all of its messages that
    are not in a table by themselves; to a version that can read it, they are held. To one that
    cannot read it any more, it is held if any of them is, unless it is ``torn``: others may be
    missing.
    """

    def __init__(self, positions: Collection[Position], torn: Collection[str] = ()) -> None:
        self._positions = set(positions)
        self._records = {record for record, _ in positions}
        self._torn = torn

    def __contains__(self, row: Row) -> bool:
        record, index = position(row)
        if index == WHOLE:
            return (record, WHOLE) in self._positions or (
                record in self._records and record not in self._torn
            )
        return (record, index) in self._positions or (record, WHOLE) in self._positions


def lacking(
    table: Table, rows: Sequence[Row], held: Held, events: Collection[Digest]
) -> Sequence[Row]:
    """Return the rows whose position and event are neither held nor earlier among ``rows``."""
    taken: set[Position | Digest] = set(events)
    left = []
    for row in rows:
        own = set(_identities(table, row))
        if row in held or own & taken:
            continue
        taken |= own
        left.append(row)
    return left


def _identities(table: Table, row: Row) -> Iterator[Position | Digest]:
    yield position(row)
    if table.identity:
        yield digest(table, row)


def _index(row: Row) -> int:
    return WHOLE if row.get("stage") == "decode" else row["ingest_index"]
