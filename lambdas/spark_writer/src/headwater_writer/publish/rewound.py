"""The properties of a table after it was taken to another of its snapshots.

Rows are lost with a rewind, and come back with the next one. Which ones is not known exactly: a
batch may have claimed again what an earlier one had committed, and rows may have come late into a
gap of the ledger that had closed. But all of them are between the least and the greatest number
that the snapshots on the way name, as claims or as ranges of late rows. So that whole range is
removed from the shard's ledger and noted beside it. In it the writer looks up each row in the table
itself, as it does where rows came late: a record that is delivered again is accepted exactly if the
table lacks it.
"""

from collections.abc import Iterable, Iterator, Mapping

from headwater_contract.ranges import Range, Ranges
from headwater_writer.publish.history import Properties
from headwater_writer.publish.ledger import LATE, LEDGER, PENDING, REWOUND, beside
from headwater_writer.publish.shard import ranges


def rewound(properties: Properties, path: Iterable[Properties]) -> Mapping[str, str]:
    """Return the properties that change with a rewind, given those before it.

    ``path`` has the summary of every snapshot that the table had before and does not have after, or
    the reverse.

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
    """Return the properties by which a shard's ledger is not to be trusted in a range.

    What an earlier attempt decided there is void: its failed records are not pending.
    """
    note, pending = beside(ledger, REWOUND), beside(ledger, PENDING)
    changed = {
        ledger: str(ranges(properties, ledger).without(span)),
        note: str(ranges(properties, note).adding(span)),
    }
    left = ranges(properties, pending)
    return changed | ({pending: str(left.without(span))} if left.touches(span) else {})


def _spans(properties: Properties, ledger: str, summary: Properties) -> Iterator[Range]:
    """Yield the ranges that the rows of a commit may be from, as far as they are of a shard."""
    for name in (ledger, beside(ledger, LATE)):
        try:
            yield from Ranges.parse(summary.get(name) or "").ranges
        except ValueError:
            # Not written by Headwater, so they may be from anywhere on the shard.
            yield from ranges(properties, ledger).ranges
