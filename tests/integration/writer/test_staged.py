"""Staged mode on real Spark and Iceberg, with offers by way of a queue as on AWS."""

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from threading import Event
from types import ModuleType
from typing import Any

import pytest
from aws_lambda_powertools import Logger

from headwater_contract.envelope import Entry
from headwater_contract.kinesis_event import ReceivedRecord
from headwater_contract.tables import EVENTS, FAILED_RECORDS, IDENTIFIES, TABLES
from headwater_local import aws_client
from headwater_writer.process import Process
from headwater_writer.publish.fence import Change
from headwater_writer.settings import Settings
from headwater_writer.staged.offer import Offer
from headwater_writer.staged.wire import encoded
from integration.writer.interceptor import Answer, Forward, Interceptor, Request
from integration.writer.marks import SPARK
from integration.writer.offers_queue import Invoke, OffersQueue
from integration.writer.place import Place
from integration.writer.writer_process import WriterProcess
from simulation.virtual_lake import place_of
from unit.writer.builders import RULES, entry, record

pytestmark = SPARK

SHARDS = [f"clicks/shardId-{number:012d}" for number in range(4)]
WINDOW = 2.0

_LOGGER = Logger(service="test", level="CRITICAL")


def batch(shard: str, first: int = 1) -> list[ReceivedRecord]:
    """Return records with two events, one of which identifies, and a message that fails."""
    joined = entry(f"i-{shard}-{first}", "identify", anonymousId="a", context={"locale": "nb-NO"})
    return [
        record(first, entry(f"m-{shard}-{first}"), joined, shard=shard),
        record(first + 1, Entry(b"{}", refusal="no"), shard=shard),
    ]


@dataclass(frozen=True)
class Staged:
    """A place whose writers offer on a queue."""

    place: Place
    queue: OffersQueue
    settings: Settings

    def write(self, shard: str, first: int = 1) -> None:
        """Write a batch by a new writer, as the function makes it."""
        process = Process.on(self.place.spark, self.settings, RULES, _LOGGER)
        process.writer.write(batch(shard, first))

    @contextmanager
    def served(self, invoke: Invoke) -> Iterator[None]:
        """Let a committer have what is offered meanwhile."""
        over = Event()
        with ThreadPoolExecutor(1) as mapping:
            serving = mapping.submit(self.queue.serve, invoke, WINDOW, over)
            try:
                yield
            finally:
                over.set()
        serving.result()


@pytest.fixture
def environment(place: Place, writer_environment: Mapping[str, str]) -> dict[str, str]:
    return {
        **writer_environment,
        **aws_client.environment(place.endpoint),
        "GLUE_DATABASE": place.database,
        "WAREHOUSE": place.warehouse,
    }


@pytest.fixture
def staged(place: Place, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Staged:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    place.lake().tables()
    queue = OffersQueue.make(place.endpoint, place.database)
    settings = Settings.from_environment({**environment, "OFFERS_QUEUE_URL": queue.url})
    return Staged(place, queue, settings)


def test_all_shards_land_in_one_commit_for_each_table(
    staged: Staged,
    import_function: Callable[[str], ModuleType],
    capsys: pytest.CaptureFixture[str],
) -> None:
    committer = partial(import_function("committer").handler, _context=None)
    for poison in ("poison", *map(encoded, unreadable(staged.place))):
        staged.queue.client.send_message(QueueUrl=staged.queue.url, MessageBody=poison)
    other = Place.make(staged.place.spark, staged.place.endpoint)
    for shard in SHARDS:
        other.writer().write(batch(shard))

    with staged.served(committer), ThreadPoolExecutor(len(SHARDS)) as writers:
        list(writers.map(staged.write, SHARDS))

    for table in TABLES:
        assert len(staged.place.snapshots(table.name)) < len(SHARDS), table.name
        assert told(staged.place, table.name) == told(other, table.name)
        assert bounds(staged.place, table.name) == bounds(other, table.name)
    log = capsys.readouterr().out
    assert log.count('"message":"passed over"') == 4
    assert log.count("not all of them are files of rows") == 1


def unreadable(place: Place) -> Sequence[Offer]:
    """Return offers that would hold if their files could be read."""
    table = place.lake().tables()[EVENTS.name]
    offer = Offer.of("unreadable", table, None, table.head(), Change({}, {}))
    deletes = {
        "spec-id": 0,
        "content": "POSITION_DELETES",
        "file-path": "s3://a/b.parquet",
        "file-format": "PARQUET",
        "partition": {"1000": "2026-03-01"},
        "file-size-in-bytes": 1,
        "record-count": 1,
    }
    lists: tuple[list[str], ...] = (["{}"], [], [json.dumps(deletes)])
    return [replace(offer, files=files) for files in lists]


class KillAfterFirst:
    """Kills a committer right after its first commit to events took effect."""

    def __init__(self, started: Sequence[WriterProcess]) -> None:
        self._started = started
        self.killed = False

    def __call__(self, request: Request, forward: Forward) -> Answer:
        answer = forward()
        if not self.killed and request.is_commit_to(EVENTS.name):
            self.killed = True
            self._started[-1].kill()
        return answer


def test_a_committer_that_is_killed_loses_and_doubles_nothing(
    staged: Staged, environment: dict[str, str], wire: Interceptor, tmp_path: Path
) -> None:
    own = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    settings = {**own, **environment, **aws_client.environment(wire.endpoint)}
    started: list[WriterProcess] = []
    kill = KillAfterFirst(started)
    wire.script = kill

    with ExitStack() as stack:

        def invoke(event: Mapping[str, Any]) -> object:
            if not started or not started[-1].is_running:
                handler = "headwater_writer.functions.committer.handler"
                committer = WriterProcess(settings, tmp_path / "log", handler=handler)
                started.append(stack.enter_context(committer))
            return started[-1].invoke({**event}).result()

        with staged.served(invoke), ThreadPoolExecutor(len(SHARDS)) as writers:
            list(writers.map(staged.write, SHARDS))
            list(writers.map(partial(staged.write, first=3), SHARDS))

    assert kill.killed
    assert staged.place.sequences(EVENTS.name) == sorted([1, 1, 3, 3] * len(SHARDS))
    assert staged.place.sequences(IDENTIFIES.name) == sorted([1, 3] * len(SHARDS))
    assert staged.place.sequences(FAILED_RECORDS.name) == sorted([2, 4] * len(SHARDS))


def told(place: Place, name: str) -> list[dict[str, object]]:
    """Return the rows of a table, but for when they were written, in the order of the stream."""
    found = sorted(place.rows(name).to_pylist(), key=place_of)
    when = {"load_time", "failed_at"}
    return [{key: value for key, value in row.items() if key not in when} for row in found]


def bounds(place: Place, name: str) -> list[dict[str, object]]:
    """Return what the table knows of its files, but for their names and times."""
    files = place.table(name).inspect.files().to_pylist()
    times = {"load_time", "failed_at"}
    kept = ("record_count", "spec_id", "sort_order_id", "readable_metrics", "partition")
    return sorted(
        (
            {key: each[key] for key in kept if key in each and key != "readable_metrics"}
            | {
                "bounds": {
                    column: (metrics["lower_bound"], metrics["upper_bound"])
                    for column, metrics in each["readable_metrics"].items()
                    if column not in times
                }
            }
            for each in files
        ),
        key=str,
    )
