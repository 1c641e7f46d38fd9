"""The stream is handed over from the Lambda writer to a cluster and back, while it grows.

Both are what is deployed: the function behind the Runtime API and a mapping, and the job that
`spark-submit` starts. The cluster loses a machine, its driver is killed each time while workers and
executors live on, and every other time both tiers run at once.
"""

import itertools
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self, cast

import pytest

from eventually import eventually
from headwater_contract.envelope import Entry
from headwater_contract.stream_record import pack
from headwater_contract.tables import EVENTS, FAILED_RECORDS, IDENTIFIES
from headwater_local import aws_client
from headwater_local.lambda_service.driver_settings import laptop_mapping
from headwater_local.lambda_service.event_source.event import KinesisEvent
from headwater_local.lambda_service.event_source.fakes import MemoryCheckpoints, MemoryOnFailure
from headwater_local.lambda_service.event_source.kinesis_stream import KinesisStream
from headwater_local.lambda_service.event_source.mapping import EventSourceMapping
from headwater_local.lambda_service.event_source.ports import Ports, SystemClock
from headwater_local.lambda_service.event_source.source import EventSource
from integration.conftest import StandIn
from integration.writer.cluster import KinesisShards
from integration.writer.marks import SPARK
from integration.writer.place import Place
from integration.writer.spark_cluster import ClusterJob, StandaloneCluster
from integration.writer.writer_process import WriterProcess
from soak.audit import Sent, Tables, audit
from unit.writer.builders import ENVELOPE, entry

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = SPARK

ROUNDS: Final = int(os.environ.get("ROUNDS", "0"))
KILLS: Final = int(os.environ.get("KILLS", "0"))
SHARDS: Final = 2
BATCH: Final = 100
RECORD_SECONDS: Final = 0.05
PROGRESS: Final = 60
"""Events that a tier writes before the stream is handed over."""

SECONDS: Final = 500

LOOK_SECONDS: Final = 2.0
"""Between two looks at a table: each reads its metadata, a second or so of one core at the end."""

_LOGGER: Final = logging.getLogger(__name__)


class Producer:
    """Puts records on all shards, one after the other, until it is stopped."""

    def __init__(self, stream: KinesisShards) -> None:
        self.sent: list[Sent] = []
        self._stream = stream
        self._stops = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Put no more."""
        self._stops.set()
        self._thread.join()

    def _run(self) -> None:
        for number in itertools.count():
            if self._stops.wait(RECORD_SECONDS):
                return
            self.put(number)

    def put(self, number: int) -> None:
        """Put a record with an event, one that identifies, and a refused message."""
        ids = [f"m-{number}-{index}" for index in range(2)]
        entries = [entry(ids[0]), entry(ids[1], "identify"), Entry(b"{}", refusal="no")]
        [data] = pack(ENVELOPE, entries)
        record = self._stream.put(number % SHARDS, data)
        place = record.shard, int(record.sequence)
        self.sent += [
            Sent(*place, 0, ids[0]),
            Sent(*place, 1, ids[1], identifies=True),
            Sent(*place, 2, None),
        ]


class Mapping:
    """An event source mapping to the writer, that is switched on and off and keeps its place."""

    def __init__(self, stream: KinesisShards, writer: WriterProcess) -> None:
        described = laptop_mapping(stream.name, "failed")
        mapping = replace(EventSourceMapping.from_description(described), batch_size=BATCH)
        client = aws_client.kinesis(stream.place.endpoint)
        self._writer = writer
        ports = Ports(
            KinesisStream(client, stream.name),
            self,
            MemoryCheckpoints(),
            MemoryOnFailure(),
            SystemClock(),
        )
        self._source = EventSource(mapping, ports)
        self._is_on = threading.Event()
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.set()
        self._thread.join()

    def invoke(self, event: KinesisEvent) -> object:
        """Hand an event to the writer."""
        return self._writer.invoke({"Records": event["Records"]}).result()

    def switch(self, *, on: bool) -> None:
        """Switch it on or off; a batch that is under way is finished."""
        if on:
            self._is_on.set()
        else:
            self._is_on.clear()

    def _run(self) -> None:
        while not self._ends.wait(0.05):
            if self._is_on.is_set():
                time.sleep(min(self._source.step(), 0.5))


@pytest.fixture
def place(stand_in: StandIn) -> Place:
    """A database and a bucket, without a Spark of this process: both tiers have their own."""
    return Place.make(cast("SparkSession", None), stand_in.endpoint)


@pytest.fixture
def environment(
    place: Place, writer_environment: dict[str, str], role: dict[str, str]
) -> dict[str, str]:
    """What both tiers are told."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME")}
    return (
        inherited
        | writer_environment
        | aws_client.environment(place.endpoint)
        | role
        | {
            "GLUE_DATABASE": place.database,
            "WAREHOUSE": place.warehouse,
            "STREAM_NAME": place.database,
            "ROUND_SECONDS": "2",
        }
    )


