"""The guards of the protocol, each with a way to take it out of the code under test.

A guard earns its place by the schedule that goes wrong without it. If something weaker is often
done in its stead (a high-water mark, a state in snapshot summaries), that takes its place.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch

from headwater_contract.kinesis_event import Failure, decode
from headwater_contract.ranges import Ranges
from headwater_contract.tables import EVENTS, IDENTIFIES
from headwater_writer import writer
from headwater_writer.cluster import plan
from headwater_writer.publish import events, presence, publisher, repeats, settle, table
from headwater_writer.publish.fence import any_move, has_conflict
from headwater_writer.publish.history import ancestry
from headwater_writer.publish.joint import decide_once
from headwater_writer.publish.ledger import LEDGER
from headwater_writer.publish.lookup import Held, sequence
from headwater_writer.publish.memory_table import (
    LostError,
    Manifest,
    MemoryStore,
    MemoryTable,
    Metadata,
)
from headwater_writer.publish.publisher import Publisher
from headwater_writer.publish.repeats import RecentByShard, RecentEvents
from headwater_writer.publish.shard import ShardState
from headwater_writer.publish.table import CommitError, Head
from headwater_writer.publish.work import LATE
from headwater_writer.staged import committer, offer
from headwater_writer.staged.offering import OfferingTable
from simulation import schedule
from simulation.virtual_mapping import draw_mapping

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from headwater_contract.columns import Table
    from headwater_contract.kinesis_event import Received, ReceivedRecord
    from headwater_contract.ranges import Range
    from headwater_local.lambda_service.event_source.mapping import EventSourceMapping
    from headwater_writer.publish.fence import Change, Conflicts
    from headwater_writer.publish.history import Snapshot
    from headwater_writer.publish.memory_table import DataFile
    from headwater_writer.publish.repeats import State
    from headwater_writer.publish.table import PublishedTable
    from headwater_writer.publish.work import Work
    from headwater_writer.rows.rows import Row
    from simulation.choices import Choices


_REPEATED: Final = 8
"""How often others may go first while AWS's SDK repeats a request whose answer was lost."""


def _no_ledger_check() -> AbstractContextManager[Any]:
    return patch.object(ShardState, "is_decided", lambda _state, _row: False)


def _no_fence() -> AbstractContextManager[Any]:
    return patch.object(settle, "has_conflict", lambda *_: False)


@contextmanager
def _trusting_fence() -> Iterator[None]:
    """Take a history that is cut off, or another, for one in which nothing happened."""

    def trusting(conflicts: Conflicts, since: int | None, ancestors: Sequence[Snapshot]) -> bool:
        is_cut = since not in (None, *(each.id for each in ancestors))
        moved = any(conflicts(each.summary) for each in ancestors)
        return moved if is_cut or since is None else has_conflict(conflicts, since, ancestors)

    with (
        patch.object(settle, "has_conflict", trusting),
        patch.object(settle, "was_rolled_back", lambda *_: False),
    ):
        yield


def _high_water_mark() -> AbstractContextManager[Any]:
    def is_claimed(state: ShardState, row: Row) -> bool:
        mark = max((span.last for span in state.claimed.ranges), default=-1)
        return sequence(row) <= mark

    def is_new(state: ShardState, claim: Range) -> bool:
        return claim.first > max((span.last for span in state.claimed.ranges), default=-1)

    return patch.multiple(ShardState, is_claimed=is_claimed, is_new=is_new)


def _no_lock() -> AbstractContextManager[Any]:
    def swap(store: MemoryStore, _base: Metadata, successor: Metadata) -> bool:
        store.metadata = successor
        return True

    return patch.object(MemoryStore, "swap", swap)


def _unknown_is_success() -> AbstractContextManager[Any]:
    honest = MemoryTable.commit

    def commit(table: MemoryTable, staged: DataFile | None, head: Head, change: Change) -> int:
        try:
            return honest(table, staged, head, change)
        except CommitError as error:
            if isinstance(error.__cause__, LostError):
                return error.snapshot or 0
            raise

    return patch.object(MemoryTable, "commit", commit)


