"""An archive becomes the rows that the stream had made, on real Spark, Iceberg and S3."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Final

import pyarrow as pa
import pytest
from pyspark.sql import SparkSession

from headwater_contract.envelope import Entry
from headwater_contract.kinesis_event import ReceivedRecord
from headwater_contract.stream_record import pack
from headwater_contract.tables import EVENTS
from headwater_local import aws_client
from headwater_writer.backfill import run
from headwater_writer.backfill.run import Step, backfill
from headwater_writer.backfill.source import File, Objects, SourceError
from headwater_writer.cluster import backfill as cluster_backfill
from headwater_writer.cluster.archive_engine import Archive, SparkArchiveEngine
from headwater_writer.cluster.backfill import backfill as on_a_cluster
from headwater_writer.lake.table import LakeTable, Staged
from headwater_writer.publish.fence import Change
from headwater_writer.publish.publisher import Publisher
from headwater_writer.publish.settle import random_pause
from headwater_writer.publish.table import Head
from headwater_writer.settings import Settings
from integration.conftest import StandIn
from integration.writer.marks import SPARK
from integration.writer.place import Place, on_the_wall
from unit.writer.backfill.archives import write_archive
from unit.writer.builders import ENVELOPE, GROUP, RULES, SHARD, entry

pytestmark = SPARK

RECORDS: Final = 45
EACH: Final = 20
OTHER_SHARD: Final = SHARD.replace("000", "001", 1)
FIRST: Final = datetime(2019, 3, 1, tzinfo=UTC)


def received(number: int) -> ReceivedRecord:
    """Return a record of two shards' stream that arrived hours after the one before."""
    when = FIRST + timedelta(hours=7 * number)
    entries = [_entry(number, index, when) for index in range(EACH)]
    [data] = pack(replace(ENVELOPE, received_at=when, is_import=number % 5 == 0), entries)
    shard = OTHER_SHARD if number % 3 == 0 else SHARD
    return ReceivedRecord(shard, f"{10**20 + number}", data, when)


def _entry(number: int, index: int, when: datetime) -> Entry:
    # Some happened long before, which only history keeps; what the first said is sent again.
    ago = timedelta(days=100) if index == 0 else timedelta(seconds=index)
    said = 2 if number == 1 else number
    name = f"m-{said}-{index}"
    time = (when - ago).isoformat()
    if index == 1:
        traits = {"n": said}
        return entry(name, "identify", anonymousId=f"a-{said}", traits=traits, timestamp=time)
    return entry(name, properties={"n": said}, timestamp=time)


STREAM: Final = [received(number) for number in range(RECORDS)]


@pytest.fixture(scope="module")
def place(spark: SparkSession, stand_in: StandIn) -> Place:
    """Write a stream into tables as it came."""
    place = Place.make(spark, stand_in.endpoint)
    for shard in (SHARD, OTHER_SHARD):
        place.writer().write([record for record in STREAM if record.shard == shard])
    return place


