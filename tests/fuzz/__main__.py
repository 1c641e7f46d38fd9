"""Fuzz: ``python -m fuzz --seed 7 --inputs 1000000``; exit code 1 if something is wrong.

The generator is ours: in a second of processor time it makes some 9,000 requests, and Hypothesis
360 plainer ones. What Hypothesis does better, making a finding small, is hardly needed if an input
is a golden case with a few changes.
"""

import argparse
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Final

from rich.console import Console
from rich.pretty import pprint
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from fuzz.tally import Tally
from fuzz.target import replay
from fuzz.targets import TARGETS

_CHUNK: Final = 500
"""Inputs that a process checks before it reports."""

_MAX_TOLD: Final = 50
"""Findings that are told; one mistake often makes thousands."""


def main(arguments: Sequence[str]) -> int:
    """Do what the command line says and return the exit code."""
    options = _options(arguments)
    console = Console(highlight=False, soft_wrap=True, markup=False)
    if options.replay:
        return _replay(options.replay, console)
    tally = _run_all(range(options.seed, options.seed + options.inputs), console)
    for finding in tally.findings[:_MAX_TOLD]:
        console.print(str(finding))
    for line in tally.lines():
        console.print(line)
    return 1 if tally.findings else 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("--seed", type=int, default=0, help="seed of the first input")
    parser.add_argument("--inputs", type=int, default=100_000, help="how many, seed by seed")
    parser.add_argument(
        "--replay", metavar="TARGET:SEED", help="show one input, and check it again"
    )
    return parser.parse_args(arguments)


def _run_all(seeds: range, console: Console) -> Tally:
    """Check the inputs on all cores."""
    tally = Tally()
    chunks = [seeds[start : start + _CHUNK] for start in range(0, len(seeds), _CHUNK)]
    with _progress(console) as progress, ProcessPoolExecutor() as pool:
        task = progress.add_task("inputs", total=len(seeds), found=0)
        for part in pool.map(Tally.of, chunks):
            tally = tally + part
            progress.update(task, advance=part.inputs, found=len(tally.findings))
    return tally


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[found]} findings"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console,
    )


def _replay(which: str, console: Console) -> int:
    """Show an input and check it; what the code under test raises comes with its traceback."""
    name, _, seed = which.partition(":")
    (target,) = (target for target in TARGETS if target.name == name)
    checked = replay(target, int(seed))
    pprint(checked.shown, console=console, max_string=2000)
    console.print("\n".join(checked.problems) or f"all is as it must be: {checked.outcome}")
    return 1 if checked.problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
