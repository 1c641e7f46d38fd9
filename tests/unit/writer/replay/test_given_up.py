import json
from collections.abc import Collection, Sequence

import pytest

from headwater_contract.kinesis_event import ReceivedRecord
from headwater_contract.ranges import MAX_RANGES
from headwater_contract.tables import EVENTS, FAILED_RECORDS, IDENTIFIES
from headwater_writer.publish.memory_table import DataFile, LostError, MemoryTable
from headwater_writer.publish.publisher import Publisher
from headwater_writer.publish.settle import PublishError
from headwater_writer.replay import given_up
from headwater_writer.replay.given_up import (
    MAX_FAILING,
    NotABatchError,
    TooManyFailingError,
    batch_of,
    reprocess,
)
from headwater_writer.replay.outcome import Outcome
from headwater_writer.rows.rows import Row
from headwater_writer.writer import Writer
from unit.writer.builders import (
    GROUP,
    SHARD,
    Always,
    MemoryLake,
    entry,
    failing,
    kinesis_event,
    now,
    record,
    sequences,
)

POISON = ReceivedRecord(SHARD, "4", b"poison")
BATCH = [record(3, entry("m-3", "identify")), POISON, record(5)]


class StorageError(Exception):
    """The storage is away."""


class Choosy(MemoryTable):
    """A table that fails over some records."""

    refused: Collection[str] = ()

    def stage(self, rows: Sequence[Row]) -> DataFile:
        if any(row["ingest_sequence"] in self.refused for row in rows):
            raise StorageError
        return super().stage(rows)


@pytest.fixture
def lake() -> MemoryLake:
    return MemoryLake()


def choosy(lake: MemoryLake, *refused: int) -> Writer:
    """Return a writer that cannot write the events of some records."""
    tables = {
        table.name: MemoryTable(lake.stores[table.name], table)
        for table in (IDENTIFIES, FAILED_RECORDS)
    }
    events = Choosy(lake.events, EVENTS)
    events.refused = [str(sequence) for sequence in refused]
    publisher = Publisher({**tables, EVENTS.name: events}, GROUP, now, lambda _: None)
    return Writer(lambda: publisher, lake.rules, now)


def invocation_record(batch: list[ReceivedRecord]) -> bytes:
    """Return an object of an on-failure destination, as far as it is looked at."""
    record = {
        "requestContext": {"condition": "RetryAttemptsExhausted"},
        "version": "1.0",
        "KinesisBatchInfo": {"shardId": "shardId-000000000000", "batchSize": len(batch)},
        "payload": json.dumps(kinesis_event(batch)),
    }
    return json.dumps(record).encode()


def tables(lake: MemoryLake) -> dict[str, list[int]]:
    return {name: sequences(store) for name, store in lake.stores.items()}


ALL = {"events": [3, 5], "identifies": [3], "failed_records": [4]}


def test_reads_the_batch_that_was_given_up_on() -> None:
    assert batch_of(invocation_record(BATCH)) == BATCH


@pytest.mark.parametrize(
    "other", [b"", b"[]", b"{}", b'{"payload":7}', b'{"payload":"{}"}', b"\xff\xfe"]
)
def test_refuses_an_object_of_another_kind(other: bytes) -> None:
    with pytest.raises(NotABatchError, match="not a batch that a mapping gave up on"):
        batch_of(other)


def test_writes_what_nobody_wrote(lake: MemoryLake) -> None:
    assert reprocess(BATCH, lake.writer()) == Outcome(replayed=2, set_aside=1)
    assert tables(lake) == ALL


def test_writes_nothing_twice(lake: MemoryLake) -> None:
    reprocess(BATCH, lake.writer())

    assert reprocess(BATCH, lake.writer()) == Outcome(already=3)
    assert tables(lake) == ALL


def test_writes_the_rest_of_what_the_writer_left_unfinished(lake: MemoryLake) -> None:
    with pytest.raises(StorageError):
        choosy(lake, 5).write(BATCH)

    assert reprocess(BATCH, lake.writer()) == Outcome(replayed=2, set_aside=1)
    assert tables(lake) == ALL


def test_writes_what_the_ledger_has_closed_over(lake: MemoryLake) -> None:
    writer = lake.writer()
    for sequence in [1, *range(6, 6 + 2 * MAX_RANGES)]:
        writer.write([record(sequence)])

    assert reprocess(BATCH, lake.writer()) == Outcome(replayed=2, set_aside=1)


def test_leaves_nothing_for_a_zombie(lake: MemoryLake) -> None:
    reprocess(BATCH, lake.writer())

    lake.writer().write(BATCH)

    assert tables(lake) == ALL


def test_writes_all_but_the_record_that_fails(lake: MemoryLake) -> None:
    outcome = reprocess([*BATCH, record(6)], choosy(lake, 5))

    assert outcome.failing == {"StorageError": 1}
    assert tables(lake) == ALL | {"events": [3, 6]}


def test_writes_the_record_that_failed_when_it_can(lake: MemoryLake) -> None:
    reprocess(BATCH, choosy(lake, 5))

    assert reprocess(BATCH, lake.writer()) == Outcome(replayed=1, already=2)
    assert tables(lake) == ALL


def test_leaves_the_rest_when_everything_fails(lake: MemoryLake) -> None:
    batch = [record(sequence) for sequence in range(1, 100)]

    with pytest.raises(TooManyFailingError, match=f"{MAX_FAILING} records failed"):
        reprocess(batch, choosy(lake, *range(1, 100)))


def test_blames_no_record_for_a_table_that_cannot_be_committed_to(lake: MemoryLake) -> None:
    never = Always("swap", "before", failing(LostError("lost")))

    with pytest.raises(PublishError):
        reprocess(BATCH, lake.writer(never))


def test_writes_a_batch_that_unpacks_to_more_than_fits_in_memory(
    lake: MemoryLake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(given_up, "MAX_CHUNK_BYTES", 1)

    reprocess(BATCH, lake.writer())

    assert tables(lake) == ALL
