"""Whether a schedule ended as it must: nothing lost, nothing doubled, the ledger true.

The audit knows what was put on the stream and what a message may become; of the writer's code it
uses none but the reading of a ledger's text.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from headwater_contract.ranges import NOWHERE, Ranges
from headwater_contract.tables import EVENTS, FAILED_RECORDS, IDENTIFIES
from headwater_writer.publish.ledger import (
    LATE,
    LATEST,
    LEDGER,
    REWOUND,
    beside,
    property_name,
)
from headwater_writer.publish.repeats import WINDOW, digest
from simulation.messages import APP
from simulation.virtual_lake import GROUP, Place, loaded, place_of
from simulation.virtual_stream import NAME

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from headwater_contract.columns import Table
    from headwater_local.lambda_service.event_source.on_failure import DiscardedBatch
    from headwater_writer.rows.rows import Row
    from simulation.messages import Due
    from simulation.virtual_lake import VirtualLake, VirtualStore
    from simulation.virtual_stream import Put

CLOCK_ERROR: Final = timedelta(minutes=10)
"""How far two processes' clocks may differ: a repeat is known for that much less."""


@dataclass
class Verdict:
    """What is wrong, a sentence each; nothing if the schedule ended well."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    blocked: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    untrue: list[str] = field(default_factory=list)

    @property
    def harm(self) -> list[str]:
        """What a user of the tables would notice."""
        return self.lost + self.doubled + self.blocked + self.unreadable

    @property
    def sentences(self) -> list[str]:
        """All that is wrong: the harm, and what is untrue in a table or its ledger."""
        return self.harm + self.untrue


def _records(given_up: Iterable[DiscardedBatch]) -> set[tuple[str, int]]:
    """Return the records (shard, sequence number) of batches that nobody takes up."""
    return {
        (f"{NAME}/{batch.shard_id}", int(record.sequence_number))
        for batch in given_up
        for record in batch.records
    }


def audit(
    verdict: Verdict,
    puts: Sequence[Put],
    lake: VirtualLake,
    given_up: Iterable[DiscardedBatch],
    max_ranges: int,
) -> None:
    """Compare the tables and their ledgers with what was put on the stream.

    What is at the on-failure destination and was not taken up from there may be missing.
    """
    _audit_files(verdict, lake)
    if verdict.unreadable:
        return
    due = {place: due for put in puts for place, due in _due(put)}
    found = {name: _by_place(verdict, store, due) for name, store in lake.stores.items()}
    _audit_messages(verdict, due, found, lake, _records(given_up))
    for table in (EVENTS, IDENTIFIES):
        _audit_repeats(verdict, lake.stores[table.name], table)
    for store in lake.stores.values():
        _audit_ledgers(verdict, store, puts, max_ranges)


def _audit_files(verdict: Verdict, lake: VirtualLake) -> None:
    """Every snapshot that is kept must be readable."""
    for store in lake.stores.values():
        for snapshot in store.metadata.snapshots.values():
            if not store.deleted.isdisjoint(snapshot.manifests):
                verdict.unreadable.append(f"{store.name} cannot be read as of {snapshot.id}")


def _due(put: Put) -> Iterable[tuple[Place, Due]]:
    shard, sequence = f"{NAME}/{put.shard_id}", int(put.record.sequence_number)
    for due in put.content.due:
        yield (shard, sequence, due.index), due


def _by_place(verdict: Verdict, store: VirtualStore, due: Mapping[Place, Due]) -> dict[Place, Row]:
    found: dict[Place, Row] = {}
    for row in store.rows:
        place = place_of(row)
        if place in found:
            verdict.doubled.append(f"{store.name} has the row of {_text(place)} twice")
        found[place] = row
        message = due.get(place)
        if message is None or not _may_be(message, store.name, row):
            verdict.untrue.append(f"{store.name} has a row at {_text(place)} that nobody sent")
    return found


def _may_be(message: Due, table: str, row: Row) -> bool:
    if table == FAILED_RECORDS.name:
        return message.may_fail or row["stage"] == "retry"
    own = message.says is not None and row["event_id"] == message.says[0]
    return own and row["app_id"] == APP and (table == EVENTS.name or message.identifies)


def _audit_messages(
    verdict: Verdict,
    due: Mapping[Place, Due],
    found: Mapping[str, Mapping[Place, Row]],
    lake: VirtualLake,
    excused: set[tuple[str, int]],
) -> None:
    """Every message is an event, or a repeat of one, or a failed record, and one of them alone."""
    events, failed = found[EVENTS.name], found[FAILED_RECORDS.name]
    identifies = lake.stores[IDENTIFIES.name]
    brought_back = any(lake.stores[each.name].brought_back for each in (EVENTS, FAILED_RECORDS))
    excused_twice = due.keys() if brought_back else lake.replayed
    said, joined = (_said(due, found[table.name]) for table in (EVENTS, IDENTIFIES))
    for place, message in due.items():
        # Rows that come back with a rewind may have become something else meanwhile.
        if place in events and place in failed and place not in excused_twice:
            verdict.doubled.append(f"{_text(place)} is an event and a failed record")
        if place[:2] in excused:
            continue
        is_event = place in events or message.says in said
        if not is_event and place not in failed:
            verdict.lost.append(f"no table has {_text(place)}")
        # What went with a rewind cannot come again if the rules let its message fail by now.
        is_due = message.identifies and not (identifies.taken_back and message.may_fail)
        if place in events and is_due and message.says not in joined:
            verdict.lost.append(f"identifies lacks the row of {_text(place)}")


def _said(due: Mapping[Place, Due], rows: Mapping[Place, Row]) -> set[object]:
    """Return what rows say: a repeat of it, on whatever shard, may be missing."""
    return {due[place].says for place in rows if place in due}


def _audit_repeats(verdict: Verdict, store: VirtualStore, table: Table) -> None:
    """An event is there twice only if it landed again after the window of the first.

    That is from the first one's load time to the second one's commit: between the two the writer
    decided, and the fence lets nobody else write the shard between decision and commit. What comes
    late lets the writer commit meanwhile, and may repeat an event that it could not see.
    """

    def landed_at(row: Row) -> datetime:
        return store.landed_at[loaded(row)]

    def unseen(first: Row, second: Row) -> bool:
        decided_on = store.decided_late.get(loaded(second))
        return decided_on is not None and store.landed_in[loaded(first)] > decided_on

    same: dict[tuple[str, bytes], list[Row]] = {}
    for row in store.rows:
        same.setdefault((row["ingest_shard"], digest(table, row)), []).append(row)
    for rows in same.values():
        for first, second in itertools.pairwise(sorted(rows, key=landed_at)):
            soon = landed_at(second) - first["load_time"] <= WINDOW - CLOCK_ERROR
            if soon and not unseen(first, second):
                where = f"{_text(place_of(first))} and {_text(place_of(second))}"
                verdict.doubled.append(f"{store.name} has {first['event_id']} of {where}")


def _audit_ledgers(
    verdict: Verdict, store: VirtualStore, puts: Sequence[Put], max_ranges: int
) -> None:
    ledgers: dict[str, Ranges] = {}
    for name, text in store.metadata.properties.items():
        if name == LATEST:
            continue
        ledgers[name] = Ranges.parse(text)
        if str(ledgers[name]) != text or len(ledgers[name].ranges) > max_ranges:
            verdict.untrue.append(f"{store.name}: {name} is {text}")
    for row in store.rows:
        ledger = property_name(GROUP, row["ingest_shard"])
        names = (ledger, beside(ledger, LATE), beside(ledger, REWOUND))
        kept = [ledgers.get(name, NOWHERE) for name in names]
        if not any(ranges.covers(int(row["ingest_sequence"])) for ranges in kept):
            verdict.untrue.append(f"{store.name}'s ledger does not cover {_text(place_of(row))}")
    _check_ends(verdict, store, puts, ledgers)


def _check_ends(
    verdict: Verdict, store: VirtualStore, puts: Sequence[Put], ledgers: dict[str, Ranges]
) -> None:
    """A ledger ends where records are, or anywhere that a rewind cut it."""
    sequences: dict[str, set[int]] = {}
    for put in puts:
        ledger = property_name(GROUP, f"{NAME}/{put.shard_id}")
        sequences.setdefault(ledger, set()).add(int(put.record.sequence_number))
    for ledger, numbers in sequences.items():
        if beside(ledger, REWOUND) in ledgers:
            continue
        for prefix in (LEDGER, LATE):
            ranges = ledgers.get(beside(ledger, prefix), NOWHERE)
            ends = {end for span in ranges.ranges for end in (span.first, span.last)}
            if not ends <= numbers:
                verdict.untrue.append(f"{store.name} covers what was never sent: {ranges}")


def _text(at: Place) -> str:
    shard, sequence, index = at
    return f"{shard[-3:]}/{sequence}.{index}"
