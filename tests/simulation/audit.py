"""Whether a schedule ended as it must: nothing lost, nothing doubled, the ledger true.

The audit knows what was put on the stream and what a message becomes; of the writer's code it uses
none but the reading of a ledger's text.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from headwater_writer.ledger import (
    LEDGER,
    NOWHERE,
    REWOUND,
    Ranges,
    late_name,
    property_name,
    rewound_name,
)
from headwater_writer.repeats import WINDOW

from simulation.messages import APP
from simulation.virtual_lake import GROUP, Place, place_of
from simulation.virtual_stream import NAME

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from headwater_local.lambda_service.event_source.on_failure import DiscardedBatch
    from headwater_writer.rows import Row
    from simulation.messages import Due
    from simulation.virtual_lake import VirtualLake, VirtualStore
    from simulation.virtual_stream import Put

_NAMES: Final = (property_name, late_name, rewound_name)

Key = tuple[str, str]
"""A shard and the id of an event on it."""


@dataclass
class Verdict:
    """What is wrong, a sentence each; nothing where the schedule ended well."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    blocked: list[str] = field(default_factory=list)
    untrue: list[str] = field(default_factory=list)

    @property
    def harm(self) -> list[str]:
        """What a user of the tables would notice."""
        return self.lost + self.doubled + self.blocked

    @property
    def sentences(self) -> list[str]:
        """All that is wrong: the harm, and what is untrue in a table or its ledger."""
        return self.harm + self.untrue


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
    excused = {
        (f"{NAME}/{batch.shard_id}", int(record.sequence_number))
        for batch in given_up
        for record in batch.records
    }
    for store in lake.stores.values():
        _audit_rows(verdict, store, puts, excused)
        _audit_ledgers(verdict, store, puts, max_ranges)


def _audit_rows(
    verdict: Verdict, store: VirtualStore, puts: Sequence[Put], excused: set[tuple[str, int]]
) -> None:
    due = dict(_due(puts, store.name))
    found: dict[Place, Row] = {}
    events: dict[Key, list[Row]] = {}
    for row in store.rows:
        if place_of(row) in found:
            verdict.doubled.append(f"{store.name} has the row of {_text(place_of(row))} twice")
        found[place_of(row)] = row
        _check_row(verdict, store, row, due.get(place_of(row)))
        if row.get("event_id") is not None:
            events.setdefault((row["ingest_shard"], row["event_id"]), []).append(row)
    _audit_repeats(verdict, store, events)
    held = {event_id for _, event_id in events}
    for at, message in due.items():
        if at not in found and message.event_id not in held and at[:2] not in excused:
            verdict.lost.append(f"{store.name} lacks the row of {_text(at)}")


def _due(puts: Sequence[Put], table: str) -> Iterator[tuple[Place, Due]]:
    for put in puts:
        for due in put.content.due:
            if due.table == table:
                shard, sequence = f"{NAME}/{put.shard_id}", int(put.record.sequence_number)
                yield (shard, sequence, due.index), due


def _check_row(verdict: Verdict, store: VirtualStore, row: Row, due: Due | None) -> None:
    expected = due and (due.event_id, APP if due.event_id else row["app_id"])
    if expected != (row.get("event_id"), row["app_id"]):
        verdict.untrue.append(f"{store.name} has a row at {_text(place_of(row))} that nobody sent")


def _audit_repeats(verdict: Verdict, store: VirtualStore, events: dict[Key, list[Row]]) -> None:
    """An event is there twice only where it landed again after the window of the first.

    That is from the first one's load time to the second one's commit: between the two the writer
    decided, and the fence lets nobody else write the shard between decision and commit. What comes
    late lets the writer commit meanwhile, and may repeat an event that it could not see.
    """

    def landed_at(row: Row) -> datetime:
        return store.landed_at[place_of(row)]

    def unseen(first: Row, second: Row) -> bool:
        decided_on = store.decided_late.get(place_of(second))
        return decided_on is not None and store.landed_in[place_of(first)] > decided_on

    for (_, event_id), rows in events.items():
        in_order = sorted(rows, key=landed_at)
        for first, second in itertools.pairwise(in_order):
            soon = landed_at(second) - first["load_time"] <= WINDOW
            if soon and not unseen(first, second):
                where = f"{_text(place_of(first))} and {_text(place_of(second))}"
                verdict.doubled.append(f"{store.name} has {event_id} of {where}")


def _audit_ledgers(
    verdict: Verdict, store: VirtualStore, puts: Sequence[Put], max_ranges: int
) -> None:
    ledgers: dict[str, Ranges] = {}
    for name, text in store.metadata.properties.items():
        ledgers[name] = Ranges.parse(text)
        if str(ledgers[name]) != text or len(ledgers[name].ranges) > max_ranges:
            verdict.untrue.append(f"{store.name}: {name} is {text}")
    for row in store.rows:
        shard, sequence = row["ingest_shard"], int(row["ingest_sequence"])
        kept = [ledgers.get(named(GROUP, shard), NOWHERE) for named in _NAMES]
        if not any(ranges.covers(sequence) for ranges in kept):
            verdict.untrue.append(f"{store.name}'s ledger does not cover {_text(place_of(row))}")
    _check_ends(verdict, store, puts, ledgers)


def _check_ends(
    verdict: Verdict, store: VirtualStore, puts: Sequence[Put], ledgers: dict[str, Ranges]
) -> None:
    """A ledger ends where records are, or anywhere that a rewind cut it."""
    sequences: dict[str, set[int]] = {}
    for put in puts:
        for named in _NAMES:
            name = named(GROUP, f"{NAME}/{put.shard_id}")
            sequences.setdefault(name, set()).add(int(put.record.sequence_number))
    for name, ranges in ledgers.items():
        if name.replace(LEDGER, REWOUND, 1) in ledgers and name.startswith(LEDGER):
            continue
        ends = {end for span in ranges.ranges for end in (span.first, span.last)}
        if not ends <= sequences.get(name, set()):
            verdict.untrue.append(f"{store.name}: {name} covers what was never sent: {ranges}")


def _text(at: Place) -> str:
    shard, sequence, index = at
    return f"{shard[-3:]}/{sequence}.{index}"
