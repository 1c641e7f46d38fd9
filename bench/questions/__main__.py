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

HEAP_GB: Final = 6
"""Of Trino: one gigabyte is too little for ten million events."""


def main() -> None:
    """Measure tables of as many events as are asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--events", type=int, nargs="+", default=[1_000_000])
    write({events: _of(events) for events in sorted(parser.parse_args().events)})


def _of(events: int) -> Asked:
    with (
        tempfile.TemporaryDirectory() as folder,
        stand_in(Path(folder)) as endpoint,
        tempfile.TemporaryDirectory() as of_trino,
    ):
        fill(endpoint, "questions", events)
        with trino.running(endpoint, Path(of_trino), HEAP_GB) as server:
            return measure(endpoint, "questions", replace(server, patience=PATIENCE))


if __name__ == "__main__":
    main()
