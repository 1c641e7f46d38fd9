"""What a table must say of itself after it was taken to another of its snapshots.

Rows go with a rewind, and come back where one is taken back. Which, nobody knows exactly: a batch
may have claimed again what an earlier one had committed, and rows may have come late into a gap of
the ledger that had closed. But all of them lie between the least and the greatest number that the
snapshots on the way name, as claims or as places of late rows. So that whole span is taken out of
the shard's ledger and noted beside it. There the writer asks the table itself, row by row, as it
does where rows came late: a record that comes again is taken exactly if the table lacks it.
"""

from collections.abc import Collection, Iterator, Mapping

from headwater_writer.ledger import LATE, LEDGER, NOWHERE, REWOUND, Range, Ranges

Summary = Mapping[str, str]
"""Of a snapshot; a commit of rows names in it the shard's ledger with what it claimed, or the list
of what came late with their place."""


def rewound(properties: Mapping[str, str], path: Collection[Summary]) -> Mapping[str, str]:
    """Return the properties that are right after a rewind, given those that were before it.

    ``path`` holds every snapshot that the table had before and has not after, or the reverse.
    """
    changed = dict(properties)
    for ledger in {name for summary in path for name in summary if name.startswith(LEDGER)}:
        late, note = (ledger.replace(LEDGER, other, 1) for other in (LATE, REWOUND))
        places = [*_ranges(ledger, path), *_ranges(late, path)]
        if places:
            span = Range(min(each.first for each in places), max(each.last for each in places))
            changed[ledger] = str(without(Ranges.parse(properties.get(ledger, "")), span))
            changed[note] = str(Ranges.parse(properties.get(note, "")).adding(span))
    return changed


def without(ranges: Ranges, other: Range) -> Ranges:
    """Return ranges that cover what they covered, less ``other``.

    Where that cuts one range too many, the oldest gap closes as ever: ``other`` may be in it, which
    is noted.
    """
    left = NOWHERE
    for span in ranges.ranges:
        for piece in _pieces(span, other):
            left = left.adding(piece)
    return left


def _pieces(span: Range, other: Range) -> Iterator[Range]:
    if other.last < span.first or span.last < other.first:
        yield span
        return
    if span.first < other.first:
        yield Range(span.first, other.first - 1)
    if other.last < span.last:
        yield Range(other.last + 1, span.last)


def _ranges(name: str, path: Collection[Summary]) -> Iterator[Range]:
    for summary in path:
        yield from Ranges.parse(summary.get(name, "")).ranges