@pytest.fixture(scope="module")
def archived(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Objects:
    """Write the archive of the stream into the tables' bucket."""
    folder = write_archive(
        tmp_path_factory.mktemp("archive"), STREAM[30:], STREAM[:20], STREAM[15:35]
    )
    s3 = aws_client.s3(place.endpoint)
    for file in folder.rglob("*.gz"):
        key = f"archive/{file.relative_to(folder).as_posix()}"
        s3.upload_file(str(file), place.database, key)
    s3.put_object(Bucket=place.database, Key="archive-errors/x.gz", Body=b"not of the archive")
    return Objects.at(s3, f"s3://{place.database}/archive/")


def filled(source: Objects, place: Place) -> Iterator[Step]:
    return backfill(source, place.writer())


def of(place: Place, name: str) -> pa.Table:
    columns = ["app_id", "event_id", "event_time", "client_event_time", "server_event_time"]
    found = place.rows(name).select([*columns, "time_source", "ip_address", "user_agent"])
    return found.sort_by([("event_id", "ascending"), ("event_time", "ascending")])


def counts(steps: Sequence[Step]) -> tuple[int, int]:
    return sum(each.outcome.replayed for each in steps), sum(each.outcome.already for each in steps)


def test_makes_of_an_archive_the_rows_that_the_stream_made(
    archived: Objects, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "RUN_MESSAGES", 200)
    empty = Place.make(place.spark, place.endpoint)
    for steps in (2, 3):
        list(islice(filled(archived, empty), steps))  # And no more of them.

    rest = list(filled(archived, empty))

    for table in ("events", "identifies"):
        assert of(empty, table) == of(place, table)
    assert 0 < counts(rest)[0] < len(of(empty, "events"))
    assert rest[-1].done == rest[-1].of


@dataclass
class Cluster:
    """A driver that writes the archive into a place."""

    place: Place
    archive: Archive

    def steps(self) -> Iterator[Step]:
        rules = RULES
        tables = self.place.lake().tables(rules.plan)
        engine = SparkArchiveEngine(self.place.spark, tables, self.archive, rules)
        publisher = Publisher(tables, GROUP, on_the_wall, random_pause)
        files = self.archive.source().files()
        return on_a_cluster(files, engine, publisher, on_the_wall)


@pytest.fixture
def archive(archived: Objects, place: Place, monkeypatch: pytest.MonkeyPatch) -> Archive:
    """The same for a cluster, which makes a stretch of each file."""
    environment = aws_client.environment(place.endpoint)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
        # Its tasks are no writer's, and sign by what Spark tells them.
        monkeypatch.setitem(place.spark.sparkContext.environment, name, value)
    monkeypatch.setattr(place.spark.sparkContext, "pythonExec", sys.executable)
    monkeypatch.setattr(cluster_backfill, "STRETCH_FILES", 1)
    own = {"GLUE_DATABASE": place.database, "WAREHOUSE": place.warehouse, "JARS_DIR": "."}
    uri = f"s3://{archived.bucket}/{archived.key}/"
    return Archive(uri, None, Settings.from_environment(environment | own))


COMMIT: Final = LakeTable.commit


def die_before_events(table: LakeTable, staged: Staged | None, head: Head, change: Change) -> int:
    if table.contract.name == EVENTS.name:
        raise KeyboardInterrupt
    return COMMIT(table, staged, head, change)


def test_a_cluster_and_a_function_finish_what_the_other_began(
    archived: Objects, archive: Archive, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = Place.make(place.spark, place.endpoint)
    cluster = Cluster(empty, archive)
    # One driver is killed between its two commits, the next one after its first stretch.
    with monkeypatch.context() as dying:
        dying.setattr(LakeTable, "commit", die_before_events)
        with pytest.raises(KeyboardInterrupt):
            list(cluster.steps())
    assert not empty.snapshots("events")
    list(islice(cluster.steps(), 2))
    with monkeypatch.context() as small:
        small.setattr(run, "RUN_MESSAGES", 100)
        list(islice(filled(archived, empty), 6))

    rest = list(cluster.steps())

    for table in ("events", "identifies"):
        assert of(empty, table) == of(place, table)
    assert 0 < counts(rest)[0] < len(of(empty, "events"))
    assert rest[-1].done == rest[-1].of
    assert counts(list(cluster.steps())) == (0, (15 + 20 + 20) * EACH)


def test_a_cluster_writes_nothing_that_the_stream_brought(archive: Archive, place: Place) -> None:
    before = place.snapshots("events")

    steps = list(Cluster(place, archive).steps())

    assert counts(steps) == (0, (15 + 20 + 20) * EACH)
    assert place.snapshots("events") == before


def test_writes_nothing_that_the_stream_brought(archived: Objects, place: Place) -> None:
    before = place.snapshots("events")

    steps = list(filled(archived, place))

    assert counts(steps) == (0, (15 + 20 + 20) * EACH)
    assert place.snapshots("events") == before


def test_lists_what_is_below_a_folder_alone(archived: Objects) -> None:
    [only] = replace(archived, key="archive/2026/01/31/01").files()

    assert len(archived.files()) == 3
    assert replace(archived, key=only.name).files() == [File(only.name, only.size)]
    with pytest.raises(SourceError, match="check the name"):
        replace(archived, key="arch").files()
    with pytest.raises(SourceError, match="cannot list s3://nobody-s/"):
        replace(archived, bucket="nobody-s").files()
    with pytest.raises(SourceError, match="cannot read the object"), archived.opened("gone"):
        pass
