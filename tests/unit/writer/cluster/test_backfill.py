"""A backfill in stretches on tables in memory: what lands, whoever else writes meanwhile."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import pytest

from headwater_contract.ranges import Range
from headwater_contract.tables import EVENTS, TABLES
from headwater_writer.backfill.source import File
from headwater_writer.cluster import backfill as under_test
from headwater_writer.cluster.archive import FileEnd
from headwater_writer.cluster.backfill import OvertakenError, Stretch, backfill, stretches
from headwater_writer.publish.joint import Heads, Joint, Share
from headwater_writer.publish.lookup import Held, lacking
from headwater_writer.publish.memory_table import MemoryTable
from headwater_writer.publish.publisher import Publisher
from headwater_writer.writer import rows_of
from unit.writer.builders import GROUP, RULES, SHARD, MemoryLake, now, record, sequences

FILES = [File(name, 1) for name in ("1", "2", "3")]
"""Each is named after the one record of its message."""


@dataclass
class MemoryEngine:
    """Looks up in memory what Spark joins; ``meanwhile`` comes before a stretch is committed."""

    tables: dict[str, MemoryTable]
    meanwhile: Callable[[], object] = lambda: None
    shaped_files: list[Sequence[File]] = field(default_factory=list)

    def shaped(self, files: Sequence[File], heads: Heads, now: datetime) -> Stretch:
        self.shaped_files.append(files)
        events = self.tables[EVENTS.name]
        rows = rows_of([record(int(file.name)) for file in files], RULES, now)[EVENTS.name]
        numbers = [int(file.name) for file in files]
        held = Held(events.positions(SHARD, {file.name for file in files}, heads.events))
        lacked = lacking(EVENTS, rows, held, events.events(rows, heads.events))
        staged = {EVENTS.name: events.stage(lacked)} if lacked else {}
        claim = Range(min(numbers), max(numbers))
        self.meanwhile()
        joint = Joint([Share(SHARD, claim, claim, ())], staged)
        return Stretch([FileEnd(len(files), Counter(), ())], joint, len(lacked))


def engine_and_publisher(lake: MemoryLake) -> tuple[MemoryEngine, Publisher]:
    tables = {table.name: MemoryTable(lake.stores[table.name], table) for table in TABLES}
    return MemoryEngine(tables), Publisher(tables, GROUP, now, lambda _: None)


def counts(lake: MemoryLake, files: Sequence[File] = FILES) -> tuple[int, int]:
    """Run a new driver's backfill and return how many it wrote, and how many were there."""
    engine, publisher = engine_and_publisher(lake)
    steps = [each.outcome for each in backfill(files, engine, publisher, now)]
    return sum(each.replayed for each in steps), sum(each.already for each in steps)


def test_writes_each_message_once_however_often_it_is_run() -> None:
    lake = MemoryLake()

    assert [counts(lake), counts(lake)] == [(3, 0), (0, 3)]

    assert sequences(lake.events) == [1, 2, 3]
    assert len(lake.events.metadata.snapshots) == 1


def test_adds_what_the_stream_has_not_brought() -> None:
    lake = MemoryLake()
    lake.writer().write([record(2)])

    assert counts(lake) == (2, 1)

    assert sorted(sequences(lake.events)) == [1, 2, 3]


def test_begins_anew_if_the_stream_brings_the_same_meanwhile() -> None:
    lake = MemoryLake()
    engine, publisher = engine_and_publisher(lake)
    deliveries = iter([[record(2)]])
    engine.meanwhile = lambda: [lake.writer().write(records) for records in deliveries]

    list(backfill(FILES, engine, publisher, now))

    assert engine.shaped_files == [FILES, FILES]
    assert sorted(sequences(lake.events)) == [1, 2, 3]


def test_is_not_held_up_by_a_stream_that_is_elsewhere() -> None:
    lake = MemoryLake()
    engine, publisher = engine_and_publisher(lake)
    engine.meanwhile = lambda: lake.writer().write([record(9)])

    list(backfill(FILES, engine, publisher, now))

    assert engine.shaped_files == [FILES]
    assert sorted(sequences(lake.events)) == [1, 2, 3, 9]


def test_gives_up_if_others_write_the_same_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(under_test, "MAX_TRIES", 2)
    lake = MemoryLake()
    engine, publisher = engine_and_publisher(lake)
    deliveries = iter((1, 2))
    engine.meanwhile = lambda: lake.writer().write([record(next(deliveries))])

    with pytest.raises(OvertakenError, match="run it again"):
        list(backfill(FILES, engine, publisher, now))

    assert sequences(lake.events) == [1, 2]


def test_a_stretch_is_neither_too_large_nor_without_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(under_test, "STRETCH_BYTES", 10)
    monkeypatch.setattr(under_test, "STRETCH_FILES", 2)
    sizes = (1, 2, 3, 20, 9, 2)

    found = [
        [file.size for file in stretch]
        for stretch in stretches([File("f", size) for size in sizes])
    ]

    assert found == [[1, 2], [3], [20], [9], [2]]
