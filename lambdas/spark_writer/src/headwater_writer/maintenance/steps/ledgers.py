"""The ledgers of idle shards are shortened, and then forgotten.

A shard that was split or merged gets no more records, but its ledger would stay for ever, every
resharding adds some, and every commit writes them all. A ledger is of use as long as a record that
it covers can be delivered again, and a gap in it as long as a record that it does not cover can.

So each time, the newest sequence number that a table has of a shard is noted, with the time since
when it is the newest. Sequence numbers grow as records arrive: if the newest stays the same for a
while, every record with a number up to it arrived before that while. This needs to know nothing of
the shard's commits, and reads nothing but the properties.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Self

from headwater_contract.ranges import Range, Ranges
from headwater_writer.maintenance.errors import ContentionError, StepError
from headwater_writer.maintenance.properties import Properties, parse_time, update
from headwater_writer.maintenance.steps.storage_clock import agreed
from headwater_writer.maintenance.table import MaintainedTable
from headwater_writer.publish.ledger import LATE, LEDGER, PENDING, REWOUND
from headwater_writer.settings import LONGEST_RETENTION

MARGIN: Final = timedelta(days=7)
"""For a process that was given a record at the last moment, and for clocks: a Lambda lives for
minutes and is frozen for hours, and a run whose clock differs from the storage's by more than an
hour forgets nothing."""

IDLE_FOR: Final = LONGEST_RETENTION + MARGIN
"""How long a shard is idle before it is forgotten if the stream's retention is not known."""

LONGEST_RETRY: Final = timedelta(days=7)
"""How long a mapping may retry a record: the greatest MaximumRecordAgeInSeconds that it takes
("CreateEventSourceMapping", AWS Lambda API). After that it has given up on it, and the record waits
at the on-failure destination, from where rows come late and never consult the ledger."""

NOTE: Final = "headwater.maintenance.still."

_LISTS: Final = (LEDGER, LATE, REWOUND, PENDING)


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest sequence number that a table has of a shard, and since when (aware UTC)."""

    sequence: int
    since: datetime

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return what ``str`` gave.

        Raises:
            ValueError: the text is not of that form.
        """
        sequence, _, since = text.partition(" ")
        return cls(int(sequence), parse_time(since))

    def __str__(self) -> str:
        return f"{self.sequence} {self.since.isoformat()}"


def forget_ledgers(table: MaintainedTable, now: datetime) -> Mapping[str, int]:
    """Forget the ledgers of idle shards, by the retention of the stream.

    Raises:
        StepError: as ``forget_idle``, or this machine's clock and the storage's disagree.
    """
    # By a clock that is far ahead, every shard would be idle.
    time = agreed(now, table.storage_time())
    return forget_idle(table, time, table.stream_retention + MARGIN)


def forget_idle(
    table: Properties, now: datetime, idle_for: timedelta = IDLE_FOR
) -> Mapping[str, int]:
    """Drop what the table says of shards that have been idle for long.

    ``idle_for`` is so long that the stream holds none of their records any more, and ``MARGIN``
    longer. Before that, when the mapping cannot retry any of them, the gaps in their lists close.

    Raises:
        StepError: writers committed each time before it was done, or a list is not of the form in
            which it was written; what is said of its shard stays then, and the rest is done.
    """
    counts: dict[str, int] = {}

    def change(found: Mapping[str, str]) -> Mapping[str, str]:
        kept = without_idle(found, now, idle_for)
        counts.update(_counts(found, kept))
        return kept

    try:
        update(table, change)
    except ContentionError as error:
        raise StepError(str(error)) from error
    _require_readable(table.read().properties)
    return counts


def without_idle(
    properties: Mapping[str, str], now: datetime, idle_for: timedelta
) -> Mapping[str, str]:
    """Return the properties without those of idle shards, and with a note of each other shard.

    A shard is a consumer group and a shard here: whatever follows the prefix of a property's name.
    """
    kept = {name: text for name, text in properties.items() if _shard(name) is None}
    for shard in set(_shards(properties)):
        kept |= _still_useful(shard, properties, now, idle_for)
    return kept


def _still_useful(
    shard: str, properties: Mapping[str, str], now: datetime, idle_for: timedelta
) -> Mapping[str, str]:
    """Return the properties of a shard that are still of use."""
    texts = {name: text for name, text in properties.items() if _shard(name) == shard}
    note_name = f"{NOTE}{shard}"
    note_text = texts.pop(note_name, "")
    if not texts:
        return {}
    try:
        lists = {name: Ranges.parse(text) for name, text in texts.items()}
    except ValueError:  # Nobody can guess what it said; the writer refuses the shard's batches too.
        return texts
    note = _noted(note_text, lists.values(), now)
    idle = now - note.since
    if idle >= idle_for:
        return {}
    if idle >= LONGEST_RETRY + MARGIN:
        lists = {name: _without_gaps(ranges) for name, ranges in lists.items()}
    return {name: str(ranges) for name, ranges in lists.items()} | {note_name: str(note)}


def _noted(text: str, lists: Iterable[Ranges], now: datetime) -> Newest:
    newest = max((span.last for ranges in lists for span in ranges.ranges), default=0)
    try:
        earlier = Newest.parse(text)
    except ValueError:
        return Newest(newest, now)
    # A note from the future was written by a clock that was ahead, so it says nothing.
    is_valid = earlier.sequence == newest and earlier.since <= now
    return earlier if is_valid else Newest(newest, now)


def _without_gaps(ranges: Ranges) -> Ranges:
    spans = ranges.ranges
    return Ranges((Range(spans[0].first, spans[-1].last),)) if spans else ranges


def _shards(properties: Mapping[str, str]) -> Iterator[str]:
    return (shard for shard in map(_shard, properties) if shard is not None)


def _shard(name: str) -> str | None:
    for prefix in (*_LISTS, NOTE):
        if name.startswith(prefix):
            return name.removeprefix(prefix)
    return None


def _counts(found: Mapping[str, str], kept: Mapping[str, str]) -> Mapping[str, int]:
    forgotten = set(_shards(found)) - set(_shards(kept))
    gaps = sum(
        found[name].count(",") - text.count(",") for name, text in kept.items() if name in found
    )
    return {"ledgers_forgotten": len(forgotten), "gaps_closed": gaps}


def _require_readable(properties: Mapping[str, str]) -> None:
    for name, text in properties.items():
        if name.startswith(_LISTS):
            try:
                Ranges.parse(text)
            except ValueError as error:
                raise StepError(
                    f"cannot read the table's property {name}, which is {text!r:.200}: set it to "
                    "the value that it has in an earlier metadata file of the table"
                ) from error
