"""A round: plan by the ledgers, read and shape on all machines, commit once for all shards."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from typing import Protocol

from headwater_contract.kinesis_event import ReceivedRecord
from headwater_contract.ranges import Range
from headwater_contract.tables import EVENTS, FAILED_RECORDS, IDENTIFIES
from headwater_writer.chunks import chunks
from headwater_writer.cluster.plan import ShardPlan, Span, plan_of, readable
from headwater_writer.cluster.reading import Reading, Source
from headwater_writer.cluster.shaping import End
from headwater_writer.handler import MAX_CHUNK_BYTES
from headwater_writer.latency import latency_seconds
from headwater_writer.publish.batch import Published
from headwater_writer.publish.joint import Heads, Joint, Share
from headwater_writer.publish.publisher import Publisher
from headwater_writer.publish.table import Opaque
from headwater_writer.rows.rows import Row
from headwater_writer.writer import Writer


@dataclass(frozen=True, slots=True)
class Shaped:
    """What the tasks of a round made: how far each came, failed records by shard, staged files.

    ``written`` is how many rows the files have; what is not in them repeats recent events.
    """

    ends: Sequence[End]
    failing: Mapping[str, Sequence[Row]]
    staged: Mapping[str, Opaque]
    written: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Commit:
    """What became of a commit's messages, by table, how long it took, and how late it came.

    ``latency_seconds`` is from the arrival of its oldest record on the stream to its end; None if
    it is not known.
    """

    published: Mapping[str, Published]
    seconds: float
    latency_seconds: float | None


class Engine(Protocol):
    """What runs a task for each shard and writes the files of all of them."""

    def shaped(self, plans: Sequence[ShardPlan], heads: Heads, now: datetime) -> Shaped:
        """Read, shape and stage what is plain of some shards, without what repeats recent events.

        Recent are those that the tables have at ``heads`` from the last hour before ``now``.
        """


class Outcome(Enum):
    """How a round ended."""

    IDLE = "nothing is open"
    WORKED = "there may be more at once"
    OVERTAKEN = "another process was faster"


@dataclass
class Rounds:
    """Rounds on one stream; any number of processes may run them, beside any number of Lambdas.

    It remembers which spans have no records: none can appear there any more. ``report`` is told of
    each commit.
    """

    publisher: Publisher
    writer: Writer
    source: Source
    engine: Engine
    now: Callable[[], datetime]
    report: Callable[[Commit], None] = lambda _: None
    _empty: dict[str, set[Span]] = field(default_factory=dict)
    _again: set[str] = field(default_factory=set)

    def read_again(self) -> None:
        """Read the stream from its start before anything else, as is due after a rewind.

        Raises:
            SourceError: the stream did not answer.
        """
        self._again.update(self.source.shards())

    @property
    def reads_again(self) -> bool:
        """Whether some of what is to be read again is not read yet."""
        return bool(self._again)

    def run(self) -> Outcome:
        """Run a round; whatever it raises, the next one may be run at any time.

        Raises:
            LedgerError: a property of a table is not valid.
            PublishError: a commit to a table failed.
            SourceError: the stream did not answer.
            TableError: a table cannot be read.
            TaskChangedError: a task that ran again read its shard differently.
        """
        heads = self.publisher.heads()
        plans = self._plans(heads)
        unsure = [plan for plan in plans if not plan.is_sure]
        for plan in unsure:
            self._mend(plan)
        if unsure:
            return Outcome.WORKED
        due = [plan for plan in plans if plan.plain]
        return self._commit(due, heads) if due else Outcome.IDLE

    def _plans(self, heads: Heads) -> Sequence[ShardPlan]:
        parents = self.source.shards()
        plans = {shard: self._plan(shard, heads) for shard in parents}
        return list(readable(parents, plans))

    def _plan(self, shard: str, heads: Heads) -> ShardPlan:
        of_events = self.publisher.state(shard, heads.events)
        plan = plan_of(
            shard,
            of_events,
            self.publisher.state(shard, heads.identifies),
            self.publisher.unfollowed(shard, heads.events),
            self._empty.setdefault(shard, set()),
        )
        covered = of_events.claimed.ranges
        if not covered:
            self._again.discard(shard)
        if shard not in self._again:
            return plan
        return replace(plan, doubtful=[Span(None, covered[-1].last + 1)])

    def _mend(self, plan: ShardPlan) -> None:
        """Write what is doubtful as the mapping would deliver it, by the ordinary writer."""
        self._follow(plan.shard, deque(plan.unfollowed))
        for doubtful in plan.doubtful:
            self._empty[plan.shard].update(self._write(plan.shard, doubtful))
        self._again.discard(plan.shard)

    def _follow(self, shard: str, unfollowed: deque[Range]) -> None:
        """Write the records of ranges, as many at once as fit into a chunk with what lies between.

        A round leaves a range for each record that failed: a commit for each would take minutes.
        """
        while unfollowed:
            start, end = unfollowed[0], unfollowed[-1]
            reading = Reading(
                self.source, shard, [Span(start.first - 1, end.last + 1, start.first)]
            )
            for chunk in chunks(reading, MAX_CHUNK_BYTES):
                self._write_chunk(chunk)
                reached = int(chunk[-1].sequence)
                self._note_followed(shard, unfollowed, reached)
                if not unfollowed or unfollowed[0].first > reached:
                    break
            else:
                # The stream holds no more of them.
                self._note_followed(shard, unfollowed, end.last)

    def _note_followed(self, shard: str, unfollowed: deque[Range], reached: int) -> None:
        while unfollowed and unfollowed[0].last <= reached:
            self.publisher.has_followed(shard, unfollowed.popleft())

    def _write(self, shard: str, span: Span) -> Sequence[Span]:
        """Write the records of a span, and return the span if it has none."""
        reading = Reading(self.source, shard, [span])
        for chunk in chunks(reading, MAX_CHUNK_BYTES):
            self._write_chunk(chunk)
        return reading.empty

    def _write_chunk(self, chunk: Sequence[ReceivedRecord]) -> None:
        began = self.now()
        published = self.writer.write(chunk)
        self._report(published, began, [record.arrived_at for record in chunk])

    def _commit(self, plans: Sequence[ShardPlan], heads: Heads) -> Outcome:
        began = self.now()
        shaped = self.engine.shaped(plans, heads, began)
        spans = {plan.shard: plan.plain for plan in plans}
        shares = [
            Share(end.shard, end.read, _reach(end.read, spans[end.shard]), failing)
            for end in shaped.ends
            for failing in [shaped.failing.get(end.shard, ())]
            if end.read
        ]
        if shares and not self.publisher.write_jointly(Joint(shares, shaped.staged), heads):
            return Outcome.OVERTAKEN
        if shares:
            self._report(_published(shaped), began, [end.arrived_at for end in shaped.ends])
        known = {end.shard: {*_known_empty(end, spans[end.shard])} for end in shaped.ends}
        for shard, empty in known.items():
            self._empty[shard] |= empty
        return Outcome.WORKED if shares or any(known.values()) else Outcome.IDLE

    def _report(
        self,
        published: Mapping[str, Published],
        began: datetime,
        arrivals: Sequence[datetime | None],
    ) -> None:
        ended = self.now()
        seconds = round((ended - began).total_seconds(), 3)
        self.report(Commit(published, seconds, latency_seconds(arrivals, ended)))


def _reach(read: Range, spans: Sequence[Span]) -> Range:
    """Return what is covered with the records that were read: all spans before them are empty."""
    covered = [span.after for span in spans if span.after is not None]
    return Range(min([read.first, *covered]), read.last)


def _published(shaped: Shaped) -> Mapping[str, Published]:
    """Return what landed of a round, by table."""
    failed = sum(len(rows) for rows in shaped.failing.values())
    return {FAILED_RECORDS.name: Published(failed)} | {
        table.name: Published(written, repeats=made - written)
        for table in (EVENTS, IDENTIFIES)
        for made in [sum(end.rows[table.name] for end in shaped.ends if end.read)]
        for written in [shaped.written.get(table.name, 0)]
    }


def _known_empty(end: End, spans: Sequence[Span]) -> Iterator[Span]:
    yield from end.empty
    if end.is_end:
        yield Span(end.read.last, None) if end.read else spans[-1]
