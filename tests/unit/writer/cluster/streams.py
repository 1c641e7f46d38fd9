"""A stream in memory, page by page."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from headwater_contract.kinesis_event import ReceivedRecord
from headwater_writer.cluster.plan import Span
from headwater_writer.cluster.reading import Page


@dataclass
class MemorySource:
    """Shards of records; ``closed`` ones have nothing behind them. It counts the pages it gave."""

    records: Mapping[str, Sequence[ReceivedRecord]]
    parents: Mapping[str, Sequence[str]] = field(default_factory=dict)
    closed: frozenset[str] = frozenset()
    page: int = 2
    pages_given: int = 0

    def shards(self) -> Mapping[str, Sequence[str]]:
        return {shard: self.parents.get(shard, ()) for shard in self.records}

    def pages(self, shard: str, span: Span) -> Iterator[Page]:
        start = span.after if span.at is None else span.at - 1
        left = [each for each in self.records[shard] if int(each.sequence) > (start or 0)]
        while True:
            given, left = left[: self.page], left[self.page :]
            self.pages_given += 1
            yield Page(given, not left, not left and shard in self.closed)
