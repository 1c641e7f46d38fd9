"""Events that a client sent again: recognised by (app_id, event_id) among a shard's recent ones.

A client that lost the answer to a request sends it again, and it arrives as new stream records.
The collector puts a device's events on one shard, so a shard's own recent past is enough to know.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from headwater_writer.ledger import NOWHERE, Ranges
from headwater_writer.rows import Row

WINDOW: Final = timedelta(hours=1)
MAX_EVENTS: Final = 500_000
"""Events remembered for a shard, some 150 bytes each; at more than 140 a second this, not the
window, is the limit."""

Key = tuple[str, str]


class RecentEvents:
    """The keys of a shard's newest events: those of the last hour, and at most half a million."""

    def __init__(self) -> None:
        self._loaded_at: OrderedDict[Key, datetime] = OrderedDict()

    def __contains__(self, key: Key) -> bool:
        return key in self._loaded_at

    def add(self, keys: Iterable[Key], loaded_at: datetime) -> None:
        """Remember keys, and forget those that are too old or too many."""
        for key in keys:
            self._loaded_at[key] = loaded_at
            self._loaded_at.move_to_end(key)
        self._forget(loaded_at - WINDOW)

    def _forget(self, before: datetime) -> None:
        while self._loaded_at:
            oldest = next(iter(self._loaded_at))
            if len(self._loaded_at) <= MAX_EVENTS and self._loaded_at[oldest] >= before:
                return
            del self._loaded_at[oldest]


State = tuple[Ranges, Ranges]
"""What a table says of a shard: the ledger, and where that does not tell all (``Head.late``)."""


UNWRITTEN: Final[State] = (NOWHERE, NOWHERE)


class RecentByShard:
    """A writer's memory of every shard's recent events, good for as long as no other writes there.

    It stands beside the state that it was right for: a table in another state is read anew.
    """

    def __init__(self) -> None:
        self._known: dict[str, tuple[State, RecentEvents]] = {}

    def at(self, shard: str, state: State, read: Callable[[], RecentEvents]) -> RecentEvents:
        """Return the recent events of a shard in a state."""
        known, recent = self._known.setdefault(shard, (UNWRITTEN, RecentEvents()))
        if known != state:
            recent = read()
            self._known[shard] = (state, recent)
        return recent

    def committed(self, shard: str, state: State, ranges: Ranges, rows: Sequence[Row]) -> None:
        """Note what this writer committed on a state, and the ledger since.

        Of a shard that was not asked for in that state, nothing is known any more.
        """
        known, recent = self._known.pop(shard, (None, RecentEvents()))
        if known == state:
            recent.add(map(key, rows), rows[-1]["load_time"])
            self._known[shard] = ((ranges, state[1]), recent)


def key(row: Row) -> Key:
    """Return what identifies an event."""
    return row["app_id"], row["event_id"]


def without_repeats(rows: Sequence[Row], recent: RecentEvents) -> list[Row]:
    """Return the rows whose event is neither recent nor earlier among ``rows``."""
    first: dict[Key, Row] = {}
    for row in rows:
        first.setdefault(key(row), row)
    return [row for event, row in first.items() if event not in recent]
