"""A search for the worst chunk: ``python -m memory --seed 7 --rounds 60``; exit code 1 if a bound
is broken.

What a hostile sender may choose is chosen by chance, sent through the collector, and written by a
real writer in a process of its own with the memory that it has on Lambda. A third of the rounds
try what is known to be bad, then anything; the others change one choice of the worst so far.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Final

from rich.console import Console

from integration.conftest import StandIn
from integration.writer.writer_process import writer_environment
from memory import candidate as choices
from memory.candidate import Candidate
from memory.measure import MEMORY_MB, Scales
from memory.search import Bounds, Found, search
from memory.worst import WORST

_TOLD: Final = 5
"""Candidates that are told in the end, the worst first."""

_console = Console(highlight=False, soft_wrap=True, markup=False)


def main() -> int:
    """Do what the command line says and return the exit code."""
    options = _options()
    directory = Path(tempfile.mkdtemp(prefix="headwater-memory-"))
    _console.print(f"seed {options.seed}; what the processes say is in {directory}")
    bounds = Bounds(options.memory)
    stand_in = StandIn(directory)
    scales = Scales(writer_environment(), stand_in.endpoint, directory, options.memory)
    stand_in.start()
    try:
        found = _run(options, bounds, scales)
    finally:
        stand_in.kill()
    _tell(found, bounds)
    return 1 if any(bounds.broken(each.figures) for each in found) else 0


def _tell(found: Sequence[Found], bounds: Bounds) -> None:
    worst = sorted(found, key=lambda each: each.badness, reverse=True)[:_TOLD]
    _console.print(f"\nthe worst of {len(found)}:")
    for each in worst:
        _console.print(f"{each.candidate!r}\n  {_line(each, bounds)}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m memory", description=__doc__)
    parser.add_argument("--seed", type=int, default=0, help="of what is by chance")
    parser.add_argument("--rounds", type=int, default=60, help="how many candidates are written")
    parser.add_argument("--memory", type=int, default=MEMORY_MB, help="the function's, in MB")
    parser.add_argument("--replay", type=candidate_of, metavar="CANDIDATE", help="write one again")
    return parser.parse_args()


def candidate_of(text: str) -> Candidate:
    """Return the candidate that a ``repr`` is of."""
    made = eval(text, {"Candidate": choices.Candidate})  # noqa: S307 -- whoever runs it typed it
    if not isinstance(made, Candidate):
        raise argparse.ArgumentTypeError("give what a search printed: Candidate(...)")
    return made


def _run(options: argparse.Namespace, bounds: Bounds, scales: Scales) -> list[Found]:
    if options.replay:
        figures = scales.measure(options.replay)
        return [Found(options.replay, figures, bounds.badness(figures))]
    chance = Random(options.seed)  # noqa: S311 -- to be had again, not to be kept secret
    rounds = search(scales.measure, bounds, [*WORST.values()], chance, options.rounds)
    found = []
    for number, each in enumerate(rounds, start=1):
        _console.print(f"{number}/{options.rounds}: {_line(each, bounds)}; {each.candidate!r}")
        found.append(each)
    return found


def _line(found: Found, bounds: Bounds) -> str:
    figures = found.figures
    took = f"Python {figures.python} MB, heap {figures.heap} MB, both {figures.both} MB"
    return "; ".join([took, *(f"BROKEN: {each}" for each in bounds.broken(figures))])


if __name__ == "__main__":
    sys.exit(main())
