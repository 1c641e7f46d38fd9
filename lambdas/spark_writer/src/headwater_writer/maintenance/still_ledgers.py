"""What a table says of shards that have been still for long is made short, and then forgotten.

A shard that was split or merged gets no records any more, but its ledger would stay for ever, every
resharding adds some, and every commit writes them all. A ledger is of use for as long as a record
that it covers can come again, and a gap in it for as long as one that it does not cover can come.

So each time the newest number is noted that a table has of a shard, with the time since when it is
the newest. Numbers grow as records arrive: where the newest is the same for a while, the record of
every number there arrived before that while. Nothing is to be known of the shard's commits, and
nothing read but the properties.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Self

from headwater_writer.ledger import LATE, LEDGER, REWOUND, Range, Ranges
from headwater_writer.maintenance.errors import ContentionError, StepError
from headwater_writer.maintenance.moments import moment
from headwater_writer.maintenance.properties import Properties, update
from headwater_writer.settings import LONGEST_RETENTION

MARGIN: Final = timedelta(days=7)
"""For who was given a record at the last moment, and for clocks: a Lambda lives for minutes and is
frozen for hours, and a run whose clock is not the storage's to within an hour forgets nothing."""

STILL_FOR: Final = LONGEST_RETENTION + MARGIN
"""How long a shard is still before it is forgotten, of a stream whose retention nobody told."""

LONGEST_RETURN: Final = timedelta(days=7)
"""How long a mapping may come back to a record: the greatest MaximumRecordAgeInSeconds that it
takes ("CreateEventSourceMapping", AWS Lambda API). After that it has given up on it, and the record
waits at the on-failure destination, from where rows come late and never ask the ledger."""

NOTE: Final = "headwater.maintenance.still."

_LISTS: Final = (LEDGER, LATE, REWOUND)


@dataclass(frozen=True, slots=True)
class Stillness:
    """The newest sequence number that a table has of a shard, and since when (aware UTC)."""

    newest: int
    since: datetime

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return what ``str`` of a stillness says.

        Raises:
            ValueError: the text is not of that form.
        """
        newest, _, since = text.partition(" ")
        return cls(int(newest), moment(since))

    def __str__(self) -> str:
        return f"{self.newest} {self.since.isoformat()}"


def forget_still_ledgers(
    table: Properties, now: datetime, still_for: timedelta = STILL_FOR
) -> Mapping[str, int]:
    """Drop what the table says of shards that have been still for long.

    ``still_for`` is so long that the stream holds none of their records any more, and ``MARGIN``
    longer. Before that, when the mapping cannot come back to any of them, the gaps close in what is
    said of them.

    Raises:
        StepError: writers committed each time before it was done, or a list is not of the form that
            it was written in; what is said of its shard stays then, and the rest is done.
    """
    counts: dict[str, int] = {}

    def change(found: Mapping[str, str]) -> Mapping[str, str]:
        kept = without_still(found, now, still_for)
        counts.update(_counts(found, kept))
        return kept

    try:
        update(table, change)
    except ContentionError as error:
        raise StepError(str(error)) from error
    _require_readable(table.read().properties)
    return counts


def without_still(
    properties: Mapping[str, str], now: datetime, still_for: timedelta
) -> Mapping[str, str]:
    """Return the properties without those of still shards, and with a note of each of the others.

    A shard is a consumer group and a shard here: whatever follows the prefix of a property's name.
    """
    kept = {name: text for name, text in properties.items() if _shard(name) is None}
    for shard in set(_shards(properties)):
        kept |= _settled(shard, properties, now, still_for)
    return kept


def _settled(
    shard: str, properties: Mapping[str, str], now: datetime, still_for: timedelta
) -> Mapping[str, str]:
    """Return the properties that say of a shard what is still of use."""
    texts = {name: text for name, text in properties.items() if _shard(name) == shard}
    note_name = f"{NOTE}{shard}"
    note_text = texts.pop(note_name, "")
    if not texts:
        return {}
    try:
        lists = {name: Ranges.parse(text) for name, text in texts.items()}
    except ValueError:  # Nobody guesses what it said; the writer refuses the shard's batches too.
        return texts
    note = _noted(note_text, lists.values(), now)
    still = now - note.since
    if still >= still_for:
        return {}
    if still >= LONGEST_RETURN + MARGIN:
        lists = {name: _closed(ranges) for name, ranges in lists.items()}
    return {name: str(ranges) for name, ranges in lists.items()} | {note_name: str(note)}


def _noted(text: str, lists: Iterable[Ranges], now: datetime) -> Stillness:
    newest = max((span.last for ranges in lists for span in ranges.ranges), default=0)
    try:
        earlier = Stillness.parse(text)
    except ValueError:
        return Stillness(newest, now)
    # A note from the future is from a clock that was ahead, and says nothing.
    return earlier if earlier.newest == newest and earlier.since <= now else Stillness(newest, now)


def _closed(ranges: Ranges) -> Ranges:
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
                    f"the table's property {name} is not as it was written: {text!r:.200}; "
                    "give it the value that it has in an earlier metadata file of the table"
                ) from error
