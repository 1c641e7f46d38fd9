"""A shard's records, read in its order."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from headwater_contract.kinesis_event import ReceivedRecord
from headwater_writer.cluster.plan import Span


@dataclass(frozen=True, slots=True)
class Page:
    """Consecutive records of a shard. At the tip nothing follows for now, at the end never."""

    records: Sequence[ReceivedRecord]
    is_tip: bool
    is_end: bool


class Source(Protocol):
    """A stream. Shards are named as in the tables: the stream's name, a slash, the shard's id."""

    def shards(self) -> Mapping[str, Sequence[str]]:
        """Return the shards that still hold records, open or closed, each with its parents.

        Raises:
            SourceError: the stream did not answer; the round can be retried.
        """

    def pages(self, shard: str, span: Span) -> Iterator[Page]:
        """Yield what a shard holds from a span's start on, or a little before, page by page.

        Raises:
            SourceError: the stream did not answer; the round can be retried.
        """


class SourceError(Exception):
    """The stream did not answer; the text says why."""


@dataclass
class Reading:
    """The records of the first of a shard's spans that has any; an iterable to be used once.

    ``empty`` are the spans before it. ``is_end`` is set if the shard is closed and all was read.
    """

    source: Source
    shard: str
    spans: Sequence[Span]
    empty: list[Span] = field(default_factory=list)
    is_end: bool = False

    def __iter__(self) -> Iterator[ReceivedRecord]:
        for span in self.spans:
            has_any = False
            for record in self._of(span):
                has_any = True
                yield record
            # One span at a time: a claim is of records without gaps.
            if has_any:
                return
            if span.before is not None:
                self.empty.append(span)

    def _of(self, span: Span) -> Iterator[ReceivedRecord]:
        for page in self.source.pages(self.shard, span):
            for record in page.records:
                number = int(record.sequence)
                if span.is_beyond(number):
                    return
                if not span.is_behind(number):
                    yield record
            self.is_end = page.is_end and span.before is None
            if page.is_end or page.is_tip:
                return
