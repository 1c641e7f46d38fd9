"""Which records of a shard are to be read, by the ledgers alone.

A ledger's ranges say what is covered; records may be in any gap between two of them. One that the
event source mapping left open it may still fill: a batch that it bisected, that failed, or that it
gave up on. So every gap is read before the tip. An empty one is closed by the next claim for good.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from headwater_contract.ranges import Range, Ranges
from headwater_writer.publish.shard import ShardState


@dataclass(frozen=True, slots=True)
class Span:
    """The records of a shard after one sequence number and before another, both excluded.

    None is the shard's start, and its tip. ``at`` is a record to start at, if ``after`` may not be
    one: Kinesis takes only numbers that it gave.
    """

    after: int | None
    before: int | None
    at: int | None = None

    @classmethod
    def of(cls, span: Range) -> "Span":
        """Return the records from one to another, both included."""
        return cls(span.first - 1, span.last + 1, span.first)

    def is_behind(self, sequence: int) -> bool:
        """Return whether a sequence number is at the span's start or before it."""
        return self.after is not None and sequence <= self.after

    def is_beyond(self, sequence: int) -> bool:
        """Return whether a sequence number is at the span's end or after it."""
        return self.before is not None and sequence >= self.before

    def touches(self, other: Range) -> bool:
        """Return whether a range may have a record of the span."""
        return not (self.is_behind(other.last) or self.is_beyond(other.first))


@dataclass(frozen=True, slots=True)
class ShardPlan:
    """What is open of a shard, each list in its order.

    In ``doubtful`` spans each message has to be looked up, and of ``unfollowed`` ranges some failed
    records may be missing: the ordinary writer does both. In ``plain`` spans no table has anything.
    """

    shard: str
    unfollowed: Sequence[Range]
    doubtful: Sequence[Span]
    plain: Sequence[Span]

    @property
    def is_sure(self) -> bool:
        """Whether nothing has to be looked up."""
        return not (self.unfollowed or self.doubtful)

    @property
    def is_done(self) -> bool:
        """Whether nothing is open, not even the shard's tip."""
        return self.is_sure and not self.plain


def plan_of(
    shard: str,
    of_events: ShardState,
    of_identifies: ShardState,
    unfollowed: Sequence[Range],
    empty: Collection[Span],
) -> ShardPlan:
    """Return what is open of a shard by the lists of two tables.

    What the ledger of ``identifies`` alone covers is of an attempt that ended before it came to
    ``events``. Spans that are known to be ``empty`` are left out.
    """
    doubts = of_events.unsure.joined(of_identifies.unsure).joined(of_identifies.claimed)
    doubtful, plain = list[Span](), list[Span]()
    for span in open_spans(of_events.claimed):
        unsure, sure = _parted(span, doubts)
        doubtful += [each for each in unsure if each not in empty]
        plain += [each for each in sure if each not in empty]
    return ShardPlan(shard, unfollowed, doubtful, plain)


def open_spans(claimed: Ranges) -> Sequence[Span]:
    """Return where a shard may have records that a ledger does not cover, the tip last."""
    lasts = [None, *(span.last for span in claimed.ranges)]
    firsts = [*(span.first for span in claimed.ranges), None]
    return [
        Span(after, before)
        for after, before in zip(lasts, firsts, strict=True)
        if after is None or before is None or before - after > 1
    ]


def _parted(span: Span, doubts: Ranges) -> tuple[Sequence[Span], Sequence[Span]]:
    """Return the part of a span up to the last doubt, and the rest."""
    inside = [doubt for doubt in doubts.ranges if span.touches(doubt)]
    if not inside:
        return [], [span]
    first, last = inside[0].first, inside[-1].last
    at = first if span.after == first - 1 else None
    if span.before is not None and last >= span.before - 1:
        return [Span(span.after, span.before, at)], []
    return [Span(span.after, last + 1, at)], [Span(last, span.before)]


def readable(
    parents: Mapping[str, Sequence[str]], plans: Mapping[str, ShardPlan]
) -> Iterator[ShardPlan]:
    """Yield the plans of shards whose parents are done, or gone with their retention."""
    for shard, plan in plans.items():
        if all(plans[parent].is_done for parent in parents[shard] if parent in plans):
            yield plan