@pytest.fixture
def mapping(
    stream: KinesisShards, environment: dict[str, str], tmp_path: Path
) -> Iterator[Mapping]:
    with (
        WriterProcess(environment, tmp_path / "writer.log") as writer,
        Mapping(stream, writer) as mapping,
    ):
        writer.await_ready()
        yield mapping


@pytest.fixture
def cluster(environment: dict[str, str], tmp_path: Path) -> Iterator[StandaloneCluster]:
    with StandaloneCluster(environment, tmp_path) as cluster:
        yield cluster


@pytest.fixture
def job(
    cluster: StandaloneCluster, environment: dict[str, str], tmp_path: Path
) -> Callable[..., ClusterJob]:
    """Return what makes a job that is told more."""
    return lambda **told: ClusterJob(environment | told, tmp_path, cluster.master)


@pytest.fixture
def stream(place: Place) -> KinesisShards:
    return KinesisShards(place, SHARDS)


def written(place: Place) -> int:
    """Return how many events there are."""
    if not place.holds(EVENTS.name):
        return 0
    newest = place.table(EVENTS.name).current_snapshot()
    summary = newest and newest.summary
    return int(summary["total-records"] or 0) if summary else 0


def await_progress(place: Place, job: ClusterJob | None = None, events: int = PROGRESS) -> None:
    """Wait until so many more events are written than there are now."""
    wanted = written(place) + events
    eventually(
        lambda: written(place) >= wanted or (job is not None and not job.is_running),
        SECONDS,
        LOOK_SECONDS,
    )
    assert job is None or job.is_running, job.log.read_text()[-3000:]


def found(place: Place, name: str) -> list[tuple[tuple[str, int, int], str]]:
    columns = ("ingest_shard", "ingest_sequence", "ingest_index")
    rows = place.rows(name).to_pylist()
    return [
        ((row[columns[0]], int(row[columns[1]]), row[columns[2]]), row.get("event_id") or "")
        for row in rows
    ]


def wrong(place: Place, producer: Producer) -> list[str]:
    """Return what is not as it must be, a sentence each."""
    identifies, failed = (
        [at for at, _ in found(place, name)] for name in (IDENTIFIES.name, FAILED_RECORDS.name)
    )
    return audit(producer.sent, Tables(found(place, EVENTS.name), identifies, failed))


def test_a_job_takes_a_stream_to_its_end(
    place: Place, stream: KinesisShards, environment: dict[str, str], tmp_path: Path
) -> None:
    producer = Producer(stream)
    for number in range(50):
        producer.put(number)

    with ClusterJob(environment | {"END_WHEN_IDLE": "yes"}, tmp_path) as job:
        assert job.wait(SECONDS) == 0, job.log.read_text()[-3000:]

    assert wrong(place, producer) == []
    assert len(place.snapshots(EVENTS.name)) == 1


@pytest.mark.on_request
@pytest.mark.skipif(not ROUNDS, reason="takes minutes: `make hand-over ROUNDS=10`")
@pytest.mark.timeout(1200 * max(1, ROUNDS))
def test_nothing_is_lost_or_doubled(
    place: Place,
    stream: KinesisShards,
    mapping: Mapping,
    cluster: StandaloneCluster,
    job: Callable[..., ClusterJob],
) -> None:
    with Producer(stream) as producer:
        for number in range(ROUNDS):
            _LOGGER.info("round %d of %d, %d messages", number + 1, ROUNDS, len(producer.sent))
            mapping.switch(on=True)
            await_progress(place)
            with job() as running:
                if number % 2 == 0:
                    mapping.switch(on=False)
                await_progress(place, running)
                mapping.switch(on=False)
                cluster.lose_executor()
                await_progress(place, running)
        mapping.switch(on=True)
        producer.stop()

        eventually(lambda: not wrong(place, producer), SECONDS)
    _LOGGER.info("%d messages: none lost, none doubled", len(producer.sent))
    assert producer.sent


@pytest.mark.on_request
@pytest.mark.skipif(not KILLS, reason="takes minutes: `make hand-over KILLS=50`")
@pytest.mark.timeout(300 * max(1, KILLS))
def test_a_job_that_is_killed_and_started_again_writes_each_message_once(
    place: Place,
    stream: KinesisShards,
    job: Callable[..., ClusterJob],
) -> None:
    with Producer(stream) as producer:
        for number in range(KILLS):
            _LOGGER.info("kill %d of %d, %d messages", number + 1, KILLS, len(producer.sent))
            with job() as running:
                await_progress(place, running, events=1)
                # Sometimes right after the commit to `events`, sometimes elsewhere in a round.
                time.sleep(number % 5)
        producer.stop()

        with job(END_WHEN_IDLE="yes") as last:
            assert last.wait(SECONDS) == 0, last.log.read_text()[-3000:]
    assert wrong(place, producer) == []
    _LOGGER.info("%d messages: none lost, none doubled", len(producer.sent))
