"""The guards of the protocol, each with a way to take it out of the code under test.

A guard earns its place by the schedule that goes wrong without it. Where something weaker is often
done in its stead (a high-water mark, a state in snapshot summaries), that takes its place.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch

from headwater_writer import memory_table, publish, writer
from headwater_writer.decode import Failure, decode
from headwater_writer.ledger import NOWHERE, Ranges, property_name
from headwater_writer.memory_table import MemoryStore, MemoryTable
from headwater_writer.publish import CommitUnknownError, Head
from headwater_writer.repeats import RecentByShard, RecentEvents
from simulation import schedule
from simulation.virtual_lake import GROUP
from simulation.virtual_lambda import VirtualLambda
from simulation.virtual_mapping import draw_mapping

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from headwater_local.lambda_service.event_source.event import KinesisEvent
    from headwater_local.lambda_service.event_source.mapping import EventSourceMapping
    from headwater_writer.decode import Received, ReceivedRecord
    from headwater_writer.ledger import Range
    from headwater_writer.memory_table import DataFile, Metadata
    from headwater_writer.publish import ShardRows
    from headwater_writer.rows import Row
    from simulation.choices import Choices


def _no_ledger_check() -> AbstractContextManager[Any]:
    def uncovered(batch: ShardRows, _ranges: Ranges) -> Sequence[Row]:
        return batch.rows

    return patch.object(publish, "_uncovered", uncovered)


def _no_fence() -> AbstractContextManager[Any]:
    return patch.object(memory_table, "has_moved", lambda *_: False)


def _trusting_fence() -> AbstractContextManager[Any]:
    """Take a history that is cut off for one in which nothing happened."""

    def has_moved(
        name: str, since: int | None, ancestry: Iterable[tuple[int | None, Sequence[str]]]
    ) -> bool:
        for state, summary in ancestry:
            if state == since:
                return False
            if name in summary:
                return True
        return False

    return patch.object(memory_table, "has_moved", has_moved)


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
        memory: RecentByShard,
        shard: str,
        _ranges: Ranges,
        read: Callable[[], RecentEvents],
        _late: Ranges = NOWHERE,
    ) -> RecentEvents:
        if shard not in memory._known:
            memory._known[shard] = (NOWHERE, NOWHERE, read())
        return memory._known[shard][2]

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
        return Head(ranges, read.base)

    return patch.object(MemoryTable, "head", head)


def _late_rows_unnoticed() -> AbstractContextManager[Any]:
    """Let rows that come late leave the fence open."""
    honest = MemoryTable._append

    def append(
        table: MemoryTable,
        base: Metadata,
        staged: DataFile,
        moved: Mapping[str, str],
        properties: Mapping[str, str],
    ) -> bool:
        in_order = {name: text for name, text in moved.items() if text}
        return honest(table, base, staged, in_order, properties)

    return patch.object(MemoryTable, "_append", append)


def _late_rows_unsearched() -> AbstractContextManager[Any]:
    return patch.object(MemoryTable, "absent", lambda _table, _shard, rows: rows)


def _late_rows_forgotten() -> AbstractContextManager[Any]:
    honest = MemoryTable.head

    def head(table: MemoryTable, shard: str) -> Head:
        return replace(honest(table, shard), late=NOWHERE)

    return patch.object(MemoryTable, "head", head)


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
    "late-rows-searched-for": _late_rows_unsearched,
    "late-rows-noted": _late_rows_forgotten,
    "partial-responses": _no_partial_responses,
    "no-gaps": _gaps,
}
"""What takes each guard away."""