def _unknown_is_failure() -> AbstractContextManager[Any]:
    """Append again what may be there already, as a client that retries by itself does."""
    honest = MemoryTable.commit

    def commit(table: MemoryTable, staged: DataFile | None, head: Head, change: Change) -> int:
        try:
            return honest(table, staged, head, change)
        except CommitError as error:
            if isinstance(error.__cause__, LostError):
                return commit(table, staged, table.head(), change)
            raise

    return patch.object(MemoryTable, "commit", commit)


@contextmanager
def _commits_by_iceberg() -> Iterator[None]:
    """Let the table try again by itself, and delete what it takes for refused.

    That is what Iceberg's transaction does with a validator: after a lost answer it looks for its
    metadata among the previous ones, of which there are some, and starts again if it is not there.
    """
    honest = MemoryTable.commit

    def commit(table: MemoryTable, staged: DataFile | None, head: Head, change: Change) -> int:
        store, written = table._store, list[Manifest]()
        for _ in range(20):
            base = store.metadata
            moves = [any_move(name) for name in change.summary if name.startswith(LEDGER)]
            since, history = head.history.newest, [*ancestry(base, base.newest)]
            if any(has_conflict(move, since, history) for move in moves):
                store.deleted.update(written)
                raise CommitError("the fence closed")
            try:
                return honest(table, staged, replace(head, base=base), change)
            except CommitError as error:
                for _ in range(_REPEATED):
                    table._watch("head", "before")
                made = _manifest_of(store, error.snapshot)
                if made is None:
                    continue
                written.append(made)
                if error.snapshot in _known_versions(store):
                    return error.snapshot or 0
        raise CommitError("others won every race")

    with patch.object(MemoryTable, "commit", commit):
        yield


def _manifest_of(store: MemoryStore, number: int | None) -> Manifest | None:
    """Return what a commit that landed has added."""
    snapshot = None if number is None else store.metadata.snapshot(number)
    return None if snapshot is None or not snapshot.manifests else snapshot.manifests[-1]


def _known_versions(store: MemoryStore) -> set[int | None]:
    """Return the newest snapshots of as many metadata files as a short log remembers."""
    return {each.newest for each in [*store.previous, store.metadata][-2:]}


def _no_quarantine() -> AbstractContextManager[Any]:
    def decode_or_fail(record: ReceivedRecord) -> Iterator[Received | Failure]:
        for item in decode(record):
            if isinstance(item, Failure):
                raise ValueError(item.reason)  # noqa: TRY004 - it is the record that is wrong
            yield item

    return patch.object(writer, "decode", decode_or_fail)


def _forgetful_of_others() -> AbstractContextManager[Any]:
    """Trust one's memory of recent events, whoever else wrote to the shard."""

    def at(
        memory: RecentByShard, shard: str, state: State, read: Callable[[], RecentEvents]
    ) -> RecentEvents:
        recent = memory._known[shard][1] if shard in memory._known else read()
        memory._known[shard] = (state, recent)
        return recent

    return patch.object(RecentByShard, "at", at)


@contextmanager
def _naive_append() -> Iterator[None]:
    """Append what comes."""
    with ExitStack() as removed:
        removed.enter_context(_no_ledger_check())
        removed.enter_context(_no_fence())
        removed.enter_context(patch.object(RecentEvents, "__contains__", lambda *_: False))
        yield


def _summaries_alone() -> AbstractContextManager[Any]:
    """Read the ledger from the snapshots' summaries, as far as they have not expired."""
    honest = MemoryTable.head

    def head(table: MemoryTable) -> Head:
        read = honest(table)
        found: dict[str, Ranges] = {}
        for snapshot in ancestry(read.history, read.history.newest):
            for name in [name for name in snapshot.summary if name.startswith(LEDGER)]:
                for claim in Ranges.parse(snapshot.summary.get(name) or "").ranges:
                    found[name] = found.get(name, Ranges()).adding(claim)
        held = {
            name: read.properties.get(name) or ""
            for name in read.properties
            if not name.startswith(LEDGER)
        }
        return replace(read, properties=held | {name: str(each) for name, each in found.items()})

    return patch.object(MemoryTable, "head", head)


