"""The guards of the protocol, each with a way to take it out of the code under test.

A guard earns its place by the schedule that goes wrong without it. Where something weaker is often
done in its stead (a high-water mark, a state in snapshot summaries), that takes its place.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch

from headwater_writer.ledger import Ranges, property_name
from headwater_writer.memory_table import MemoryStore, MemoryTable
from headwater_writer.repeats import RecentByShard, RecentEvents

from headwater_writer import fence, memory_table, publish, writer
from headwater_writer.decode import Failure, decode
from headwater_writer.publish import CommitUnknownError, Head
from simulation import schedule
from simulation.virtual_lake import GROUP
from simulation.virtual_lambda import VirtualLambda
from simulation.virtual_mapping import draw_mapping

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from headwater_writer.fence import Change, Spoils, Summary
    from headwater_writer.ledger import Range
    from headwater_writer.memory_table import DataFile, Metadata
    from headwater_writer.repeats import State

    from headwater_local.lambda_service.event_source.event import KinesisEvent
    from headwater_local.lambda_service.event_source.mapping import EventSourceMapping
    from headwater_writer.decode import Received, ReceivedRecord
    from headwater_writer.publish import ShardRows
    from headwater_writer.rows import Row
    from simulation.choices import Choices


def _no_ledger_check() -> AbstractContextManager[Any]:
    def uncovered(batch: ShardRows, _ranges: Ranges) -> Sequence[Row]:
        return batch.rows

    return patch.object(publish, "_uncovered", uncovered)


def _no_fence() -> AbstractContextManager[Any]:
    return patch.object(memory_table, "is_spoiled", lambda *_: False)


def _trusting_fence() -> AbstractContextManager[Any]:
    """Take a history that is cut off for one in which nothing happened."""

    def is_spoiled(
        spoiled_by: Spoils, since: int | None, ancestry: Iterable[tuple[int | None, Summary]]
    ) -> bool:
        for state, summary in ancestry:
            if state == since:
                return False
            if spoiled_by(summary):
                return True
        return False

    return patch.object(memory_table, "is_spoiled", is_spoiled)


def _high_water_mark() -> AbstractContextManager[Any]:
    def uncovered(batch: ShardRows, ranges: Ranges) -> Sequence[Row]:
        mark = max((span.last for span in ranges.ranges), default=-1)
        return [row for row in batch.rows if int(row["ingest_sequence"]) > mark]

    return patch.object(publish, "_uncovered", uncovered)


def _no_lock() -> AbstractContextManager[Any]:
    def swap(store: MemoryStore, _base: Metadata, successor: Metadata) -> bool:
        store.metadata = successor
        return True

    return patch.object(MemoryStore, "swap", swap)


def _unknown_is_success() -> AbstractContextManager[Any]:
    honest = MemoryTable.commit

    def commit(table: MemoryTable, staged: DataFile, head: Head, shard: str, claim: Range) -> None:
        try:
            honest(table, staged, head, shard, claim)
        except CommitUnknownError:
            return

    return patch.object(MemoryTable, "commit", commit)


def _unknown_is_failure() -> AbstractContextManager[Any]:
    """Append again what may be there already, as a client that retries by itself does."""
    honest = MemoryTable.commit

    def commit(table: MemoryTable, staged: DataFile, head: Head, shard: str, claim: Range) -> None:
        try:
            honest(table, staged, head, shard, claim)
        except CommitUnknownError:
            commit(table, staged, table.head(shard), shard, claim)

    return patch.object(MemoryTable, "commit", commit)


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
        removed.enter_context(patch.object(publish, "_without_repeats", lambda rows, _recent: rows))
        yield


def _summaries_alone() -> AbstractContextManager[Any]:
    """Read the ledger from the snapshots' summaries, as far as they have not expired."""
    honest = MemoryTable.head

    def head(table: MemoryTable, shard: str) -> Head:
        read = honest(table, shard)
        ranges, name = Ranges(), property_name(GROUP, shard)
        for snapshot in read.base.ancestry():
            for claim in Ranges.parse(snapshot.summary.get(name, "")).ranges:
                ranges = ranges.adding(claim)
        return replace(read, ranges=ranges)

    return patch.object(MemoryTable, "head", head)


