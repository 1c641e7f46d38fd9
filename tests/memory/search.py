"""The search: what is known, candidates by chance, then step by step from the worst one."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from memory.candidate import Candidate, any_candidate, neighbour
from memory.measure import Figures

MAX_PYTHON_MB: Final = 400
"""What Python may take for a batch, over what it has before."""

MAX_HEAP_SHARE: Final = 0.8
"""Of Java's heap, what may be left after a collection: fuller, it would do little but collect."""

_BY_CHANCE: Final = 3
"""The first of so many parts of the rounds tries anything; the climb starts from its worst."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a writer has, in MB: ``memory`` of its function, of which Java's heap is half."""

    memory: int

    @property
    def heap(self) -> int:
        """The heap that Java may grow to (``-XX:MaxRAMPercentage=50``)."""
        return self.memory // 2

    def broken(self, figures: Figures) -> list[str]:
        """Return a sentence for each bound that figures break."""
        pairs = (
            ("Python took", figures.python, MAX_PYTHON_MB),
            ("Java's heap held", figures.heap, int(self.heap * MAX_HEAP_SHARE)),
            ("both took", figures.both, self.memory),
        )
        broken = [f"{what} {took} MB of {most}" for what, took, most in pairs if took > most]
        return [figures.problem, *broken] if figures.problem else broken

    def badness(self, figures: Figures) -> float:
        """Return how near figures come to a bound: 1 is at it."""
        if figures.problem:
            return float("inf")
        shares = (
            figures.python / MAX_PYTHON_MB,
            figures.heap / (self.heap * MAX_HEAP_SHARE),
            figures.both / self.memory,
        )
        return max(shares)


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate, what it took, and how near that came to a bound."""

    candidate: Candidate
    figures: Figures
    badness: float


def search(
    measure: Callable[[Candidate], Figures],
    bounds: Bounds,
    known: Sequence[Candidate],
    chance: Random,
    rounds: int,
) -> Iterator[Found]:
    """Yield what each round found: of what is known, by chance, or beside the worst so far."""
    worst: Found | None = None
    for number in range(rounds):
        if number < len(known):
            candidate = known[number]
        elif worst is None or number * _BY_CHANCE < rounds:
            candidate = any_candidate(chance)
        else:
            candidate = neighbour(worst.candidate, chance)
        figures = measure(candidate)
        found = Found(candidate, figures, bounds.badness(figures))
        if worst is None or found.badness > worst.badness:
            worst = found
        yield found