def _late_rows_unnoticed() -> AbstractContextManager[Any]:
    """Let rows that come late leave the fence of their shard's writer open."""

    def unnamed(ledger: str, state: ShardState, span: Range) -> Change:
        change = LATE.change(ledger, state, span)
        return replace(
            change, summary={name: text for name, text in change.summary.items() if text}
        )

    return patch.object(publisher, "LATE", replace(LATE, change=unnamed))


def _late_rows_blind_to_claims() -> AbstractContextManager[Any]:
    """Let rows that come late land behind whatever their shard's writer committed."""

    def blind(ledger: str, _span: Range) -> Conflicts:
        return lambda summary: summary.get(ledger) == ""

    return patch.object(publisher, "LATE", replace(LATE, conflicts=blind))


def _late_rows_blind_to_each_other() -> AbstractContextManager[Any]:
    """Let rows that come late land behind others that did."""

    def blind(ledger: str, span: Range) -> Conflicts:
        honest = LATE.conflicts(ledger, span)
        return lambda summary: bool(summary.get(ledger)) and honest(summary)

    return patch.object(publisher, "LATE", replace(LATE, conflicts=blind))


def _nothing_looked_up() -> AbstractContextManager[Any]:
    return patch.object(presence, "held", lambda *_, **_of: Held(()))


def _late_rows_forgotten() -> AbstractContextManager[Any]:
    return patch.object(ShardState, "unsure", property(lambda state: state.rewound))


def _rewinds_forgotten() -> AbstractContextManager[Any]:
    return patch.object(ShardState, "unsure", property(lambda state: state.late))


def _rollbacks_unnoticed() -> AbstractContextManager[Any]:
    return patch.object(table, "taken_back", lambda *_: {})


def _covered_unlooked_up() -> AbstractContextManager[Any]:
    return patch.object(presence, "doubts", lambda *_: presence.NO_DOUBTS)


def _nothing_pending() -> AbstractContextManager[Any]:
    """Let a claim alone say that its failed records are there."""
    return patch.object(events, "with_pending", lambda change, *_: change)


def _decided_anew() -> AbstractContextManager[Any]:
    """Let the rules of a later try decide what an earlier one was about to let fail."""
    return patch.object(ShardState, "is_pending", lambda *_: False)


def _failed_by_ledger() -> AbstractContextManager[Any]:
    """Let the ledger of failed_records say what it holds, as that of events does."""

    def trusting(
        work: Work,
        _events: PublishedTable,
        _of_events: Head,
        failing: Sequence[Row],
        head: Head,
    ) -> settle.Decision:
        state = work.state(head)
        rows = [row for row in failing if not state.is_claimed(row)]
        return settle.Decision(head.history.newest, rows, bool(rows), work.change, work.conflicts)

    return patch.object(publisher, "decide_failed", trusting)


def _id_is_identity() -> AbstractContextManager[Any]:
    """Take two messages with one id for one, whatever they say."""

    def digest(contract: Table, row: Row) -> bytes:
        assert contract in (EVENTS, IDENTIFIES)
        return str((row["app_id"], row["event_id"])).encode()

    return patch.object(repeats, "digest", digest)


def _no_partial_responses() -> AbstractContextManager[Any]:
    """Leave ReportBatchItemFailures out of the mapping: what the function names is not read."""

    def draw_deaf(choices: Choices, largest_batch: int) -> EventSourceMapping:
        mapping = draw_mapping(choices, largest_batch)
        return replace(mapping, report_batch_item_failures=False)

    return patch.object(schedule, "draw_mapping", draw_deaf)


