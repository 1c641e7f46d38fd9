"""A shard's records, read in its order."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from headwater_contract.kinesis_event import ReceivedRecord
from headwater_writer.cluster.plan import Span

NEAR_TIP_MILLIS: Final = 1000
"""So near to the tip a reading ends: what comes steadily would never let it come nearer."""


@dataclass(frozen=True, slots=True)
class Page:
    """Consecutive records of a shard, and how far behind its tip they end.

    At 0 ms nothing follows for now; if ``is_end``, never.
    """

    records: Sequence[ReceivedRecord]
    millis_behind: int
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
            if _is_last(page, span):
                return


def _is_last(page: Page, span: Span) -> bool:
    """Return whether a span is read with a page; a gap must be, before it can be called empty."""
    enough = 0 if span.before is not None else NEAR_TIP_MILLIS
    return page.is_end or page.millis_behind <= enough
