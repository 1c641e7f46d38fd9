"""Which sequence numbers of a shard a store already has.

A mapping reads a shard in order and leaves nothing out. So a batch whose first record is number 3
and whose last is number 9 stands for all records of the shard from 3 to 9, and when it is committed
the store notes "3-9". A record that is delivered again is recognised by its number, which is in a
noted range.

A high-water mark would not be enough: a mapping that bisects a failing batch may deliver the later
half first, and the earlier half must still be accepted.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

MAX_RANGES: Final = 32
"""Ranges kept for a shard; if there were more, the oldest become one.

The numbers between those then count as covered, though their records may be missing. By then the
mapping has either delivered them or given up on them, and those are at the on-failure destination,
from where rows come late (``Publisher.write_late``).
"""


@dataclass(frozen=True, slots=True, order=True)
class Range:
    """Sequence numbers from ``first`` to ``last``, both included."""

    first: int
    last: int

    def __post_init__(self) -> None:
        if not 0 <= self.first <= self.last:
            raise ValueError(f"{self.first}-{self.last} is not a range of sequence numbers")


@dataclass(frozen=True, slots=True)
class Ranges:
    """Disjoint ranges in ascending order."""

    ranges: tuple[Range, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "Ranges":
        """Return the ranges that ``str`` gave: ``first-last,first-last``.

        Raises:
            ValueError: it is not such a text; one that was truncated after a comma must not pass.
        """
        parts = text.split(",") if text else []
        ranges = cls(tuple(_merge(_parse_range(part) for part in parts)))
        if str(ranges) != text:
            raise ValueError(
                "it is not a list of ranges, first-last,first-last, in ascending order"
            )
        return ranges

    def __str__(self) -> str:
        return ",".join(f"{span.first}-{span.last}" for span in self.ranges)

    def covers(self, sequence: int) -> bool:
        """Return whether a sequence number is in one of the ranges."""
        index = bisect_right(self.ranges, sequence, key=lambda span: span.first)
        return index > 0 and sequence <= self.ranges[index - 1].last

    def contains(self, other: Range) -> bool:
        """Return whether every number of ``other`` is in one of the ranges."""
        return any(span.first <= other.first and other.last <= span.last for span in self.ranges)

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

    def joined(self, others: "Ranges") -> "Ranges":
        """Return the ranges with all ``others`` among them."""
        return Ranges(tuple(_merge((*self.ranges, *others.ranges))))

    def without(self, other: Range) -> "Ranges":
        """Return ranges that cover what these cover, except ``other``.

        If that makes one range too many, the oldest gap closes as always: ``other`` may be in it.
        """
        left = NOWHERE
        for span in self.ranges:
            for piece in _pieces(span, other):
                left = left.adding(piece)
        return left


NOWHERE: Final = Ranges()


def _pieces(span: Range, other: Range) -> Iterator[Range]:
    if other.last < span.first or span.last < other.first:
        yield span
        return
    if span.first < other.first:
        yield Range(span.first, other.first - 1)
    if other.last < span.last:
        yield Range(other.last + 1, span.last)


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