def _gaps_unread() -> AbstractContextManager[Any]:
    """Let the cluster go on behind the newest record that a ledger covers."""
    honest = plan.open_spans
    return patch.object(plan, "open_spans", lambda claimed: honest(claimed)[-1:])


def _doubts_unheeded() -> AbstractContextManager[Any]:
    """Let the cluster write at once what has to be looked up."""
    return patch.object(plan, "_parted", lambda span, _doubts: ([], [span]))


def _joint_commits_unfenced() -> AbstractContextManager[Any]:
    """Let a joint commit land behind whatever others committed since it was decided on."""

    def unfenced(*arguments: Any) -> settle.Decision:  # noqa: ANN401 -- the guard itself is typed
        return replace(decide_once(*arguments), conflicts=lambda _: False)

    return patch.object(publisher, "decide_once", unfenced)


def _failed_records_of_others_left() -> AbstractContextManager[Any]:
    """Let the cluster leave failed records to whoever decided on them."""
    return patch.object(Publisher, "unfollowed", lambda *_: ())


@contextmanager
def _offers_unfenced() -> Iterator[None]:
    """Let an offer land behind whatever its shard did since it was decided on."""
    with (
        patch.object(offer, "has_conflict", lambda *_: False),
        patch.object(offer, "was_rolled_back", lambda *_: False),
    ):
        yield


def _offers_of_a_shard_together() -> AbstractContextManager[Any]:
    return patch.object(committer, "first_of_each_shard", list)


def _offers_not_awaited() -> AbstractContextManager[Any]:
    """Let a writer go on as soon as its offer is on the queue, which may lose it."""
    return patch.object(OfferingTable, "_awaited", lambda *_: 0)


def _offers_committed_blindly() -> AbstractContextManager[Any]:
    """Let a committer take an offer whose shard others moved before its own attempt."""
    honest = committer._decide

    def blind(*arguments: Any) -> settle.Decision:  # noqa: ANN401 -- the guard itself is typed
        return replace(honest(*arguments), conflicts=lambda _: False)

    return patch.object(committer, "_decide", blind)


GUARDS: Final[dict[str, Callable[[], AbstractContextManager[Any]]]] = {
    "ledger-check": _no_ledger_check,
    "fence": _no_fence,
    "fence-on-cut-history": _trusting_fence,
    "ranges": _high_water_mark,
    "lock": _no_lock,
    "own-commits": _commits_by_iceberg,
    "reconciliation-of-failure": _unknown_is_success,
    "reconciliation-of-success": _unknown_is_failure,
    "quarantine": _no_quarantine,
    "recent-events-read-anew": _forgetful_of_others,
    "all": _naive_append,
    "ledger-in-properties": _summaries_alone,
    "failed-records-pending": _nothing_pending,
    "decided-once": _decided_anew,
    "failed-records-looked-up": _failed_by_ledger,
    "repeats-say-the-same": _id_is_identity,
    "late-rows-close-the-fence": _late_rows_unnoticed,
    "late-rows-beside-claims": _late_rows_blind_to_claims,
    "late-rows-beside-each-other": _late_rows_blind_to_each_other,
    "looked-up": _nothing_looked_up,
    "late-rows-noted": _late_rows_forgotten,
    "rewinds-noted": _rewinds_forgotten,
    "rollbacks-noticed": _rollbacks_unnoticed,
    "covered-rows-sampled": _covered_unlooked_up,
    "partial-responses": _no_partial_responses,
    "gaps-read": _gaps_unread,
    "doubts-looked-up": _doubts_unheeded,
    "joint-commits-fenced": _joint_commits_unfenced,
    "failed-records-of-others": _failed_records_of_others_left,
    "offers-fenced": _offers_unfenced,
    "offers-of-a-shard-apart": _offers_of_a_shard_together,
    "offers-awaited": _offers_not_awaited,
    "groups-fenced": _offers_committed_blindly,
}
"""What takes each guard away."""
