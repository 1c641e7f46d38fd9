"""The writer's warm batches beside another checkout's: ``make bench-writer BESIDE=PATH``.

Each checkout runs its own ``writer.warm``, with what its own ``make setup-dev`` installed. The
processes take turns on one stand-in, so that a noisy machine is noisy for both.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Final

import boto3
from rich.console import Console
from rich.progress import track

from headwater_local import aws_client
from headwater_local.cache import Cache
from stand_in import stand_in
from writer.contenders import OURS

SIZES: Final = {10_000: 10, 100_000: 2}
"""Batches of a process, by the events of a batch."""

_ROUNDS: Final = 3
"""Processes of each checkout and size."""

_HERE: Final = Path(__file__).resolve().parents[2]
_BUCKET: Final = "headwater-beside"


def main(arguments: Sequence[str]) -> None:
    """Measure both checkouts, and print the median seconds of a batch and their ratio."""
    checkouts = (_HERE, Path(arguments[0]).resolve())
    with tempfile.TemporaryDirectory() as directory, stand_in(Path(directory)) as endpoint:
        environment = _environment(endpoint)
        boto3.client("s3").create_bucket(Bucket=_BUCKET)
        for events in SIZES:
            here, beside = (median(each) for each in _measured(checkouts, environment, events))
            ratio = f"ratio {here / beside:.2f}"
            print(f"{events:,} events: {here:.3f} s, beside {beside:.3f} s, {ratio}", flush=True)


def _environment(endpoint: str) -> Mapping[str, str]:
    os.environ.update(aws_client.environment(endpoint))
    jars = str(Cache.from_environment(os.environ).jars)
    # Each checkout has its own Python.
    kept = {name: text for name, text in os.environ.items() if name != "VIRTUAL_ENV"}
    return {**kept, "JARS_DIR": jars}


def _measured(
    checkouts: Sequence[Path], environment: Mapping[str, str], events: int
) -> Sequence[Sequence[float]]:
    """Return the seconds of every batch, a list for each checkout."""
    seconds: list[list[float]] = [[] for _ in checkouts]
    for number in track(range(_ROUNDS), f"{events:,} events", console=Console(stderr=True)):
        for index, checkout in enumerate(checkouts):
            database = f"beside_{events}_{number}_{index}"
            seconds[index].extend(_warm(checkout, environment, events, database))
    return seconds


def _warm(
    checkout: Path, environment: Mapping[str, str], events: int, database: str
) -> Sequence[float]:
    boto3.client("glue").create_database(DatabaseInput={"Name": database})
    told = {
        **environment,
        "GLUE_DATABASE": database,
        "WAREHOUSE": f"s3://{_BUCKET}/{database}",
        "PYTHONPATH": str(checkout / "bench"),
    }
    python = checkout / ".venv/bin/python"
    command = [str(python), "-m", "writer.warm", str(events), str(SIZES[events])]
    done = subprocess.run(command, check=False, env=told, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{checkout}: writer.warm failed:\n{done.stderr[-3000:]}")
    printed = done.stdout.strip().rpartition("\n")[2]
    measured: Mapping[str, Sequence[float]] = json.loads(printed)["seconds"]
    return measured[OURS]


if __name__ == "__main__":
    main(sys.argv[1:])
