from collections.abc import Callable
from typing import TYPE_CHECKING, cast

import pytest
from aws_lambda_powertools import Logger

from headwater_contract.envelope import Entry
from headwater_contract.kinesis_event import ReceivedRecord
from headwater_contract.ranges import Range
from headwater_contract.tables import EVENTS, FAILED_RECORDS, IDENTIFIES
from headwater_writer.failures.alert import Notifier
from headwater_writer.failures.clients import Folder
from headwater_writer.failures.lines import objects
from headwater_writer.failures.reporting import MAX_IN_DOUBT, ReportingTable
from headwater_writer.failures.topic import MemoryTopic
from headwater_writer.publish.batch import Batch, Published
from headwater_writer.publish.fence import Change
from headwater_writer.publish.memory_table import LostError, MemoryTable, Watch, unwatched
from headwater_writer.publish.publisher import Publisher
from headwater_writer.publish.table import CommitError
from headwater_writer.rows.rows import Rules
from headwater_writer.writer import rows_of
from unit.writer.builders import (
    GROUP,
    NOW,
    SHARD,
    Always,
    Both,
    MemoryLake,
    Nth,
    Once,
    failing,
    now,
    record,
)

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

POISON = ReceivedRecord(SHARD, "8", b"poison")
REFUSED = record(7, Entry(b"{}", refusal="refused"))
ROWS = rows_of([REFUSED, POISON], Rules(), NOW)
BATCH = Batch(SHARD, Range(7, 8), ROWS)
FAILED = ROWS[FAILED_RECORDS.name]
[KEY] = [f"kept/{key}" for key in objects(FAILED)]
LOST = LostError("the answer was lost")
NO_CHANGE = Change({}, {})

Put = Callable[[Publisher, Batch], object]
either_way = pytest.mark.parametrize("put", [Publisher.write, Publisher.write_late])


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
    """Tables, that of failed records with everything around it."""

    def __init__(self) -> None:
        self.lake = MemoryLake()
        self.bucket = Bucket()
        self.topic = MemoryTopic()

    def table(self, watch: Watch = unwatched) -> ReportingTable:
        client = cast("S3Client", self.bucket)
        return ReportingTable(
            MemoryTable(self.lake.failed, FAILED_RECORDS, watch),
            Folder.at(client, "s3://bucket/kept"),
            Notifier(self.topic, now, Logger(service="test", level="CRITICAL")),
        )

    def publisher(self, watch: Watch = unwatched) -> Publisher:
        """Return a process whose table of failed records is watched."""
        others = (EVENTS, IDENTIFIES)
        tables = {table.name: MemoryTable(self.lake.stores[table.name], table) for table in others}
        reporting = {FAILED_RECORDS.name: self.table(watch)}
        return Publisher({**tables, **reporting}, GROUP, now, lambda _: None)

    def write(self, watch: Watch = unwatched) -> Published:
        """Write the batch in a process of its own and return what became of its failed records."""
        return self.publisher(watch).write(BATCH)[FAILED_RECORDS.name]


@pytest.fixture
def world() -> World:
    return World()


def test_table_leaves_a_file_of_what_it_commits(world: World) -> None:
    world.write()

    assert list(world.bucket.objects) == [KEY]
    assert world.bucket.objects[KEY].count(b"\n") == 2
    assert len(world.lake.failed.rows) == 2


def test_table_keeps_no_connection_until_the_next_failure(world: World) -> None:
    world.write()

    assert world.bucket.puts == 1
    assert not world.bucket.is_connected


def test_table_keeps_no_connection_after_a_put_that_failed(world: World) -> None:
    world.bucket.is_connected = True
    world.bucket.broken = True

    with pytest.raises(StorageError):
        world.write()

    assert not world.bucket.is_connected


def test_an_alert_has_what_was_committed(world: World) -> None:
    world.write()

    [(subject, text)] = world.topic.sent
    assert subject == "Headwater: 2 failed records"
    assert f"s3://bucket/{KEY}" in text
    assert "poison" not in text


def test_nothing_is_committed_that_is_in_no_file(world: World) -> None:
    world.bucket.broken = True

    with pytest.raises(StorageError):
        world.write()

    assert world.lake.failed.rows == []
    assert world.topic.sent == []


def test_failed_records_follow_when_the_storage_is_back(world: World) -> None:
    world.bucket.broken = True
    with pytest.raises(StorageError):
        world.write()
    world.bucket.broken = False

    assert world.write() == Published(2)
    assert list(world.bucket.objects) == [KEY]
    assert len(world.topic.sent) == 1


