"""Whether every message that was sent is in one table, once, in plain sentences."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

Place: TypeAlias = tuple[str, int, int]
"""A shard, a sequence number and an index in that record."""

SHOWN: Final = 5
"""Examples in a sentence."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A message as it was sent: where on the stream, and what may become of it.

    ``event_id`` is None if it can be no event. One that ``repeats`` an earlier message has its id,
    and one of them is the event.
    """

    shard: str
    sequence: int
    index: int
    event_id: str | None
    identifies: bool = False
    repeats: bool = False

    @property
    def place(self) -> Place:
        """Where it is on the stream."""
        return self.shard, self.sequence, self.index


@dataclass(frozen=True, slots=True)
class Tables:
    """What the tables hold: of each row where it is from, and of events the id as well."""

    events: Sequence[tuple[Place, str]]
    identifies: Sequence[Place]
    failed: Sequence[Place]


def doubled(places: Iterable[Place]) -> Collection[Place]:
    """Return the places that more than one row of a table is from."""
    return [place for place, count in Counter(places).items() if count > 1]


def audit(sent: Collection[Sent], tables: Tables) -> list[str]:
    """Return what is wrong, a sentence each; nothing if each message is in one table once."""
    wrong = {
        "are in events twice": doubled(place for place, _ in tables.events),
        "are in identifies twice": doubled(tables.identifies),
        "are in failed_records twice": doubled(tables.failed),
        **_misplaced(sent, tables),
    }
    return [
        f"{len(found)} {what}: {', '.join(map(str, sorted(found)[:SHOWN]))}"
        for what, found in wrong.items()
        if found
    ]


def repeats_left(sent: Collection[Sent], tables: Tables) -> list[str]:
    """Return which messages that were sent again are not one event, a sentence each."""
    again = {each.event_id for each in sent if each.repeats}
    counts = Counter(event_id for _, event_id in tables.events)
    wrong = sorted(
        f"{each} is {counts[each]} events" for each in again if each and counts[each] != 1
    )
    return wrong[:SHOWN]


def _misplaced(sent: Collection[Sent], tables: Tables) -> Mapping[str, Collection[Place]]:
    events, failed = {place for place, _ in tables.events}, set(tables.failed)
    identifies = set(tables.identifies)
    everywhere = events | failed
    # A message that was sent again may be the event of either; of a late one the other was first.
    known = {event_id for _, event_id in tables.events}
    return {
        "are in both tables": events & failed,
        "are in no table": [
            each.place
            for each in sent
            if each.place not in everywhere and each.event_id not in known
        ],
        "were never sent": (everywhere | identifies) - {each.place for each in sent},
        "are events and can be none": [
            each.place for each in sent if each.event_id is None and each.place in events
        ],
        "should identify and do not, or the reverse": [
            each.place
            for each in sent
            if (each.place in identifies) != (each.identifies and each.place in events)
        ],
    }
