"""The soak itself: who is at work, for how long, and what is looked at in the end."""

import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from random import Random
from typing import Any, Final

from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from rich.console import Console

from headwater_contract.columns import Table
from headwater_contract.tables import EVENTS, FAILED_RECORDS, IDENTIFIES, TABLES
from headwater_local import aws_client
from headwater_writer.publish.settle import PublishError
from headwater_writer.publish.table import TableError
from headwater_writer.rows.rows import Rules
from headwater_writer.settings import Settings
from headwater_writer.spark import session
from headwater_writer.tracking_plan.parse import parse
from integration.conftest import StandIn
from integration.writer.faults import catalog_through
from integration.writer.interceptor import Interceptor
from integration.writer.place import Place as Lake
from integration.writer.test_maintenance import DAYS_LATER, maintain
from integration.writer.writer_process import writer_environment
from soak.audit import Place, Tables, audit, doubled, repeats_left
from soak.delivery import Batch, Delivery
from soak.fleet import Fleet
from soak.stream import Stream
from soak.weather import Weather

WRITERS: Final = 4
SHARDS: Final = 4

RECORD_SECONDS: Final = 0.2
"""How often each shard gets a record."""

BATCHES_BETWEEN: Final = (3, 20)
"""Least and most batches between two troubles: a busy machine starts writers slowly."""

MAINTENANCE_SECONDS: Final = 20.0
"""Between two runs of maintenance, which has an hour in life."""

QUIET_SECONDS: Final = 1200.0
"""How long the writers may take for what is left when all is calm."""

REPORT_SECONDS: Final = 15.0

ROLLED_BACK: Final = 10
"""Snapshots that the rollback by another tool takes away."""

PLANS: Final = (
    "version: 1\nevents: {paid: {properties: {total: double}}}",
    "version: 1\nevents: {paid: {on_mismatch: fail, properties: {total: double}}}",
    "version: 1\nevents: {read: {properties: {page: string}}}",
)
_PLACE: Final = ("ingest_shard", "ingest_sequence", "ingest_index")
_PLAN_KEY: Final = "config/plan.yaml"
_HEAP: Final = {"JAVA_TOOL_OPTIONS": "-Xmx1g"}

_console = Console(highlight=False, soft_wrap=True)


