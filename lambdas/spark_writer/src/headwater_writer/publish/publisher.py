"""A batch on its way through the tables: every message ends in exactly one of them.

**The commit to ``events`` decides.** It claims the batch's records, and with that settles each of
their messages: it is a row of ``events``, a repeat of one, or a failed record. The failed records
follow, and until they are there their records are in the table's ``PENDING`` list. Another attempt
at the batch, under whatever tracking plan or version, adds what is missing of that decision and
changes none of it: a message that was to fail fails, though it could be a row by now; a replay
makes it one.

``identifies``, which is derived from the same messages, is committed before: a query that sees an
event finds its ids joined.

If the ledger of ``events`` does not tell what is there (rows came late, or the table was rolled
back), each message is looked up in the tables themselves. So is a sample of whatever the ledger
covers: those are messages that are delivered again, and those that a mapping left out that does not
deliver a shard whole.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from headwater_contract.ranges import Range, Ranges
from headwater_contract.tables import EVENTS, FAILED_RECORDS, IDENTIFIES
from headwater_writer.publish import presence
from headwater_writer.publish.batch import Batch, Published
from headwater_writer.publish.decision import Memory, RowsDecision
from headwater_writer.publish.events import decide_events
from headwater_writer.publish.failed import decide_barred, decide_failed
from headwater_writer.publish.fence import Change
from headwater_writer.publish.identifies import decide_identifies
from headwater_writer.publish.joint import (
    Heads,
    Joint,
    claiming_together,
    decide_once,
    merged,
    together,
)
from headwater_writer.publish.ledger import property_name
from headwater_writer.publish.lookup import Held, lacking
from headwater_writer.publish.settle import D, Decision, Pause, Settler
from headwater_writer.publish.shard import ShardState
from headwater_writer.publish.table import Head, Opaque, PublishedTable
from headwater_writer.publish.work import IN_ORDER, LATE, Mode, Work, state_at
from headwater_writer.rows.rows import Row


class Publisher:
    """Commits batches to the tables of the contract, by name, for a consumer group.

    ``now`` is the clock, aware UTC. A publisher remembers the recent events of each shard, and
    which failed records have followed; a new one reads both from the tables.
    """

    def __init__(
        self,
        tables: Mapping[str, PublishedTable],
        group: str,
        now: Callable[[], datetime],
        pause: Pause,
    ) -> None:
        self._events, self._identifies, self._failed = (
            tables[table.name] for table in (EVENTS, IDENTIFIES, FAILED_RECORDS)
        )
        self._group = group
        self._now = now
        self._settlers = {name: Settler(table, pause) for name, table in tables.items()}
        self._recent = {
            table.name: Memory(tables[table.name], now) for table in (EVENTS, IDENTIFIES)
        }
        self._followed: set[tuple[str, Range]] = set()

    def head(self) -> Head:
        """Read ``events``, which decides on a batch.

        Raises:
            LedgerError: one of its properties is not valid.
            TableError: it cannot be read.
        """
        return self._events.head()

    def write(self, batch: Batch, head: Head | None = None) -> Mapping[str, Published]:
        """Commit what the tables lack of a batch that comes in its shard's order.

        ``head`` is ``events`` as it was read since the batch came; it is read now if not given.

        Raises:
            LedgerError: a property of a table is not valid.
            PublishError: a commit to a table failed; the batch can be retried at any time.
        """
        head = head or self.head()
        work = self._work(batch, IN_ORDER)
        doubts = presence.doubts(work, self._events, head)
        published = self._write(replace(work, mode=LATE) if doubts.any else work, head)
        return {
            name: replace(
                each, missing=doubts.missing.get(name, 0), taken_back=bool(head.corrections)
            )
            for name, each in published.items()
        }

    def write_late(self, batch: Batch) -> Mapping[str, Published]:
        """Commit what the tables lack of a batch, regardless of the ledger.

        For what the writer has skipped: a batch that the mapping gave up on, whose gap in the
        ledger may have closed since. Each message is looked up, which takes longer.

        Raises:
            LedgerError: a property of a table is not valid.
            PublishError: a commit to a table failed; the batch can be retried at any time.
        """
        return self._write(self._work(batch, LATE), self._events.head())

    def heads(self) -> Heads:
        """Read the tables that a joint commit is decided on.

        Raises:
            LedgerError: a property of one is not valid.
            TableError: one cannot be read.
        """
        return Heads(self._events.head(), self._identifies.head())

    def state(self, shard: str, head: Head) -> ShardState:
        """Return a table's lists of a shard.

        Raises:
            LedgerError: they cannot be read, or lack what the newest snapshot claims.
        """
        return state_at(head, property_name(self._group, shard))

    def unfollowed(self, shard: str, head: Head) -> Sequence[Range]:
        """Return the ranges pending in ``events`` of which failed records may be missing.

        Raises:
            LedgerError: a property of a table is not valid.
        """
        pending = self.state(shard, head).pending
        for there in self._all_there(property_name(self._group, shard), pending):
            pending = pending.without(there)
        return pending.ranges

    def has_followed(self, shard: str, span: Range) -> None:
        """Note that all failed records of a pending range are there."""
        self._followed.add((property_name(self._group, shard), span))

    def write_jointly(self, joint: Joint, heads: Heads) -> bool:
        """Commit the shares of several shards, decided on ``heads``; return whether they landed.

        They do not if another process has written one of the shards since: then nothing of them is
        in ``events``, and all of it is to be planned anew.

        Raises:
            LedgerError: a property of a table is not valid.
            PublishError: a commit to a table failed; the records can be planned anew at any time.
        """
        works = [self._work(share.batch, IN_ORDER) for share in joint.shares]
        return self._join_jointly(joint, works, heads.identifies) and self._decide_jointly(
            joint, works, heads.events
        )

    def replay_jointly(self, joint: Joint, heads: Heads) -> bool:
        """Commit messages of several shards that the tables lack at ``heads``; whether they landed.

        They do not if another process wrote messages of their ranges since: then they are to be
        looked up anew.

        Raises:
            LedgerError: a property of a table is not valid.
            PublishError: a commit to a table failed; they can be looked up anew at any time.
        """
        works = [self._work(share.batch, LATE) for share in joint.shares]
        return all(
            self._land(table, works, joint.staged.get(table.contract.name), head)
            for table, head in ((self._identifies, heads.identifies), (self._events, heads.events))
        )

    def replay(self, batch: Batch) -> Mapping[str, Published]:
        """Commit what ``events`` and ``identifies`` lack of messages that are failed records.

        Raises:
            LedgerError: a property of a table is not valid.
            PublishError: a commit to a table failed; retrying is safe.
        """
        work = self._work(batch, LATE)
        published = {}
        for table in (self._identifies, self._events):
            name = table.contract.name
            if rows := batch.rows[name]:
                decide = partial(_decide_replayed, work, table)
                written = len(self._settled(table, table.head(), decide).rows)
                published[name] = Published(written, covered=len(rows) - written)
        return published

    def would_replay(self, batch: Batch) -> int:
        """Return how many events a replay would write."""
        decide = partial(_decide_replayed, self._work(batch, LATE), self._events)
        return len(decide(self._events.head()).rows)

    def _work(self, batch: Batch, mode: Mode) -> Work:
        ledger = property_name(self._group, batch.shard)
        return Work(batch, mode, ledger, self._now(), self._failed)

    def _write(self, work: Work, head: Head) -> Mapping[str, Published]:
        published = {}
        if work.batch.rows[IDENTIFIES.name]:
            published[IDENTIFIES.name] = self._join(work, head)
        decided = self._decide(work, head)
        if work.batch.rows[EVENTS.name]:
            published[EVENTS.name] = decided.counted(work.batch, EVENTS)
        if work.batch.rows[FAILED_RECORDS.name] or decided.failing:
            published[FAILED_RECORDS.name] = self._follow(work, decided.failing)
        return published

    def _join_jointly(self, joint: Joint, works: Sequence[Work], head: Head) -> bool:
        return self._land(self._identifies, works, joint.staged.get(IDENTIFIES.name), head)

    def _land(
        self, table: PublishedTable, works: Sequence[Work], staged: Opaque | None, head: Head
    ) -> bool:
        """Commit files that were decided on a state, if there are any; whether it still held."""
        if staged is None:
            return True

        def change(newest: Head) -> Change:
            return merged(work.change(newest) for work in works)

        decide = partial(decide_once, works, head, staged, change)
        return self._settled(table, head, decide).is_due

    def _decide_jointly(self, joint: Joint, works: Sequence[Work], head: Head) -> bool:
        reaches = [share.reach for share in joint.shares]
        followed = [self._all_there(work.ledger, work.state(head).pending) for work in works]
        change = partial(claiming_together, works, reaches, followed)
        decide = partial(decide_once, works, head, joint.staged.get(EVENTS.name), change)
        landed = self._settled(self._events, head, decide).is_due
        failing = [work for work in works if work.batch.rows[FAILED_RECORDS.name]]
        if landed and failing:
            self._follow_jointly(failing)
        return landed

    def _follow_jointly(self, works: Sequence[Work]) -> None:
        def decide(head: Head) -> Decision:
            of_events = self._events.head()
            return together(
                [
                    decide_failed(
                        work, self._events, of_events, work.batch.rows[FAILED_RECORDS.name], head
                    )
                    for work in works
                ],
                head,
            )

        self._settled(self._failed, self._failed.head(), decide)
        self._followed.update((work.ledger, work.batch.claim) for work in works)

    def _join(self, work: Work, of_events: Head) -> Published:
        memory = self._recent[IDENTIFIES.name]
        decide = partial(decide_identifies, work, memory, self._events, of_events)
        decided = self._settled(self._identifies, self._identifies.head(), decide)
        memory.note(work, decided)
        return decided.counted(work.batch, IDENTIFIES)

    def _decide(self, work: Work, head: Head) -> RowsDecision:
        memory = self._recent[EVENTS.name]
        followed = self._all_there(work.ledger, work.state(head).pending)

        def decide(newest: Head) -> RowsDecision:
            # Before the lookup, so that nothing is committed behind its back.
            if work.state(newest).rewound.touches(work.batch.claim):
                self._settled(self._failed, self._failed.head(), partial(decide_barred, work))
            return decide_events(work, memory, followed, newest)

        decided = self._settled(self._events, head, decide)
        memory.note(work, decided)
        return decided

    def _follow(self, work: Work, failing: Sequence[Row]) -> Published:
        came = len(work.batch.rows[FAILED_RECORDS.name])
        if not failing:
            return Published(0, covered=came)

        def decide(head: Head) -> Decision:
            return decide_failed(work, self._events, self._events.head(), failing, head)

        written = len(self._settled(self._failed, self._failed.head(), decide).rows)
        self._followed.add((work.ledger, work.batch.claim))
        return Published(written, covered=max(0, came - written))

    def _settled(self, table: PublishedTable, head: Head, decide: Callable[[Head], D]) -> D:
        return self._settlers[table.contract.name].settle(head, decide)

    def _all_there(self, ledger: str, pending: Ranges) -> Collection[Range]:
        """Return the claims within a pending list whose failed records are all there.

        Those of another process are looked up in the ledger of the table that they go to.
        """
        own = [
            claim for known, claim in self._followed if known == ledger and pending.touches(claim)
        ]
        self._followed = {each for each in self._followed if each[0] != ledger or each[1] in own}
        for claim in own:
            pending = pending.without(claim)
        if not pending.ranges:
            return own
        of_failed = state_at(self._failed.head(), ledger)
        found = [
            claim
            for claim in pending.ranges
            if of_failed.claimed.contains(claim) and of_failed.is_sure(claim)
        ]
        return own + found


def _decide_replayed(work: Work, table: PublishedTable, head: Head) -> Decision:
    """Return which rows of messages that are failed records the table lacks.

    They are looked up by their position and by their event.
    """
    rows = work.batch.rows[table.contract.name]
    held = Held(table.positions(work.batch.shard, {row["ingest_sequence"] for row in rows}, head))
    lacked = lacking(table.contract, rows, held, table.events(rows, head))
    return Decision(
        since=head.history.newest,
        rows=lacked,
        is_due=bool(lacked),
        change=work.change,
        conflicts=work.conflicts,
    )
