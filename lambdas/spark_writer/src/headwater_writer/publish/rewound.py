"""What a table must say of itself after it was taken to another of its snapshots.

Rows go with a rewind, and come back with the next one. Which, nobody knows exactly: a batch may
have claimed again what an earlier one had committed, and rows may have come late into a gap of the
ledger that had closed. But all of them lie between the least and the greatest number that the
snapshots on the way name, as claims or as spans of late rows. So that whole span is taken out of
the shard's ledger and noted beside it. There the writer asks the table itself, row by row, as it
does where rows came late: a record that comes again is taken exactly if the table lacks it.
"""

from collections.abc import Iterable, Iterator, Mapping

from headwater_writer.publish.history import Properties
from headwater_writer.publish.ledger import LATE, LEDGER, PENDING, REWOUND, Range, Ranges, beside
from headwater_writer.publish.shard import ranges


def rewound(properties: Properties, path: Iterable[Properties]) -> Mapping[str, str]:
    """Return the properties that change with a rewind, given those before it.

    ``path`` has the summary of every snapshot that the table had before and has not after, or the
    reverse.

    Raises:
        LedgerError: a property is not a list of ranges.
    """
    summaries = list(path)
    changed: dict[str, str] = {}
    for ledger in {name for summary in summaries for name in summary if name.startswith(LEDGER)}:
        spans = [span for each in summaries for span in _spans(properties, ledger, each)]
        if spans:
            first, last = min(each.first for each in spans), max(each.last for each in spans)
            changed |= noted(properties, ledger, Range(first, last))
    return changed


def noted(properties: Properties, ledger: str, span: Range) -> Mapping[str, str]:
    """Return the properties that say of a shard that its ledger does not tell what is in a span.

    What an earlier try decided there is decided no more: its failed records are not pending.
    """
    note, pending = beside(ledger, REWOUND), beside(ledger, PENDING)
    changed = {
        ledger: str(ranges(properties, ledger).without(span)),
        note: str(ranges(properties, note).adding(span)),
    }
    left = ranges(properties, pending)
    return changed | ({pending: str(left.without(span))} if left.touches(span) else {})


def _spans(properties: Properties, ledger: str, summary: Properties) -> Iterator[Range]:
    """Yield where the rows of a commit may be from, as far as they are of a shard."""
    for name in (ledger, beside(ledger, LATE)):
        try:
            yield from Ranges.parse(summary.get(name) or "").ranges
        except ValueError:
            # No writer of ours says that, so they may be of anywhere on the shard.
            yield from ranges(properties, ledger).ranges
