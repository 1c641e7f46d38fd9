"""Looking for a schedule that does harm, and for the shortest one like it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from simulation.choices import Choices
from simulation.schedule import Outcome, run

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

CANDIDATES: Final = 3
"""Schedules that do harm, of which the shortest is shortened."""

MAX_TRIES: Final = 1500
"""Schedules tried to shorten one."""


@dataclass(frozen=True, slots=True)
class Counterexample:
    """A schedule that does harm: its seed, and how it goes once shortened."""

    seed: int
    outcome: Outcome


def find_counterexample(seeds: Iterable[int]) -> Counterexample | None:
    """Return a schedule that does harm, shortened; None if none does."""
    failing = list(islice(harmful(seeds), CANDIDATES))
    if not failing:
        return None
    seed, outcome = min(failing, key=lambda found: found[1].story.steps)
    return Counterexample(seed, run(Choices.repeated(shorten(outcome.choices)), told=True))


def harmful(seeds: Iterable[int]) -> Iterator[tuple[int, Outcome]]:
    """Yield the seeds whose schedules do harm, and how they go."""
    for seed in seeds:
        outcome = run(Choices.seeded(seed))
        if outcome.verdict.harm:
            yield seed, outcome


def shorten(choices: Sequence[int]) -> list[int]:
    """Return fewer and plainer choices whose schedule does harm as well."""
    best: list[int] = []
    plainer = list(choices)
    tries = iter(range(MAX_TRIES))
    while plainer != best:
        best = plainer
        plainer = _swept(best, tries)
    return best


def _swept(best: list[int], tries: Iterator[int]) -> list[int]:
    """Make every stretch plainer that can be, the long ones first."""
    size = len(best)
    while size:
        start = len(best) - size
        while start >= 0:
            for plainer in _plainer(best, start, size):
                if next(tries, None) is None:
                    return best
                if _does_harm(plainer):
                    best = plainer
                    break
            start = min(start, len(best)) - size
        size //= 2
    return best


def _does_harm(choices: Sequence[int]) -> bool:
    return bool(run(Choices.repeated(choices)).verdict.harm)


def _plainer(choices: list[int], start: int, size: int) -> Iterator[list[int]]:
    """Yield the choices without a stretch, and with plainer ones in its place."""
    before, stretch, after = choices[:start], choices[start : start + size], choices[start + size :]
    yield before + after
    if any(stretch):
        yield before + [0] * size + after
    if size == 1 and stretch[0] > 1:
        yield [*before, stretch[0] // 2, *after]
        yield [*before, stretch[0] - 1, *after]
