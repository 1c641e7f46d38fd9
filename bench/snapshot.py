"""What a batch takes after a snapshot, beside a warm one: ``make bench-snapshot``.

The writer as its image starts it, told that it starts from a snapshot. While it stands still its
connections are forgotten, its keys expire and days pass. *Resumed* is the batch after that in a
writer that has written batches before; *restored* is the first of all, as on Lambda. Each is
compared with warm batches of the same process, so read the ratios. A proxy stands between the
writer and AWS's stand-in and takes its part of every figure.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

from rich.console import Console

from headwater_local import aws_client
from headwater_local.cache import Cache
from headwater_local.supervision.training import archive_file
from headwater_writer.spark import jars
from integration.writer.surroundings import Surroundings
from integration.writer.writer_process import WriterProcess
from stand_in import stand_in
from writer.batches import invocation

EVENTS: Final = 10_000
PROCESSES: Final = 5
WARM_UP: Final = 5
ROUNDS: Final = 4
AWAY: Final = timedelta(days=1)
BUCKET: Final = "headwater-bench"

_console = Console(stderr=True)


class Bench:
    """A writer at the point where its snapshot would be taken, and what is around it."""

    def __init__(self, writer: WriterProcess, around: Surroundings) -> None:
        self._writer = writer
        self._around = around
        self._batches = 0

    def batch(self) -> float:
        """Write the next batch and return the seconds from invocation to answer."""
        event = invocation(self._batches * EVENTS, EVENTS)
        self._batches += 1
        started = time.monotonic()
        self._writer.invoke(event).result()
        return time.monotonic() - started

    def sleep(self) -> None:
        """Let the writer stand still while all around it changes."""
        self._writer.freeze()
        self._around.forget_connections()
        self._around.pass_time(AWAY)
        self._writer.restore()
        self._writer.thaw()

    def measure(self) -> Mapping[str, list[float]]:
        """Return the seconds of batches, by what went before."""
        self.sleep()
        restored = self.batch()
        for _ in range(WARM_UP):
            self.batch()
        seconds: dict[str, list[float]] = {"restored": [restored], "warm": [], "resumed": []}
        for _ in range(ROUNDS):
            seconds["warm"].append(self.batch())
            self.sleep()
            seconds["resumed"].append(self.batch())
        return seconds


@contextmanager
def _bench(endpoint: str, number: int, directory: Path) -> Iterator[Bench]:
    cache = Cache.from_environment(os.environ)
    archive = Path(os.environ.get("CLASS_ARCHIVE") or archive_file(cache))
    database = f"snapshot_{number}"
    aws_client.glue(endpoint).create_database(DatabaseInput={"Name": database})
    with Surroundings.around(endpoint, directory) as around:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
            **around.environment,
            "GLUE_DATABASE": database,
            "WAREHOUSE": f"s3://{BUCKET}/{database}",
            "JARS_DIR": str(cache.jars),
            **({"CLASS_ARCHIVE": str(archive)} if archive.exists() else {}),
        }
        with WriterProcess(environment, directory / f"log-{number}") as writer:
            writer.await_snapshot()
            yield Bench(writer, around)


def _report(measured: list[Mapping[str, list[float]]]) -> str:
    warm = [statistics.median(seconds["warm"]) for seconds in measured]
    lines = []
    for kind in ("warm", "resumed", "restored"):
        medians = [statistics.median(seconds[kind]) for seconds in measured]
        ratios = [median / beside for median, beside in zip(medians, warm, strict=True)]
        lines.append(f"| {kind} | {statistics.median(medians):.2f} | {_spread(ratios)} |")
    return (
        f"A batch of {EVENTS:,} events, median of {len(measured)} processes; ratio to warm, "
        "median and range:\n\n| | seconds | ratio |\n|---|---|---|\n" + "\n".join(lines)
    )


def _spread(ratios: list[float]) -> str:
    return f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"


def _main() -> None:
    measured = []
    with tempfile.TemporaryDirectory() as directory, stand_in(Path(directory)) as endpoint:
        jars.fetch(Cache.from_environment(os.environ).jars, _console.print)
        aws_client.s3(endpoint).create_bucket(Bucket=BUCKET)
        for number in range(PROCESSES):
            _console.print(f"writer {number + 1} of {PROCESSES}")
            with _bench(endpoint, number, Path(directory)) as bench:
                measured.append(bench.measure())
    print(_report(measured))


if __name__ == "__main__":
    _main()
