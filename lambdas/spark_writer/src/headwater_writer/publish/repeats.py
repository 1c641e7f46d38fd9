"""Events that a client sent repeatedly, recognised among a shard's recent ones.

A client that lost the answer to a request retries it, and it arrives as new stream records. The
collector puts a device's events on one shard, so it is enough to know the shard's own recent
events.

A repeat has the id and the content of an event: the columns of ``Table.identity``. Two messages
with the same id and different content are two events, so that neither a client that restarts its
ids nor a stranger who guesses one makes another event disappear.
"""

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import takewhile
from typing import Final

from headwater_contract.columns import Table
from headwater_contract.ranges import NOWHERE, Ranges
from headwater_writer.rows.rows import Row

WINDOW: Final = timedelta(hours=1)
MAX_EVENTS: Final = 500_000
"""Events of a table that a process remembers, of all shards together: 90 bytes each when they have
just been read, 133 after hours of coming and going, so 67 MB at most. Lambda gives a batch to
whichever instance is free, so each comes to know every shard. A single shard is limited by this,
not by the window, at more than 140 events a second."""

DIGEST_BYTES: Final = 15
"""With the 33 that Python adds they fill 48 bytes of memory; one more would take 64. A
collision is not a concern: for a new event and half a million known ones the odds are one in 10^30,
and an attacker who finds such a pair, after 2^60 attempts, loses an event of their own."""

Digest = bytes


def digest(table: Table, row: Row) -> Digest:
    """Return the digest of an event's identity, by which it is recognised.

    Each value is hashed with its length in characters, so that no two identities are one text; the
    lake computes the same in SQL (``headwater_writer.lake.search.digest``).
    """
    text = "".join(_measured(row[name]) for name in table.identity)
    return sha256(text.encode()).digest()[:DIGEST_BYTES]


def _measured(value: str | None) -> str:
    return "-" if value is None else f"{len(value)}:{value}"


class RecentEvents:
    """A shard's newest events: those of the last hour, and at most half a million."""

    def __init__(self) -> None:
        self._loaded_at: dict[Digest, datetime] = {}

    def __contains__(self, event: Digest) -> bool:
        return event in self._loaded_at

    def __len__(self) -> int:
        return len(self._loaded_at)

    def add(self, events: Iterable[Digest], loaded_at: datetime) -> None:
        """Remember events, and forget those that are too old or too many."""
        for event in events:
            self._loaded_at.pop(event, None)  # so that it is the newest
            self._loaded_at[event] = loaded_at
        self._forget(loaded_at - WINDOW)

    def _forget(self, before: datetime) -> None:
        surplus = len(self) - MAX_EVENTS
        oldest = enumerate(self._loaded_at.items())
        # All of them first: a search for the oldest after each would skip over the deleted ones.
        for _, (event, _) in list(
            takewhile(lambda found: found[0] < surplus or found[1][1] < before, oldest)
        ):
            del self._loaded_at[event]


State = tuple[Ranges, Ranges, Ranges]
"""A table's lists of a shard: the ledger, and where rows came late or were lost."""


UNWRITTEN: Final[State] = (NOWHERE, NOWHERE, NOWHERE)


class RecentByShard:
    """A writer's memory of every shard's recent events, valid as long as no other writer commits.

    It is kept with the state that it is valid for: in another state the table is read again. The
    shards without a batch for the longest time are forgotten when all have too many events.
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

    def committed(
        self,
        shard: str,
        state: State,
        ranges: Ranges,
        events: Collection[Digest],
        loaded_at: datetime,
    ) -> None:
        """Note what this writer committed on a state, and the ledger since.

        If the shard was not read in that state, it is forgotten.
        """
        known, recent = self._known.pop(shard, (None, RecentEvents()))
        if known == state:
            recent.add(events, loaded_at)
            self._known[shard] = ((ranges, *state[1:]), recent)
        self._forget()

    def _forget(self) -> None:
        events = sum(len(recent) for _, recent in self._known.values())
        while events > MAX_EVENTS and len(self._known) > 1:
            _, (_, recent) = self._known.popitem(last=False)
            events -= len(recent)


def without_repeats(
    table: Table, rows: Iterable[Row], recent: RecentEvents
) -> Mapping[Digest, Row]:
    """Return the first row of each event that is not recent, by its digest."""
    first: dict[Digest, Row] = {}
    for row in rows:
        first.setdefault(digest(table, row), row)
    return {event: row for event, row in first.items() if event not in recent}
