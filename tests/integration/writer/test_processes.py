"""Real writers that die or stand still in the middle of a batch: it is in the tables once."""

import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final, TypeAlias
from uuid import uuid4

import pytest
from aws_lambda_powertools import Logger
from pyspark.sql import SparkSession

from headwater_contract.kinesis_event import ReceivedRecord
from headwater_contract.tables import TABLES
from headwater_local import aws_client
from headwater_local.lambda_service.event_source.function import FunctionError
from headwater_writer.handler import Response, handle
from integration.conftest import StandIn
from integration.writer.conftest import AS_A_WRITER
from integration.writer.interceptor import Answer, DroppedError, Forward, Interceptor, Request
from integration.writer.marks import SPARK
from integration.writer.place import Place
from integration.writer.writer_process import WriterProcess
from unit.writer.builders import entry, kinesis_event, now, record

pytestmark = SPARK

ALL_WRITTEN: Final[Response] = {"batchItemFailures": []}
ONCE: Final = {"events": [1, 2, 3], "identifies": [1, 2, 3], "failed_records": [4]}

Phase: TypeAlias = Callable[[Request], bool]

MOMENTS: Final[Mapping[str, Sequence[Phase]]] = {
    "before its messages are decided on": [
        lambda request: request.is_read_of("events"),
        lambda request: request.is_commit_to("identifies"),
        lambda request: request.is_data_of("events"),
    ],
    "while they are": [
        lambda request: request.is_manifest_of("events"),
        lambda request: request.is_manifest_list_of("events"),
        lambda request: request.is_metadata_of("events"),
        lambda request: request.is_commit_to("events"),
    ],
    "before its failed records have followed": [
        lambda request: request.is_commit_to("events"),
        lambda request: request.is_data_of("failed_records"),
        lambda request: request.is_commit_to("failed_records"),
    ],
}
"""The requests that a batch makes, in their order, right after which a writer dies."""


class AfterFirst:
    """Does something when the first request of a kind took effect, and drops the answer."""

    def __init__(self, kind: Callable[[Request], bool], action: Callable[[], object]) -> None:
        self._kind = kind
        self._action = action
        self._first = threading.Lock()

    def __call__(self, request: Request, forward: Forward) -> Answer:
        answer = forward()
        if not self._kind(request) or not self._first.acquire(blocking=False):
            return answer
        self._action()
        raise DroppedError


class HoldFirst:
    """Keeps the first request of a kind until it is released."""

    def __init__(self, kind: Callable[[Request], bool]) -> None:
        self._kind = kind
        self._first = threading.Lock()
        self.arrived = threading.Event()
        self.released = threading.Event()

    def __call__(self, request: Request, forward: Forward) -> Answer:
        if self._kind(request) and self._first.acquire(blocking=False):
            self.arrived.set()
            assert self.released.wait(60)
        return forward()


class Writers:
    """Writers of a function of one instance: a new one is started when the last was killed."""

    def __init__(self, environment: Mapping[str, str], log: Path, stack: ExitStack) -> None:
        self._environment = environment
        self._log = log
        self._stack = stack
        self._writer: WriterProcess | None = None

    def running(self) -> WriterProcess:
        """Return a writer that runs."""
        if self._writer is None or not self._writer.is_running:
            self._writer = WriterProcess(self._environment, self._log)
            self._stack.enter_context(self._writer)
        return self._writer


@pytest.fixture(scope="module")
def place(spark: SparkSession, stand_in: StandIn) -> Place:
    """Tables that the tests of this module share; each test has a shard of its own."""
    return Place.make(spark, stand_in.endpoint)


@pytest.fixture(scope="module")
def wire(place: Place) -> Iterator[Interceptor]:
    """What the writers reach AWS through."""
    with Interceptor(place.endpoint) as interceptor:
        yield interceptor


@pytest.fixture(scope="module")
def writers(
    place: Place,
    wire: Interceptor,
    writer_environment: Mapping[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Writers]:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
        **writer_environment,
        **aws_client.environment(wire.endpoint),
        **AS_A_WRITER,
        "GLUE_DATABASE": place.database,
        "WAREHOUSE": place.warehouse,
    }
    with ExitStack() as stack:
        yield Writers(environment, tmp_path_factory.mktemp("writers") / "log", stack)


def event_of(shard: str) -> dict[str, Any]:
    """Return an invocation with three events that are identifies too, and a poisoned record."""
    records = [
        record(number, entry(f"{shard}-{number}", "identify"), shard=shard) for number in (1, 2, 3)
    ]
    return kinesis_event([*records, ReceivedRecord(shard, "4", b"poison")])


def invoke_another(place: Place, shard: str) -> Response:
    """Hand the batch to the writer in this process, which has a Spark of its own."""
    writer = place.writer(now=now)
    return handle(event_of(shard), writer, Logger(service="another"))


def positions(place: Place, shard: str) -> dict[str, list[int]]:
    """Return where the rows of a shard come from, in every table."""
    found = {table.name: place.rows(table.name).to_pylist() for table in TABLES}
    return {
        name: sorted(int(row["ingest_sequence"]) for row in rows if row["ingest_shard"] == shard)
        for name, rows in found.items()
    }


def test_sets_poison_aside_and_goes_on(place: Place, writers: Writers) -> None:
    shard = "poisoned/shard"
    poison = [ReceivedRecord(shard, str(number), bytes([number]) * 9) for number in range(1, 6)]

    answer = writers.running().invoke(kinesis_event([*poison, record(6, shard=shard)])).result()

    assert answer == ALL_WRITTEN
    assert positions(place, shard) == {
        "events": [6],
        "identifies": [],
        "failed_records": [1, 2, 3, 4, 5],
    }


def test_writes_a_batch_once_that_a_frozen_writer_commits_late(
    place: Place, writers: Writers, wire: Interceptor
) -> None:
    shard = "frozen/shard"
    held = HoldFirst(lambda request: request.is_commit_to("events"))
    wire.script = held
    zombie = writers.running()
    late = zombie.invoke(event_of(shard))
    assert held.arrived.wait(120)
    zombie.freeze()

    assert invoke_another(place, shard) == ALL_WRITTEN
    held.released.set()
    zombie.thaw()

    assert late.result() == ALL_WRITTEN
    assert positions(place, shard) == ONCE


@pytest.mark.parametrize("moments", MOMENTS.values(), ids=MOMENTS)
def test_writes_a_batch_once_whose_writers_are_killed_one_after_the_other(
    place: Place, writers: Writers, wire: Interceptor, moments: Sequence[Phase]
) -> None:
    shard = f"killed/{uuid4()}"
    for moment in moments:
        victim = writers.running()
        victim.await_ready()
        wire.script = AfterFirst(moment, victim.kill)
        with pytest.raises(FunctionError, match="worker"):
            victim.invoke(event_of(shard)).result()
        assert not victim.is_running

    assert invoke_another(place, shard) == ALL_WRITTEN
    assert positions(place, shard) == ONCE


def test_ends_with_its_java_and_leaves_the_batch_to_another(place: Place, writers: Writers) -> None:
    shard = "without-java/shard"
    victim = writers.running()
    victim.invoke(kinesis_event([record(1, shard="before/shard")])).result()
    victim.kill_java()

    with pytest.raises(FunctionError, match="worker"):
        victim.invoke(event_of(shard)).result()
    victim.await_end()

    assert writers.running().invoke(event_of(shard)).result() == ALL_WRITTEN
    assert positions(place, shard) == ONCE
