"""Events that a client sent again: recognised by (app_id, event_id) among a shard's recent ones.

A client that lost the answer to a request sends it again, and it arrives as new stream records.
The collector puts a device's events on one shard, so a shard's own recent past is enough to know.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from hashlib import blake2b
from itertools import takewhile
from typing import Final

from headwater_writer.ledger import NOWHERE, Ranges
from headwater_writer.rows import Row

WINDOW: Final = timedelta(hours=1)
MAX_EVENTS: Final = 500_000
"""Events of a table that a process remembers, of all shards together: 90 bytes each when they have
just been read, 133 after hours of coming and going, so 67 MB at most. Lambda gives a batch to
whichever instance is free, so each comes to know every shard. A single shard is limited by this,
not by the window, at more than 140 events a second."""

DIGEST_BYTES: Final = 15
"""With the 33 that Python adds they fill 48 bytes of memory; one more would take 64."""

Key = tuple[str, str]


class RecentEvents:
    """A shard's newest events: those of the last hour, and at most half a million.

    Of a key it keeps a digest. That another event has the same one is no concern: for a new event
    and half a million known ones the odds are one in 10^30, and who looks for such a pair on
    purpose finds it after 2^60 tries, and has lost one event of his own.
    """

    def __init__(self) -> None:
        self._loaded_at: dict[bytes, datetime] = {}

    def __contains__(self, key: Key) -> bool:
        return _digest(key) in self._loaded_at

    def __len__(self) -> int:
        return len(self._loaded_at)

    def add(self, keys: Iterable[Key], loaded_at: datetime) -> None:
        """Remember keys, and forget those that are too old or too many."""
        for digest in map(_digest, keys):
            self._loaded_at.pop(digest, None)  # so that it is the newest
            self._loaded_at[digest] = loaded_at
        self._forget(loaded_at - WINDOW)

    def _forget(self, before: datetime) -> None:
        surplus = len(self) - MAX_EVENTS
        oldest = enumerate(self._loaded_at.items())
        # All of them first: to look for the oldest after each would pass by the deleted ones.
        for _, (digest, _) in list(
            takewhile(lambda found: found[0] < surplus or found[1][1] < before, oldest)
        ):
            del self._loaded_at[digest]


State = tuple[Ranges, Ranges]
"""What a table says of a shard: the ledger, and where that does not tell all (``Head.late``)."""


UNWRITTEN: Final[State] = (NOWHERE, NOWHERE)


class RecentByShard:
    """A writer's memory of every shard's recent events, good for as long as no other writes there.

    It stands beside the state that it was right for: a table in another state is read anew. The
    shards that had no batch for longest are forgotten where all have too many events.
    """

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[State, RecentEvents]] = OrderedDict()

    def at(self, shard: str, state: State, read: Callable[[], RecentEvents]) -> RecentEvents:
        """Return the recent events of a shard in a state."""
        known, recent = self._known.setdefault(shard, (UNWRITTEN, RecentEvents()))
        if known != state:
            recent = read()
            self._known[shard] = (state, recent)
        self._known.move_to_end(shard)
        self._forget()
        return recent

    def committed(self, shard: str, state: State, ranges: Ranges, rows: Sequence[Row]) -> None:
        """Note what this writer committed on a state, and the ledger since.

        Of a shard that was not asked for in that state, nothing is known any more.
        """
        known, recent = self._known.pop(shard, (None, RecentEvents()))
        if known == state:
            recent.add(map(key, rows), rows[-1]["load_time"])
            self._known[shard] = ((ranges, state[1]), recent)
        self._forget()

    def _forget(self) -> None:
        events = sum(len(recent) for _, recent in self._known.values())
        while events > MAX_EVENTS and len(self._known) > 1:
            _, (_, recent) = self._known.popitem(last=False)
            events -= len(recent)


def key(row: Row) -> Key:
    """Return what identifies an event."""
    return row["app_id"], row["event_id"]


def _digest(key: Key) -> bytes:
    app_id, event_id = key
    # The length says where one ends: ids may hold any character.
    text = f"{len(app_id)} {app_id}{event_id}"
    return blake2b(text.encode(), digest_size=DIGEST_BYTES).digest()


def without_repeats(rows: Sequence[Row], recent: RecentEvents) -> list[Row]:
    """Return the rows whose event is neither recent nor earlier among ``rows``."""
    first: dict[Key, Row] = {}
    for row in rows:
        first.setdefault(key(row), row)
    return [row for event, row in first.items() if event not in recent]
