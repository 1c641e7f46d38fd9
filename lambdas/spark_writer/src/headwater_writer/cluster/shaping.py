"""A shard's records as rows: what one task does, by the same pure code as in a Lambda.

It reads in order from a fixed place and stops by what it has read, so a task that is run again, on
another machine, begins with the very same rows. It may find more of them, or fewer: its ``End``
says how far it came, and only what it said the first time counts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from headwater_contract.ranges import Range
from headwater_contract.tables import EVENTS, FAILED_RECORDS, IDENTIFIES
from headwater_writer.chunks import chunks
from headwater_writer.cluster.plan import Span
from headwater_writer.cluster.reading import Reading
from headwater_writer.publish.repeats import Digest, RecentEvents, without_repeats
from headwater_writer.rows.rows import Row, Rules
from headwater_writer.writer import Rows, rows_of


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a shard is read in a round.

    A task stops when it has ``chunks`` of ``chunk_bytes`` by their weight, or when the failed
    records weigh more than ``failed_bytes``, since they go through the driver.
    """

    chunk_bytes: int = 2 * 1024 * 1024
    chunks: int = 64
    failed_bytes: int = 1024 * 1024


ROW_BYTES: Final = 1024
"""What a failed record takes beside its bytes."""


@dataclass(frozen=True, slots=True)
class Portion:
    """Rows of some of a shard's records; those with an identity by their digest, each once."""

    events: Mapping[Digest, Row]
    identifies: Mapping[Digest, Row]
    failed: Sequence[Row]


@dataclass(frozen=True, slots=True)
class End:
    """How far a task came: the records it read, how many rows they became, and what was empty.

    ``is_end`` is whether the shard is closed and nothing follows, ``arrived_at`` when the stream
    took the first of the records; None if there is none, or if it is not known.
    """

    shard: str
    read: Range | None
    rows: Mapping[str, int]
    empty: Sequence[Span]
    is_end: bool
    arrived_at: datetime | None = None


def shaped(
    reading: Reading, rules: Rules, now: datetime, limits: Limits
) -> Iterator[Portion | End]:
    """Yield the rows of a shard's records, a portion at a time, and how far that came."""
    seen = {table.name: RecentEvents() for table in (EVENTS, IDENTIFIES)}
    counts = dict.fromkeys((EVENTS.name, IDENTIFIES.name, FAILED_RECORDS.name), 0)
    first = last = None
    failed_bytes = 0
    for count, chunk in enumerate(chunks(reading, limits.chunk_bytes), 1):
        portion = _portion(rows_of(chunk, rules, now), seen, now)
        first, last = first or chunk[0], chunk[-1]
        counts[EVENTS.name] += len(portion.events)
        counts[IDENTIFIES.name] += len(portion.identifies)
        counts[FAILED_RECORDS.name] += len(portion.failed)
        failed_bytes += sum(len(row["raw"]) + ROW_BYTES for row in portion.failed)
        yield portion
        if count == limits.chunks or failed_bytes > limits.failed_bytes:
            break
    read = Range(int(first.sequence), int(last.sequence)) if first and last else None
    arrived_at = first.arrived_at if first else None
    yield End(reading.shard, read, counts, reading.empty, reading.is_end, arrived_at)


def _portion(rows: Rows, seen: Mapping[str, RecentEvents], now: datetime) -> Portion:
    fresh = {}
    for table in (EVENTS, IDENTIFIES):
        recent = seen[table.name]
        fresh[table.name] = without_repeats(table, rows[table.name], recent)
        recent.add(fresh[table.name].keys(), now)
    return Portion(fresh[EVENTS.name], fresh[IDENTIFIES.name], rows[FAILED_RECORDS.name])