def _late_rows_unnoticed() -> AbstractContextManager[Any]:
    """Let rows that come late leave the fence of their shard's writer open."""

    def unnamed(change: Change, _ledger: str) -> Change:
        return replace(
            change, summary={name: text for name, text in change.summary.items() if text}
        )

    return _late_rows_otherwise(unnamed)


def _late_rows_blind_to_claims() -> AbstractContextManager[Any]:
    """Let rows that come late land behind whatever their shard's writer committed."""

    def blind(change: Change, ledger: str) -> Change:
        return replace(change, spoiled_by=lambda summary: summary.get(ledger) == "")

    return _late_rows_otherwise(blind)


def _late_rows_blind_to_each_other() -> AbstractContextManager[Any]:
    """Let rows that come late land behind others that did."""

    def blind(change: Change, ledger: str) -> Change:
        honest = change.spoiled_by
        return replace(
            change, spoiled_by=lambda summary: bool(summary.get(ledger)) and honest(summary)
        )

    return _late_rows_otherwise(blind)


def _late_rows_otherwise(
    otherwise: Callable[[Change, str], Change],
) -> AbstractContextManager[Any]:
    honest = fence.coming_late

    def coming_late(group: str, shard: str, late: Ranges, place: Range) -> Change:
        return otherwise(honest(group, shard, late, place), property_name(group, shard))

    return patch.object(memory_table, "coming_late", coming_late)


def _late_rows_unsearched() -> AbstractContextManager[Any]:
    return patch.object(MemoryTable, "absent", lambda _table, _shard, rows, _head: rows)


def _late_rows_forgotten() -> AbstractContextManager[Any]:
    return patch.object(publish, "late_name", _never_written)


def _rewinds_forgotten() -> AbstractContextManager[Any]:
    return patch.object(publish, "rewound_name", _never_written)


def _never_written(_group: str, _shard: str) -> str:
    return ""


def _no_partial_responses() -> AbstractContextManager[Any]:
    """Leave ReportBatchItemFailures out of the mapping: what the function names is not read."""

    def draw_deaf(choices: Choices, largest_batch: int) -> EventSourceMapping:
        mapping = draw_mapping(choices, largest_batch)
        return replace(mapping, report_batch_item_failures=False)

    return patch.object(schedule, "draw_mapping", draw_deaf)


def _gaps() -> AbstractContextManager[Any]:
    """Deliver every other record on its own, as a parallelization factor of 2 does."""
    honest = VirtualLambda.invoke

    def invoke(function: VirtualLambda, event: KinesisEvent) -> object:
        records = event["Records"]
        if len(records) > 1:
            honest(function, {"Records": records[::2]})
        return honest(function, {"Records": records[1::2] or records})

    return patch.object(VirtualLambda, "invoke", invoke)


GUARDS: Final[dict[str, Callable[[], AbstractContextManager[Any]]]] = {
    "ledger-check": _no_ledger_check,
    "fence": _no_fence,
    "fence-on-cut-history": _trusting_fence,
    "ranges": _high_water_mark,
    "lock": _no_lock,
    "reconciliation-of-failure": _unknown_is_success,
    "reconciliation-of-success": _unknown_is_failure,
    "quarantine": _no_quarantine,
    "recent-events-read-anew": _forgetful_of_others,
    "all": _naive_append,
    "ledger-in-properties": _summaries_alone,
    "late-rows-close-the-fence": _late_rows_unnoticed,
    "late-rows-beside-claims": _late_rows_blind_to_claims,
    "late-rows-beside-each-other": _late_rows_blind_to_each_other,
    "late-rows-searched-for": _late_rows_unsearched,
    "late-rows-noted": _late_rows_forgotten,
    "rewinds-noted": _rewinds_forgotten,
    "partial-responses": _no_partial_responses,
    "no-gaps": _gaps,
}
"""What takes each guard away."""
