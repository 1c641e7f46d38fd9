"""Run schedules: ``python -m simulation --seed 7 --schedules 100000``; exit code 1 if one fails."""

from __future__ import annotations

import argparse
import logging
import sys
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from simulation.choices import Choices
from simulation.guards import GUARDS
from simulation.schedule import run
from simulation.search import find_counterexample
from simulation.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from simulation.schedule import Outcome

_CHUNK: Final = 200
"""Schedules that a process runs before it reports."""


def main(arguments: Sequence[str]) -> int:
    """Do what the command line says and return the exit code."""
    options = _options(arguments)
    console = Console(highlight=False, soft_wrap=True)
    if options.replay is not None:
        with _without(options.without):
            return _tell(run(Choices.seeded(options.replay), told=True), console)
    seeds = range(options.seed, options.seed + options.schedules)
    if options.without is not None:
        with _without(options.without):
            return _show_counterexample(seeds, console)
    tally = _run_all(seeds, console)
    console.print(str(tally))
    if tally.first_failing is None:
        return 0
    console.print(f"replay: make simulate REPLAY={tally.first_failing}")
    return 1


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m simulation", description=__doc__)
    parser.add_argument("--seed", type=int, default=0, help="seed of the first schedule")
    parser.add_argument("--schedules", type=int, default=5000, help="how many, seed by seed")
    parser.add_argument("--replay", type=int, metavar="SEED", help="tell one schedule step by step")
    parser.add_argument(
        "--without", choices=list(GUARDS), help="take a guard away and show what goes wrong"
    )
    return parser.parse_args(arguments)


def _run_all(seeds: range, console: Console) -> Tally:
    """Run the schedules on all cores."""
    tally = Tally()
    chunks = [seeds[start : start + _CHUNK] for start in range(0, len(seeds), _CHUNK)]
    with _progress(console) as progress, ProcessPoolExecutor(initializer=_quiet) as pool:
        task = progress.add_task("schedules", total=len(seeds))
        for part in pool.map(Tally.of, chunks):
            tally = tally + part
            progress.update(task, advance=part.schedules)
    return tally


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console,
    )


def _show_counterexample(seeds: range, console: Console) -> int:
    """Tell what happens without a guard; that nothing does is the failure here."""
    found = find_counterexample(seeds)
    if found is None:
        console.print(f"{len(seeds):,} schedules, and none does harm")
        return 1
    console.print(f"seed {found.seed}, shortened to {found.outcome.story.steps} steps:")
    _tell(found.outcome, console)
    return 0


def _tell(outcome: Outcome, console: Console) -> int:
    for line in outcome.story.lines:
        console.print(str(line), markup=False)
    sentences = outcome.verdict.sentences
    console.print(f"{outcome.story.steps} steps, {outcome.struck.total()} faults")
    console.print("\n".join(sentences) or "all is as it must be", markup=False)
    return 1 if sentences else 0


def _without(guard: str | None) -> AbstractContextManager[object]:
    return nullcontext() if guard is None else GUARDS[guard]()


def _quiet() -> None:
    # The driver warns of every fault that strikes it.
    logging.disable()


if __name__ == "__main__":
    _quiet()
    sys.exit(main(sys.argv[1:]))
