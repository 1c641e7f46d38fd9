"""Commits of 32 shards, each writer by itself and in staged mode, in turn: ``make bench-staged``.

Each writer publishes batches of 20 events to its own shard, one right after the other, from a
thread with a view of the table of its own; both tables are new. In staged mode offers go through a
queue of the AWS stand-in to one committer, as by Lambda's mapping. Prints the table of
``docs/scale.md``.
"""

import statistics
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

from pyspark.sql import SparkSession
from rich.console import Console

from commits import BUCKET, writer_settings
from contention import Lane, publish_seconds
from headwater_contract.tables import EVENTS
from headwater_local import aws_client
from headwater_writer.maintenance.table import MaintainedTable
from headwater_writer.publish.publisher import Publisher
from headwater_writer.publish.settle import random_pause
from headwater_writer.rehearsal import warm_up
from headwater_writer.settings import Settings
from headwater_writer.spark import session
from headwater_writer.staged.committer import Committer
from headwater_writer.staged.offering import OfferingTable
from headwater_writer.staged.queue import SqsOffers
from headwater_writer.staged.wire import received
from headwater_writer.writer import Writer
from integration.writer.offers_queue import OffersQueue
from stand_in import stand_in

if TYPE_CHECKING:
    from headwater_writer.publish.table import PublishedTable

SHARDS = 32
BATCHES = 2
"""Of each writer in a turn."""

TURNS = 2
WINDOW_SECONDS = 1.0

_console = Console(stderr=True)


@dataclass
class Retries:
    """A pause before each attempt after a refused one, which it counts."""

    count: int = 0

    def __call__(self, longest: float) -> None:
        """Wait as a writer does."""
        self.count += 1
        random_pause(longest)


@dataclass
class Contender:
    """Writers that commit to a lane, by themselves or by offers, and what they took."""

    name: str
    lane: Lane
    queue: OffersQueue | None = None
    seconds: list[float] = field(default_factory=list)
    elapsed: float = 0.0
    commits: int = 0
    retries: Retries = field(default_factory=Retries)

    def run(self, first: int) -> None:
        """Let every writer publish its batches."""
        snapshots = self._snapshots()
        with self._committer(), ThreadPoolExecutor(SHARDS) as pool:
            shards = [f"shardId-{number:012d}" for number in range(SHARDS)]
            writers = list(pool.map(lambda _: self._writer(), shards))
            started = time.perf_counter()
            taken = pool.map(
                lambda shard, writer: [
                    publish_seconds(writer, shard, first + number) for number in range(BATCHES)
                ],
                shards,
                writers,
            )
            self.seconds += [each for of_writer in taken for each in of_writer]
            self.elapsed += time.perf_counter() - started
        self.commits += self._snapshots() - snapshots

    def row(self) -> str:
        """Return what it took as a row of a table."""
        minutes = self.elapsed / 60
        cells = (
            self.name,
            f"{len(self.seconds) / minutes:.0f}",
            f"{self.commits / minutes:.0f}",
            f"{statistics.median(self.seconds):.1f}",
            f"{statistics.quantiles(self.seconds, n=20)[-1]:.1f}",
            f"{self.retries.count}",
        )
        return f"| {' | '.join(cells)} |"

    def _writer(self) -> Writer:
        settings = self.lane.settings
        tables: dict[str, PublishedTable] = {**self.lane.lake.tables()}
        if self.queue is not None:
            offers = SqsOffers.of(settings, self.queue.url)
            tables = {
                name: OfferingTable(table, offers, random_pause, _console.print)
                for name, table in self.lane.lake.tables().items()
            }
        publisher = Publisher(tables, settings.group, _now, self.retries)
        return Writer(lambda: publisher, settings.rules, _now)

    @contextmanager
    def _committer(self) -> Iterator[None]:
        if self.queue is None:
            yield
            return
        committer, over = Committer(self.lane.lake.tables(), self.retries, _console.print), Event()

        def invoke(event: Any) -> object:  # noqa: ANN401 -- as Lambda has it
            return committer.commit(received(record, _now()) for record in event["Records"])

        with ThreadPoolExecutor(1) as pool:
            serving = pool.submit(self.queue.serve, invoke, WINDOW_SECONDS, over)
            try:
                yield
            finally:
                over.set()
        serving.result()

    def _snapshots(self) -> int:
        table = MaintainedTable(self.lane.spark, self.lane.database, EVENTS).load()
        return int(table.operations().current().lastSequenceNumber())


def _now() -> datetime:
    return datetime.now(UTC)


def _measure(spark: SparkSession, settings: Settings) -> None:
    warm_up(spark)
    by_itself, staged = (Lane.make(spark, settings, name) for name in ("by_itself", "staged"))
    for lane in (by_itself, staged):
        lane.run(1, 0)
    queue = OffersQueue.make(str(settings.endpoint), "offers")
    contenders = (Contender("by itself", by_itself), Contender("staged", staged, queue))
    for turn in range(1, TURNS + 1):
        for contender in contenders:
            _console.print(f"turn {turn} of {TURNS}: {contender.name}")
            contender.run(turn * 10_000)
    print("| | batches/min | commits/min | s a batch, median | p95 | attempts refused |")
    print("|---|---|---|---|---|---|")
    for contender in contenders:
        print(contender.row())


def main() -> None:
    """Run it."""
    with tempfile.TemporaryDirectory() as directory, stand_in(Path(directory), "sqs") as endpoint:
        settings = writer_settings(endpoint)
        aws_client.s3(endpoint).create_bucket(Bucket=BUCKET)
        spark = session.start(settings)
        _measure(spark, settings)
        spark.stop()


if __name__ == "__main__":
    main()
