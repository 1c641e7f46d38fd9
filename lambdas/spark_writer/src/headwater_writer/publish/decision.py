"""Which of a batch's rows a state of a table lacks, if its rows have an identity."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from headwater_contract.columns import Table
from headwater_writer.publish.batch import Batch, Published
from headwater_writer.publish.fence import Change
from headwater_writer.publish.repeats import (
    WINDOW,
    Digest,
    RecentByShard,
    RecentEvents,
    State,
    without_repeats,
)
from headwater_writer.publish.settle import Decision
from headwater_writer.publish.shard import ShardState
from headwater_writer.publish.table import Head, PublishedTable
from headwater_writer.publish.work import Work
from headwater_writer.rows.rows import Row


@dataclass(frozen=True, slots=True)
class RowsDecision(Decision):
    """A decision on rows: ``fresh`` ones are written, and the rest are repeats, or there already.

    ``failing`` are the failed records that follow.
    """

    state: ShardState
    fresh: Mapping[Digest, Row]
    repeats: int
    failing: Sequence[Row] = ()

    @classmethod
    def on(  # noqa: PLR0913 -- what it stands on, and what it decides
        cls,
        work: Work,
        head: Head,
        rows: Sequence[Row],
        fresh: Mapping[Digest, Row],
        *,
        is_due: bool,
        change: Callable[[Head], Change],
        failing: Sequence[Row] = (),
    ) -> Self:
        """Return the decision on ``rows`` at a state of the table, of which some are ``fresh``."""
        return cls(
            since=head.history.newest,
            rows=list(fresh.values()),
            is_due=is_due,
            change=change,
            conflicts=work.conflicts,
            state=work.state(head),
            fresh=fresh,
            repeats=len(rows) - len(fresh),
            failing=failing,
        )

    def counted(self, batch: Batch, table: Table) -> Published:
        """Return the outcome for the batch's rows of the table."""
        written = len(self.fresh)
        covered = len(batch.rows[table.name]) - written - self.repeats
        return Published(written, covered, self.repeats)


@dataclass
class Memory:
    """The recent events of a table, by which repeats are recognised.

    ``now`` is the clock, aware UTC.
    """

    table: PublishedTable
    now: Callable[[], datetime]
    _by_shard: RecentByShard = field(default_factory=RecentByShard)

    def fresh(
        self, work: Work, rows: Sequence[Row], state: ShardState, head: Head
    ) -> Mapping[Digest, Row]:
        """Return the rows that do not repeat recent events, by their digests."""

        def read() -> RecentEvents:
            recent = RecentEvents()
            held = self.table.recent(work.batch.shard, work.now - WINDOW, head)
            # Not as of the batch's time: a process may be frozen for hours between the two, and
            # what others wrote meanwhile must be known for an hour from now on.
            recent.add(held, self.now())
            return recent

        recent = self._by_shard.at(work.batch.shard, _known_of(state), read)
        return without_repeats(self.table.contract, rows, recent)

    def lacking(self, rows: Sequence[Row]) -> Mapping[Digest, Row]:
        """Return rows that a lookup found missing from the table, by their digests.

        What is remembered may be of rows that have been lost since.
        """
        return without_repeats(self.table.contract, rows, RecentEvents())

    def note(self, work: Work, decision: RowsDecision) -> None:
        """Remember what was committed of a batch; after late rows the table is read again."""
        if work.mode.is_late or not decision.is_due:
            return
        state = decision.state
        self._by_shard.committed(
            work.batch.shard,
            _known_of(state),
            state.claimed.adding(work.batch.claim),
            decision.fresh.keys(),
            work.now,
        )


def _known_of(state: ShardState) -> State:
    return state.claimed, state.late, state.rewound
