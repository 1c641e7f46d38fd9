"""A stream in memory, page by page."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from headwater_contract.kinesis_event import ReceivedRecord
from headwater_writer.cluster.plan import Span
from headwater_writer.cluster.reading import Page


@dataclass
class MemorySource:
    """Shards of records, two to a page; nothing follows ``closed`` ones.

    Before the tip a page is ``millis_behind`` it.
    """

    records: Mapping[str, Sequence[ReceivedRecord]]
    parents: Mapping[str, Sequence[str]] = field(default_factory=dict)
    closed: frozenset[str] = frozenset()
    millis_behind: int = 60_000

    def shards(self) -> Mapping[str, Sequence[str]]:
        return {shard: self.parents.get(shard, ()) for shard in self.records}

    def pages(self, shard: str, span: Span) -> Iterator[Page]:
        start = span.after if span.at is None else span.at - 1
        left = [each for each in self.records[shard] if int(each.sequence) > (start or 0)]
        while True:
            given, left = left[:2], left[2:]
            behind = self.millis_behind if left else 0
            yield Page(given, behind, not left and shard in self.closed)