class Soak:
    """Writers and their troubles around one lake."""

    def __init__(self, lake: Lake, wire: Interceptor, fleet: Fleet, seed: int) -> None:
        self._lake = lake
        self._fleet = fleet
        self._random = Random(seed)  # noqa: S311 (it has to repeat itself)
        self._catalog = catalog_through(lake, wire)
        # Spark makes a catalog when it is first asked for, and only in a thread that has a session.
        lake.lake(self._catalog).tables()
        self._weather = wire.script = Weather(seed)
        self._stream = Stream(seed, SHARDS)
        self._late: SimpleQueue[Batch] = SimpleQueue()
        self._sends, self._over = threading.Event(), threading.Event()
        self._deliveries = [
            Delivery(self._stream, shard, fleet, self._late, self._over.is_set, seed=seed + number)
            for number, shard in enumerate(self._stream.shards)
        ]
        self._counts: Counter[str] = Counter()
        self._wrong: list[str] = []
        self._rules = Rules()
        self._late_at_work = threading.Lock()

    @classmethod
    @contextmanager
    def prepared(cls, directory: Path, seed: int) -> "Iterator[Soak]":
        """Return a soak on a stand-in of its own; what its processes say is in the folder."""
        with ExitStack() as ends:
            stand_in = StandIn(directory)
            stand_in.start()
            ends.callback(stand_in.stop)
            told = writer_environment() | aws_client.environment(stand_in.endpoint) | _HEAP
            os.environ.update(told)
            spark = session.start(Settings.from_environment(os.environ))
            ends.callback(spark.stop)
            lake = Lake.make(spark, stand_in.endpoint)
            lake.lake().tables()
            wire = ends.enter_context(Interceptor(stand_in.endpoint))
            environment = _environment(lake, wire)
            fleet = ends.enter_context(Fleet.running(WRITERS, environment, directory, seed))
            yield cls(lake, wire, fleet, seed)

    def run(self, seconds: float) -> Sequence[str]:
        """Send records for so long, let the writers come to the end, and return what is wrong."""
        self._deploy()
        self._sends.set()
        work = [
            self._produce,
            self._trouble,
            self._maintain,
            self._write_late,
            *(each.run for each in self._deliveries),
        ]
        with ThreadPoolExecutor(len(work)) as crew:
            running = [crew.submit(each) for each in work]
            try:
                self._wait(running, seconds / 2)
                self._roll_back()
                self._wait(running, seconds / 2)
                self._calm_down()
                running[0].result()  # so that nothing is sent after a look that found all quiet
                self._wait(running, QUIET_SECONDS, lambda: self._is_quiet)
            finally:
                self._over.set()
                self._sends.clear()
        if not self._is_quiet:
            return [*self._wrong, f"not all was written within {QUIET_SECONDS:.0f} s of calm"]
        return [*self._wrong, *self._audited()]

    @property
    def _is_quiet(self) -> bool:
        with self._late_at_work:
            return self._late.empty() and all(each.is_through for each in self._deliveries)

    def _wait(
        self,
        running: Sequence["Future[None]"],
        seconds: float,
        is_done: Callable[[], bool] = lambda: False,
    ) -> None:
        ends = time.monotonic() + seconds
        told = time.monotonic()
        while time.monotonic() < ends and not is_done():
            time.sleep(0.5)
            if time.monotonic() - told > REPORT_SECONDS:
                told = time.monotonic()
                self._report()
            for failed in running:
                if failed.done() and not self._over.is_set():
                    failed.result()
        self._report()

    def _report(self) -> None:
        delivered = sum(each.position for each in self._deliveries)
        records = sum(map(len, self._stream.shards.values()))
        counts = self._counts + self._fleet.counts + self._weather.counts
        told = ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
        _console.print(
            f"{time.strftime('%H:%M:%S')} {len(self._stream.sent)} messages sent; "
            f"{delivered} of {records} records delivered; late {self._late.qsize()}; {told}"
        )

    def _produce(self) -> None:
        while self._sends.is_set():
            for shard in self._stream.shards:
                self._stream.grow(shard)
            time.sleep(RECORD_SECONDS)

    def _trouble(self) -> None:
        kill, freeze = self._fleet.kill_one, self._fleet.freeze_one
        acts = [kill, kill, freeze, freeze, freeze, self._deploy]
        while self._sends.is_set():
            due = self._fleet.counts["batches"] + self._random.randint(*BATCHES_BETWEEN)
            while self._sends.is_set() and self._fleet.counts["batches"] < due:
                time.sleep(0.2)
            self._random.choice(acts)()

    def _maintain(self) -> None:
        while not self._over.is_set():
            self._pause(MAINTENANCE_SECONDS)
            # What the repeats' deletion might hide.
            self._wrong += [
                f"{place} is in events twice" for place in doubled(self._places(EVENTS))
            ]
            for table in TABLES:
                reports = [
                    maintain(self._lake, DAYS_LATER, ["compaction", "expiry"], table),
                    maintain(
                        self._lake,
                        wanted=["repeats", "manifests", "orphans", "ledgers"],
                        contract=table,
                    ),
                ]
                failed = sum(report.failed for report in reports)
                self._counts["maintenance failed"] += failed
                self._counts["maintenance done"] += len(reports) - failed

    def _write_late(self) -> None:
        while not self._over.is_set():
            # Nobody sees a batch that is neither waiting nor at work.
            with self._late_at_work:
                self._write_one_late()
            time.sleep(1)

    def _write_one_late(self) -> None:
        try:
            batch = self._late.get_nowait()
        except Empty:
            return
        try:
            self._lake.writer(self._rules, catalog=self._catalog).write_late(batch)
        except (TableError, PublishError, Py4JError, PySparkException) as error:
            self._counts[f"late {type(error).__name__}"] += 1
            self._late.put(batch)
        else:
            self._counts["late written"] += 1

    def _deploy(self) -> None:
        plan = self._random.choice(PLANS)
        aws_client.s3(self._lake.endpoint).put_object(
            Bucket=self._lake.database, Key=_PLAN_KEY, Body=plan.encode()
        )
        self._rules = Rules(plan=parse(plan.encode()))
        self._fleet.deploy()

    def _roll_back(self) -> None:
        """Take events back as another tool does, and let the stream be read from its start."""
        while True:
            kept = self._lake.ancestors(EVENTS.name)
            try:
                self._lake.roll_back(EVENTS.name, kept[ROLLED_BACK])
            except (IndexError, Py4JError, PySparkException):
                # It has too few commits yet, or that one has expired meanwhile.
                time.sleep(1)
            else:
                break
        _console.print(f"another tool took events {ROLLED_BACK} commits back")
        for each in self._deliveries:
            each.read_again()

    def _calm_down(self) -> None:
        self._sends.clear()
        self._weather.calm = True
        for each in self._deliveries:
            each.calm = True

    def _pause(self, seconds: float) -> None:
        ends = time.monotonic() + seconds
        while time.monotonic() < ends and not self._over.is_set():
            time.sleep(0.2)

    def _audited(self) -> Sequence[str]:
        wrong = audit(self._stream.sent, self._tables())
        maintain(self._lake, wanted=["repeats"])
        wrong += repeats_left(self._stream.sent, self._tables())
        for table in TABLES:
            unreadable = {*self._lake.snapshots(table.name)} - {
                *self._lake.readable_snapshots(table.name)
            }
            wrong += [f"snapshot {number} of {table.name} is unreadable" for number in unreadable]
        return wrong

    def _tables(self) -> Tables:
        events = self._found(EVENTS, "event_id")
        return Tables(
            [(_place(row), row["event_id"]) for row in events],
            self._places(IDENTIFIES),
            self._places(FAILED_RECORDS),
        )

    def _places(self, table: Table) -> list[Place]:
        return [_place(row) for row in self._found(table)]

    def _found(self, table: Table, *columns: str) -> list[dict[str, Any]]:
        scan = self._lake.table(table.name).scan(selected_fields=(*_PLACE, *columns))
        return scan.to_arrow().to_pylist()


def _place(row: Mapping[str, Any]) -> Place:
    shard, sequence, index = (row[name] for name in _PLACE)
    return shard, int(sequence), index


def _environment(lake: Lake, wire: Interceptor) -> Mapping[str, str]:
    """Return the environment of a writer that reaches AWS through the wire."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("PYSPARK_")}
    return own | {
        "AWS_ENDPOINT_URL": wire.endpoint,
        "GLUE_DATABASE": lake.database,
        "WAREHOUSE": lake.warehouse,
        "TRACKING_PLAN": f"s3://{lake.database}/{_PLAN_KEY}",
    }
