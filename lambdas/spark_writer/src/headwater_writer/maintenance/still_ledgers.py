"""What a table says of shards that have been still for long is forgotten.

A shard that was split or merged gets no records any more, but its ledger would stay for ever, and
every resharding adds some. It is of use for as long as a record that it covers can come again: a
stream keeps one for 365 days at most, whatever its retention is set to.

So each time the newest number is noted that a table has of a shard, with the time since when it is
the newest. Numbers grow as records arrive. Where the newest has been the same for longer than any
stream keeps a record, the record of every number there has left the stream. Nothing is to be known
of the shard's commits, and nothing read but the properties.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Self

from headwater_writer.maintenance.errors import ContentionError, StepError
from headwater_writer.maintenance.properties import Properties, update
from headwater_writer.publish.ledger import LATE, LEDGER, REWOUND, Ranges

STILL_FOR: Final = timedelta(days=400)
"""Kinesis' longest retention, and a month for who was given a record at its end: a Lambda lives for
minutes and is frozen for hours."""

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
        return cls(int(newest), datetime.fromisoformat(since))

    def __str__(self) -> str:
        return f"{self.newest} {self.since.isoformat()}"


def forget_still_ledgers(table: Properties, now: datetime) -> Mapping[str, int]:
    """Drop what the table says of shards that have been still for ``STILL_FOR``.

    Raises:
        StepError: writers committed each time before it was done.
    """
    gone: set[str] = set()

    def change(found: Mapping[str, str]) -> Mapping[str, str]:
        kept = without_still(found, now)
        gone.clear()
        gone.update(found.keys() - kept.keys())
        return kept

    try:
        update(table, change)
    except ContentionError as error:
        raise StepError(str(error)) from error
    return {"ledgers_forgotten": sum(name.startswith(NOTE) for name in gone)}


def without_still(properties: Mapping[str, str], now: datetime) -> Mapping[str, str]:
    """Return the properties without those of still shards, and with a note of each of the others.

    A shard is a consumer group and a shard here: whatever follows the prefix of a property's name.
    """
    noted = {shard: _noted(properties, shard, now) for shard in _shards(properties)}
    kept = {shard: note for shard, note in noted.items() if now - note.since < STILL_FOR}
    gone = {f"{prefix}{shard}" for shard in noted.keys() - kept.keys() for prefix in _LISTS}
    others = {
        name: text
        for name, text in properties.items()
        if name not in gone and not name.startswith(NOTE)
    }
    return others | {f"{NOTE}{shard}": str(note) for shard, note in kept.items()}


def _noted(properties: Mapping[str, str], shard: str, now: datetime) -> Stillness:
    texts = (properties.get(f"{prefix}{shard}", "") for prefix in _LISTS)
    newest = max((span.last for text in texts for span in Ranges.parse(text).ranges), default=0)
    text = properties.get(f"{NOTE}{shard}")
    earlier = Stillness.parse(text) if text else None
    return earlier if earlier and earlier.newest == newest else Stillness(newest, now)


def _shards(properties: Mapping[str, str]) -> Iterator[str]:
    for name in properties:
        for prefix in _LISTS:
            if name.startswith(prefix):
                yield name.removeprefix(prefix)
