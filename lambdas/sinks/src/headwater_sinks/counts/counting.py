"""A run of the stream's records, counted in one transaction with the note of where it ends.

The note is what makes the counts exact. It is read and written in the transaction that adds them:
either both are there or neither, whatever dies, and a record that comes again is known by it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from headwater_contract.kinesis_event import ReceivedRecord
from headwater_contract.ranges import Range, Ranges
from headwater_sinks.counts.connection import Database
from headwater_sinks.counts.tally import Group, tally
from headwater_sinks.events import events_of

if TYPE_CHECKING:
    from datetime import timedelta

    from psycopg import Connection

# The locks of two shards' transactions are taken in the same order, so none waits for one that
# waits for it: rows go in sorted, and the minutes before the totals.
_BY_MINUTE: Final = """
    INSERT INTO counts_by_minute AS kept (minute, app_id, event_type, events)
    SELECT * FROM unnest(%s::timestamptz[], %s::text[], %s::text[], %s::bigint[])
    ON CONFLICT (minute, app_id, event_type) DO UPDATE SET events = kept.events + excluded.events
"""
_TOTALS: Final = """
    INSERT INTO totals AS kept (app_id, event_type, events)
    SELECT * FROM unnest(%s::text[], %s::text[], %s::bigint[])
    ON CONFLICT (app_id, event_type) DO UPDATE SET events = kept.events + excluded.events
"""
_LATE: Final = """
    INSERT INTO late_records (shard, sequence) SELECT * FROM unnest(%s::text[], %s::text[])
    ON CONFLICT DO NOTHING RETURNING sequence
"""


@dataclass(frozen=True, slots=True)
class Counting:
    """Counts what the stream holds; ``max_age`` is that of ``read_event``."""

    database: Database
    max_age: "timedelta"

    def store(self, records: Sequence[ReceivedRecord]) -> Mapping[str, int]:
        """Count the events of records that are not counted yet, and return how many.

        The records are of one shard, in its order, without gaps.

        Raises:
            psycopg.Error: the database refused, or went away; nothing of these records is counted.
        """
        return self.database.transact(lambda connection: self._count(connection, records))

    def store_late(self, records: Sequence[ReceivedRecord]) -> Mapping[str, int]:
        """Count the events of records that the mapping gave up on, and return how many.

        The oldest range may have closed over such records, so that it does not tell whether they
        are counted: they are, if ``late_records`` has them. The other ranges do tell. The records
        are as for ``store``; to count them late again changes nothing.

        Raises:
            psycopg.Error: the database refused, or went away; nothing of these records is counted.
        """
        return self.database.transact(
            lambda connection: self._count(connection, records, late=True)
        )

    def _count(
        self, connection: "Connection", records: Sequence[ReceivedRecord], *, late: bool = False
    ) -> Mapping[str, int]:
        counted = _lock_ranges(connection, records[0].shard)
        new = _new_late(connection, counted, records) if late else _new(counted, records)
        groups = tally(events_of(new, self.max_age))
        _add(connection, groups)
        claim = Range(int(records[0].sequence), int(records[-1].sequence))
        _note(connection, records[0].shard, counted.adding(claim))
        return {"events": groups.total(), "repeats": len(records) - len(new)}


def _new(counted: Ranges, records: Sequence[ReceivedRecord]) -> Sequence[ReceivedRecord]:
    return [record for record in records if not counted.covers(int(record.sequence))]


def _new_late(
    connection: "Connection", counted: Ranges, records: Sequence[ReceivedRecord]
) -> Sequence[ReceivedRecord]:
    """Return the records that are not counted, and note that they are now."""
    uncertain = _new(Ranges(counted.ranges[1:]), records)
    keys = [[record.shard for record in uncertain], [record.sequence for record in uncertain]]
    noted = {sequence for (sequence,) in connection.execute(_LATE, keys)}
    return [record for record in uncertain if record.sequence in noted]


def _lock_ranges(connection: "Connection", shard: str) -> Ranges:
    connection.execute(
        "INSERT INTO counted (shard, ranges) VALUES (%s, '') ON CONFLICT DO NOTHING", [shard]
    )
    locked = connection.execute("SELECT ranges FROM counted WHERE shard = %s FOR UPDATE", [shard])
    return Ranges.parse(next(locked)[0])


def _note(connection: "Connection", shard: str, ranges: Ranges) -> None:
    connection.execute("UPDATE counted SET ranges = %s WHERE shard = %s", [str(ranges), shard])


def _add(connection: "Connection", groups: Counter[Group]) -> None:
    if not groups:
        return
    totals = Counter[tuple[str, str]]()
    for group, events in groups.items():
        totals[group.app_id, group.event_type] += events
    connection.execute(_BY_MINUTE, _columns(groups))
    connection.execute(_TOTALS, _columns(totals))


def _columns(counts: Mapping[Any, int]) -> list[list[Any]]:
    """Return the columns of the rows that counts are, in the order of their keys."""
    rows = [(*key, counts[key]) for key in sorted(counts)]
    return [list(column) for column in zip(*rows, strict=True)]
