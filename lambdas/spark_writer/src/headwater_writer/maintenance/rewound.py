"""Which properties a table must have after it was taken to another of its snapshots.

A snapshot does not hold the ledger that was right for it, and the summaries of its ancestors, each
with what that commit claimed, go back only as far as snapshots are kept. So the present ledger is
the start: from it goes what the snapshots that are left behind have claimed, to it comes what
those that are taken up have.

That is right but for one thing: a batch may claim a record that was committed earlier, alone or
in a shorter batch, and taking its claim away uncovers that record too. So the span of what was
taken away is noted as late: a batch that touches it is compared with the table's rows, one by one.
A record is thus taken again exactly if the table lacks it.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from headwater_writer.ledger import Range, Ranges, late_name, property_name

_LEDGER: Final = property_name("", "").rstrip("/")
_LATE: Final = late_name("", "").rstrip("/")

Summary = Mapping[str, str]
"""Of a snapshot; a commit of rows names in it the ledger that it moved, with what it claimed."""


@dataclass(frozen=True, slots=True)
class Path:
    """The way from a table's newest snapshot to another: back, on, or first back and then on."""

    left: Collection[Summary]
    taken: Collection[Summary]


def rewound(properties: Mapping[str, str], path: Path) -> Mapping[str, str]:
    """Return the properties that are right after ``path``, given those that were before it."""
    changed = dict(properties)
    for name in {*_ledgers(path.left), *_ledgers(path.taken)}:
        left = list(_claims(name, path.left))
        ledger = Ranges.parse(properties.get(name, ""))
        for claim in left:
            ledger = without(ledger, claim)
        for claim in _claims(name, path.taken):
            ledger = ledger.adding(claim)
        changed[name] = str(ledger)
        if left:
            late = name.replace(_LEDGER, _LATE, 1)
            span = Range(min(claim.first for claim in left), max(claim.last for claim in left))
            changed[late] = str(Ranges.parse(properties.get(late, "")).adding(span))
    return {name: value for name, value in changed.items() if value}


def without(ranges: Ranges, other: Range) -> Ranges:
    """Return ranges that cover what they covered, less ``other``."""
    return Ranges(tuple(piece for span in ranges.ranges for piece in _pieces(span, other)))


def _pieces(span: Range, other: Range) -> Iterator[Range]:
    if other.last < span.first or span.last < other.first:
        yield span
        return
    if span.first < other.first:
        yield Range(span.first, other.first - 1)
    if other.last < span.last:
        yield Range(other.last + 1, span.last)


def _ledgers(summaries: Collection[Summary]) -> Iterator[str]:
    return (name for summary in summaries for name in summary if name.startswith(_LEDGER))


def _claims(ledger: str, summaries: Collection[Summary]) -> Iterator[Range]:
    for summary in summaries:
        yield from Ranges.parse(summary.get(ledger, "")).ranges
