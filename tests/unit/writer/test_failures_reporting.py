from collections.abc import Callable
from typing import TYPE_CHECKING, cast

import pytest
from aws_lambda_powertools import Logger
from headwater_writer.ledger import Range
from headwater_writer.memory_table import MemoryStore, MemoryTable, Watch, unwatched

from headwater_contract.stream_record import Entry
from headwater_contract.tables import FAILED_RECORDS
from headwater_writer.decode import ReceivedRecord
from headwater_writer.failures.folder import Folder
from headwater_writer.failures.operator import Operator
from headwater_writer.failures.reporting import ReportingTable
from headwater_writer.failures.topic import MemoryTopic
from headwater_writer.publish import (
    CommitUnknownError,
    Published,
    PublishedTable,
    ShardRows,
    publish,
    publish_late,
)
from headwater_writer.rows import Rules
from headwater_writer.writer import rows_of
from unit.writer.builders import NOW, SHARD, Both, Once, failing, now, record

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

CLAIM = Range(7, 8)
POISON = ReceivedRecord(SHARD, "8", b"poison")
REFUSED = record(7, Entry(b"{}", refusal="refused"))
BATCH = ShardRows(SHARD, CLAIM, rows_of([REFUSED, POISON], Rules(), NOW)["failed_records"])
KEY = "kept/failed_records/2026-01-31/clicks/shardId-000000000000/7-8.jsonl"


class StorageError(Exception):
    """The storage is away."""


class Bucket:
    """What is asked of S3, in memory."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.puts = 0
        self.broken = False
        self.is_connected = False

    def put_object(self, *, Key: str, Body: bytes, **_other: str) -> None:  # noqa: N803
        if self.broken:
            raise StorageError
        self.puts += 1
        self.is_connected = True
        self.objects[Key] = Body

    def close(self) -> None:
        self.is_connected = False


class World:
    """A table of failed records with everything around it."""

    def __init__(self) -> None:
        self.store = MemoryStore()
        self.bucket = Bucket()
        self.topic = MemoryTopic()

    def table(self, watch: Watch = unwatched) -> ReportingTable:
        client = cast("S3Client", self.bucket)
        return ReportingTable(
            MemoryTable(self.store, FAILED_RECORDS, now, watch=watch),
            Folder.at(client, "s3://bucket/kept"),
            Operator(self.topic, now, Logger(service="test", level="CRITICAL")),
        )


@pytest.fixture
def world() -> World:
    return World()


def test_leaves_a_file_of_what_it_commits(world: World) -> None:
    publish(world.table(), BATCH)

    assert list(world.bucket.objects) == [KEY]
    assert world.bucket.objects[KEY].count(b"\n") == 2
    assert len(world.store.rows) == 2


def test_keeps_no_connection_until_the_next_failure(world: World) -> None:
    publish(world.table(), BATCH)

    assert world.bucket.puts == 1
    assert not world.bucket.is_connected


def test_tells_the_operator_what_it_committed(world: World) -> None:
    publish(world.table(), BATCH)

    [(subject, text)] = world.topic.sent
    assert subject == "Headwater: 2 failed records"
    assert f"s3://bucket/{KEY}" in text
    assert "poison" not in text


def test_commits_nothing_that_is_in_no_file(world: World) -> None:
    world.bucket.broken = True

    with pytest.raises(StorageError):
        publish(world.table(), BATCH)

    assert world.store.rows == []
    assert world.topic.sent == []


def test_writes_the_same_file_when_the_commit_is_tried_again(world: World) -> None:
    lost = Once("swap", "before", failing(CommitUnknownError()))

    publish(world.table(lost), BATCH)

    assert world.bucket.puts == 2
    assert list(world.bucket.objects) == [KEY]
    assert len(world.topic.sent) == 1


def test_leaves_everything_as_it_is_when_a_batch_comes_again(world: World) -> None:
    publish(world.table(), BATCH)

    publish(world.table(), BATCH)
    publish_late(world.table(), BATCH)

    assert world.bucket.puts == 1
    assert len(world.topic.sent) == 1


def test_reports_what_comes_late_as_well(world: World) -> None:
    publish_late(world.table(), BATCH)

    assert list(world.bucket.objects) == [KEY]
    assert len(world.topic.sent) == 1


@pytest.mark.parametrize("put", [publish, publish_late])
def test_tells_once_what_was_committed_though_the_answer_was_lost(
    world: World, put: Callable[[PublishedTable, ShardRows], Published]
) -> None:
    table = world.table(Once("swap", "after", failing(CommitUnknownError())))

    outcome = put(table, BATCH)
    put(table, BATCH)

    assert outcome == Published(written=2)
    [(subject, text)] = world.topic.sent
    assert subject == "Headwater: 2 failed records"
    assert f"s3://bucket/{KEY}" in text


def test_tells_with_the_next_batch_what_it_could_not_find_out(world: World) -> None:
    lost = Once("swap", "after", failing(CommitUnknownError()))
    table = world.table(Both(lost, Once("search", "before", failing(StorageError()))))
    with pytest.raises(StorageError):
        publish(table, BATCH)
    assert world.topic.sent == []

    assert publish(table, BATCH) == Published(0, covered=2)

    assert len(world.topic.sent) == 1