def test_file_is_written_once_for_many_tries(world: World) -> None:
    world.write(Once("swap", "before", failing(LOST)))

    assert world.bucket.puts == 1
    assert list(world.bucket.objects) == [KEY]
    assert len(world.topic.sent) == 1


def test_everything_stays_as_it_is_when_a_batch_comes_again(world: World) -> None:
    world.write()

    world.write()
    world.publisher().write_late(BATCH)

    assert world.bucket.puts == 1
    assert len(world.topic.sent) == 1


def test_what_comes_late_is_reported_as_well(world: World) -> None:
    world.publisher().write_late(BATCH)

    assert list(world.bucket.objects) == [KEY]
    assert len(world.topic.sent) == 1


def test_rest_of_a_batch_has_a_file_of_its_own(world: World) -> None:
    first = Batch(SHARD, Range(7, 7), rows_of([REFUSED], Rules(), NOW))
    world.publisher().write(first)

    assert world.write() == Published(1, covered=1)

    lines = [body.count(b"\n") for body in world.bucket.objects.values()]
    assert lines == [1, 1]


@either_way
def test_an_alert_counts_once_what_was_committed_without_an_answer(world: World, put: Put) -> None:
    publisher = world.publisher(Once("swap", "after", failing(LOST)))

    put(publisher, BATCH)
    put(publisher, BATCH)

    assert len(world.lake.failed.rows) == 2
    [(subject, text)] = world.topic.sent
    assert subject == "Headwater: 2 failed records"
    assert f"s3://bucket/{KEY}" in text


def test_an_alert_counts_once_what_was_committed_after_many_lost_answers(world: World) -> None:
    lost, again = (Once("swap", "before", failing(LOST)) for _ in range(2))
    table = world.table(Both(lost, again))
    staged = table.stage(FAILED)
    for _ in range(2):
        with pytest.raises(CommitError):
            table.commit(staged, table.head(), NO_CHANGE)

    table.commit(staged, table.head(), NO_CHANGE)
    table.head()

    assert len(world.topic.sent) == 1


def test_an_alert_has_what_is_found_committed_later(world: World) -> None:
    lost = Once("swap", "after", failing(LOST))
    publisher = world.publisher(Both(lost, Nth("head", "before", 2, failing(StorageError()))))
    with pytest.raises(StorageError):
        publisher.write(BATCH)
    assert world.topic.sent == []

    publisher.write(BATCH)

    assert len(world.topic.sent) == 1
    assert len(world.lake.failed.rows) == 2


def test_no_alert_has_what_was_not_committed(world: World) -> None:
    table = world.table(Once("swap", "before", failing(LOST)))
    with pytest.raises(CommitError):
        table.commit(table.stage(FAILED), table.head(), NO_CHANGE)

    table.head()

    assert world.topic.sent == []


def test_an_alert_has_a_commit_in_doubt_that_is_behind_many_others(world: World) -> None:
    table = world.table(Once("swap", "after", failing(LOST)))
    with pytest.raises(CommitError):
        table.commit(table.stage(FAILED), table.head(), NO_CHANGE)
    for _ in range(MAX_IN_DOUBT):
        world.lake.failed.compact()

    table.head()

    assert len(world.topic.sent) == 1


def test_commit_without_rows_is_reported_to_nobody(world: World) -> None:
    table = world.table()

    table.commit(None, table.head(), NO_CHANGE)

    assert world.lake.failed.metadata.newest is not None
    assert world.bucket.objects == {}
    assert world.topic.sent == []


def test_commits_in_doubt_are_remembered_up_to_a_number(world: World) -> None:
    table = world.table(Always("swap", "before", failing(LOST)))
    staged = table.stage(FAILED)
    for _ in range(MAX_IN_DOUBT + 10):
        with pytest.raises(CommitError):
            table.commit(staged, table.head(), NO_CHANGE)

    assert len(table._in_doubt) == MAX_IN_DOUBT


def test_each_shard_has_a_file_of_its_own(world: World) -> None:
    other = "clicks/shardId-000000000001"
    moved = [row | {"ingest_shard": other} for row in FAILED]

    world.table().stage([*FAILED, *moved])

    assert [key.split("/", 3)[-1].rsplit("/", 1)[0] for key in world.bucket.objects] == [
        SHARD,
        other,
    ]
