"""Which sequence numbers of a shard a table already holds.

A mapping delivers a shard in order and without gaps, so what one batch holds is a range, from the
first to the last of its sequence numbers. Ranges rather than one high-water mark: a mapping that
bisects a failing batch may deliver the later half first.
"""

from bisect import bisect_right
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

MAX_RANGES: Final = 32
"""Ranges kept for a shard; beyond them the oldest gaps close.

A mapping retries only its newest batch, so an older gap is what it gave up on, and that is at the
on-failure destination.
"""


@dataclass(frozen=True, slots=True, order=True)
class Range:
    """Sequence numbers from ``first`` to ``last``, both included."""

    first: int
    last: int

    def __post_init__(self) -> None:
        if not 0 <= self.first <= self.last:
            raise ValueError(f"{self.first} to {self.last} is no range of sequence numbers")


@dataclass(frozen=True, slots=True)
class Ranges:
    """Disjoint ranges in ascending order."""

    ranges: tuple[Range, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "Ranges":
        """Return what ``str`` of ranges says: ``first-last,first-last``.

        Raises:
            ValueError: the text is not of that form.
        """
        return cls(tuple(_merge(_parse_range(part) for part in text.split(",") if part)))

    def __str__(self) -> str:
        return ",".join(f"{span.first}-{span.last}" for span in self.ranges)

    def covers(self, sequence: int) -> bool:
        """Return whether a sequence number is in one of the ranges."""
        place = bisect_right(self.ranges, sequence, key=lambda span: span.first)
        return place > 0 and sequence <= self.ranges[place - 1].last

    def touches(self, other: Range) -> bool:
        """Return whether any number of ``other`` is in one of the ranges."""
        return any(span.first <= other.last and other.first <= span.last for span in self.ranges)

    def adding(self, other: Range) -> "Ranges":
        """Return the ranges with ``other`` among them, the oldest gaps closed beyond the limit."""
        merged = list(_merge((*self.ranges, other)))
        surplus = len(merged) - MAX_RANGES
        if surplus > 0:
            merged[: surplus + 1] = [Range(merged[0].first, merged[surplus].last)]
        return Ranges(tuple(merged))


NOWHERE: Final = Ranges()


def property_name(group: str, shard: str) -> str:
    """Return the name under which a table keeps the ranges of a shard for a consumer group."""
    return f"headwater.ledger.{group}/{shard}"


def late_name(group: str, shard: str) -> str:
    """Return the name under which a table keeps where rows came late, out of the shard's order."""
    return f"headwater.late.{group}/{shard}"


def has_moved(
    name: str, since: int | None, ancestry: Iterable[tuple[int | None, Container[str]]]
) -> bool:
    """Return whether a ledger may have changed after the table's state ``since``.

    A state is a snapshot's id, or None for a table that has none yet. ``ancestry`` holds the states
    to build on, newest first, with the summaries of their snapshots; the history of a table whose
    snapshots are all there ends with the state None. A commit that changes a ledger names it in its
    snapshot's summary. Where ``since`` is not among the states, by expiry or because the history is
    another, nothing is known, and that counts as a change.
    """
    for state, summary in ancestry:
        if state == since:
            return False
        if name in summary:
            return True
    return True


def _parse_range(text: str) -> Range:
    first, _, last = text.partition("-")
    return Range(int(first), int(last))


def _merge(ranges: Iterable[Range]) -> Iterator[Range]:
    current: Range | None = None
    for span in sorted(ranges):
        if current is not None and span.first <= current.last:
            current = Range(current.first, max(current.last, span.last))
            continue
        if current is not None:
            yield current
        current = span
    if current is not None:
        yield current
