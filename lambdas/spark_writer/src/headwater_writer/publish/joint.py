"""Several shards in one commit to each table, of rows that are in files already.

A cluster decides on many shards at once, on one state of each table, and never again: if one of
their ledgers has moved since, nothing is committed, and it plans anew by the ledgers. It takes up
nothing that has to be looked up (``headwater_writer.cluster.plan``).
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from headwater_contract.ranges import Range
from headwater_contract.tables import EVENTS, FAILED_RECORDS, IDENTIFIES
from headwater_writer.publish.batch import Batch
from headwater_writer.publish.events import claiming_with_pending
from headwater_writer.publish.fence import Change
from headwater_writer.publish.settle import Decision
from headwater_writer.publish.table import Head, Opaque
from headwater_writer.publish.work import Work
from headwater_writer.rows.rows import Row


@dataclass(frozen=True, slots=True)
class Share:
    """One shard's part: records that no ledger covers, all that there are of its ``claim``.

    ``failing`` are their failed records. ``reach`` is what the ledger of ``events`` covers then:
    from an earlier record that is covered, if none between is missing, to the claim's last.
    """

    shard: str
    claim: Range
    reach: Range
    failing: Sequence[Row]

    @property
    def batch(self) -> Batch:
        """The share as a batch whose other rows are not at hand."""
        rows = {EVENTS.name: (), IDENTIFIES.name: (), FAILED_RECORDS.name: self.failing}
        return Batch(self.shard, self.claim, rows)


@dataclass(frozen=True, slots=True)
class Joint:
    """The shares of several shards, and the files of all their rows by the table's name, if any."""

    shares: Sequence[Share]
    staged: Mapping[str, Opaque]


@dataclass(frozen=True, slots=True)
class Heads:
    """The states of ``events`` and ``identifies`` that a joint commit is decided on."""

    events: Head
    identifies: Head


def decide_once(
    works: Sequence[Work],
    decided_on: Head,
    staged: Opaque | None,
    change: Callable[[Head], Change],
    head: Head,
) -> Decision:
    """Return the commit of staged files: due on the state it was decided on, and on no later one.

    Called with a later state, it has a conflict with what others committed.
    """
    return Decision(
        since=head.history.newest,
        rows=(),
        is_due=head is decided_on,
        change=change,
        conflicts=lambda summary: any(work.conflicts(summary) for work in works),
        staged=staged,
    )


def claiming_together(
    works: Sequence[Work],
    reaches: Sequence[Range],
    followed: Sequence[Collection[Range]],
    head: Head,
) -> Change:
    """Return the change of the commit to ``events``: each shard's claim, and what is to follow."""
    return merged(
        _reaching(claiming_with_pending(work, head, there, failing), work, reach, head)
        for work, reach, there in zip(works, reaches, followed, strict=True)
        for failing in [work.batch.rows[FAILED_RECORDS.name]]
    )


def together(decisions: Sequence[Decision], head: Head) -> Decision:
    """Return several decisions on one state, each on another shard, as one."""
    due = [each for each in decisions if each.is_due]
    return Decision(
        since=head.history.newest,
        rows=[*chain.from_iterable(each.rows for each in due)],
        is_due=bool(due),
        change=lambda newest: merged(each.change(newest) for each in due),
        conflicts=lambda summary: any(each.conflicts(summary) for each in due),
    )


def merged(changes: Iterable[Change]) -> Change:
    """Return changes of different shards as one."""
    summary: dict[str, str] = {}
    properties: dict[str, str] = {}
    for each in changes:
        summary |= each.summary
        properties |= each.properties
    return Change(summary, properties)


def _reaching(change: Change, work: Work, reach: Range, head: Head) -> Change:
    covered = str(work.state(head).claimed.adding(reach))
    return replace(change, properties={**change.properties, work.ledger: covered})
