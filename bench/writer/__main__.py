"""The writer measured against its peers, in one run: ``make bench-writer``.

Absolute times depend on the machine and on what else it does; the ratios are of runs that took
turns. Writes its tables into ``docs/performance.md`` between the markers there.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import boto3
from rich.console import Console

from headwater_local import aws_client
from headwater_local.cache import Cache
from headwater_local.supervision.training import archive_file
from headwater_writer.spark import jars
from stand_in import stand_in
from writer import tables
from writer.batches import EVENTS_A_RECORD, invocation
from writer.contenders import OURS, PEER
from writer.delay import delaying_proxy
from writer.first_commit import RUNGS, Event
from writer.lakes import register_again
from writer.requests import CountingProxy

COLD_RUNS = 5
COLD_EVENTS = 10_000
HOUR_COMMITS, HOUR_EVENTS = 60, 500
WARM = {10_000: 15, 100_000: 5}
"""Rounds, by the events of a batch."""
WIRE_MS = 20
WIRE_EVENTS = 10_000
FEWER_COMMITS, MORE_COMMITS = 5, 15
MEMORY_MB = 2_048
MEMORY_ROUNDS = 5
BUCKET = "headwater-bench"
DOCUMENT = Path(__file__).parents[2] / "docs" / "performance.md"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"

_console = Console(stderr=True)


class Bench:
    """One run against one stand-in."""

    def __init__(self, endpoint: str, directory: Path) -> None:
        self._endpoint = endpoint
        self._event = directory / "event.json"
        self._cache = Cache.from_environment(os.environ)
        self._databases = 0
        jars.fetch(self._cache.jars, _console.print)
        os.environ.update(aws_client.environment(endpoint))
        boto3.client("s3").create_bucket(Bucket=BUCKET)
        self._archive = archive_file(self._cache)
        if not self._archive.exists():
            _console.print("making the class archive")
            self._archive.parent.mkdir(parents=True, exist_ok=True)
            self._run("headwater_writer.training", str(self._archive))

    def cold(self) -> tables.Seconds:
        """Return seconds from process start to the first commit of 10,000 events, of each rung."""
        return self._first_commits("cold start", RUNGS, invocation(0, COLD_EVENTS), self._new_lake)

    def cold_after_an_hour(self) -> tables.Seconds:
        """Return the seconds of stock and of this writer on tables with the shard's last hour."""
        _console.print("writing an hour")
        full = self._new_lake()
        self._run("writer.commits", OURS, str(HOUR_COMMITS), str(HOUR_EVENTS), database=full)
        rungs, event = (RUNGS[0], RUNGS[-1]), invocation(HOUR_COMMITS * HOUR_EVENTS, COLD_EVENTS)
        return self._first_commits("after an hour", rungs, event, lambda: self._lake_like(full))

    def warm(self, events: int) -> tables.Warm:
        """Return what ``writer.warm`` measured."""
        _console.print(f"warm batches of {events:,}")
        return self._warm(events, self._endpoint)

    def warm_on_a_wire(self, events: int) -> tables.Warm:
        """Return what ``writer.warm`` measured with each request delayed by ``WIRE_MS``."""
        _console.print(f"warm batches of {events:,}, {WIRE_MS} ms on the wire")
        return self._warm(events, delaying_proxy(self._endpoint, WIRE_MS / 1000).endpoint)

    def memory(self, events: int) -> dict[str, int]:
        """Return what ``writer.memory`` measured, with as much memory as ``MEMORY_MB``."""
        _console.print(f"memory of batches of {events:,}")
        lambdas = {"JDK_JAVA_OPTIONS": f"-XX:MaxRAM={MEMORY_MB}m"}
        measured = self._run("writer.memory", str(events), str(MEMORY_ROUNDS), told=lambdas)
        peaks: dict[str, int] = json.loads(measured)
        return peaks

    def requests(self, contender: str) -> dict[str, float]:
        """Return the requests of one warm commit of a contender to one table, by kind."""
        _console.print(f"counting requests: {contender}")
        # The difference of the two leaves out what is asked once, at the start.
        fewer, more = (self._counted(contender, each) for each in (FEWER_COMMITS, MORE_COMMITS))
        return {kind: (more[kind] - fewer[kind]) / (MORE_COMMITS - FEWER_COMMITS) for kind in more}

    def _first_commits(
        self, what: str, rungs: Sequence[str], event: Event, lake: Callable[[], str]
    ) -> tables.Seconds:
        self._event.write_text(json.dumps(event))
        seconds: dict[str, list[float]] = {name: [] for name in rungs}
        for number in range(COLD_RUNS):
            for name, times in seconds.items():
                _console.print(f"{what} {number + 1} of {COLD_RUNS}: {name}")
                rung = str(RUNGS.index(name))
                taken = self._run("writer.first_commit", rung, str(self._event), database=lake())
                times.append(float(taken))
        return seconds

    def _warm(self, events: int, endpoint: str) -> tables.Warm:
        told = {"AWS_ENDPOINT_URL": endpoint}
        printed = self._run("writer.warm", str(events), str(WARM[events]), told=told)
        measured: tables.Warm = json.loads(printed)
        return measured

    def _counted(self, contender: str, commits: int) -> Counter[str]:
        proxy = CountingProxy(self._endpoint)
        told = {"AWS_ENDPOINT_URL": proxy.endpoint}
        self._run("writer.commits", contender, str(commits), str(EVENTS_A_RECORD), told=told)
        return proxy.counts

    def _new_lake(self) -> str:
        """Return the name of a new database."""
        self._databases += 1
        database = f"bench_{self._databases}"
        boto3.client("glue").create_database(DatabaseInput={"Name": database})
        return database

    def _lake_like(self, full: str) -> str:
        """Return the name of a new database with the tables of another one."""
        database = self._new_lake()
        register_again(self._endpoint, full, database)
        return database

    def _run(
        self,
        module: str,
        *arguments: str,
        told: Mapping[str, str] | None = None,
        database: str | None = None,
    ) -> str:
        """Return the last line that a module prints, run on a database: a new one by default."""
        database = database or self._new_lake()
        environment = {
            **os.environ,
            "AWS_ENDPOINT_URL": self._endpoint,
            "GLUE_DATABASE": database,
            "WAREHOUSE": f"s3://{BUCKET}/{database}",
            "JARS_DIR": str(self._cache.jars),
            "CLASS_ARCHIVE": str(self._archive),
            "PYTHONPATH": str(Path(__file__).parents[1]),
            # Compiled once, as in the image, whatever is set around the bench.
            "PYTHONDONTWRITEBYTECODE": "",
            **(told or {}),
        }
        command = [sys.executable, "-m", module, *arguments]
        done = subprocess.run(command, check=False, env=environment, capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"{module} failed:\n{done.stderr[-3000:]}")
        return done.stdout.strip().rpartition("\n")[2]


def _measured(bench: Bench) -> Iterator[str]:
    """Yield each table when it is there: a later one that fails takes none of them along."""
    yield tables.ladder(bench.cold(), COLD_EVENTS)
    yield tables.hour(bench.cold_after_an_hour(), HOUR_COMMITS, HOUR_EVENTS)
    yield tables.warm({events: bench.warm(events) for events in WARM})
    yield tables.wire({WIRE_EVENTS: bench.warm_on_a_wire(WIRE_EVENTS)}, WIRE_MS)
    memory = {events: bench.memory(events) for events in WARM}
    yield tables.memory(memory, MEMORY_ROUNDS, MEMORY_MB)
    yield tables.requests(bench.requests(OURS), bench.requests(PEER))


def _publish(report: str) -> None:
    text = DOCUMENT.read_text()
    before, after = text.partition(BEGIN)[0], text.partition(END)[2]
    DOCUMENT.write_text(f"{before}{BEGIN}\n\n{report}\n\n{END}{after}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as directory, stand_in(Path(directory)) as address:
        figures = []
        for figure in _measured(Bench(address, Path(directory))):
            print(figure, end="\n\n", flush=True)
            figures.append(figure)
    _publish("\n\n".join(figures))
