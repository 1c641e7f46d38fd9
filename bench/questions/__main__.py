"""``make bench-questions``: generate tables, ask all questions, write the docs' tables."""

import argparse
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Final

from integration.writer.queries import trino
from questions.lake import fill
from questions.measure import Asked, measure
from questions.pages import write
from stand_in import stand_in

PATIENCE: Final = 3600.0
"""Seconds that Trino may take to say anything: a benchmark is for what is slow."""

SERVER: Final = trino.Java(heap_gb=12, compiler="-XX:+TieredCompilation")
"""One gigabyte is too little for ten million events; and a server that stays up compiles well."""


def main() -> None:
    """Measure tables of as many events as are asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--events", type=int, nargs="+", default=[1_000_000])
    measured: dict[int, Asked] = {}
    for events in sorted(parser.parse_args().events):
        measured[events] = _of(events)
        write(measured)


def _of(events: int) -> Asked:
    with (
        tempfile.TemporaryDirectory() as folder,
        stand_in(Path(folder)) as endpoint,
        tempfile.TemporaryDirectory() as of_trino,
    ):
        fill(endpoint, "questions", events)
        with trino.running(endpoint, Path(of_trino), SERVER) as server:
            return measure(endpoint, "questions", replace(server, patience=PATIENCE))


if __name__ == "__main__":
    main()
