"""What came of many inputs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fuzz.target import Checked, Target, assigned, run
from fuzz.targets import TARGETS

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem, and how to have it again."""

    target: str
    seed: int
    problem: str

    def __str__(self) -> str:
        return f"{self.problem} (make fuzz REPLAY={self.target}:{self.seed})"


@dataclass(slots=True)
class Tally:
    """How many inputs there were, what became of them by target, and what is wrong."""

    inputs: int = 0
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)

    @classmethod
    def of(cls, seeds: range) -> Tally:
        """Check the inputs of these seeds."""
        tally = cls()
        for target, seed in assigned(TARGETS, seeds):
            tally.add(target, seed, run(target, seed))
        return tally

    def add(self, target: Target, seed: int, checked: Checked) -> None:
        """Count an input."""
        self.inputs += 1
        self.outcomes[target.name, checked.outcome] += 1
        self.findings += [Finding(target.name, seed, problem) for problem in checked.problems]

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.inputs + other.inputs,
            self.outcomes + other.outcomes,
            self.findings + other.findings,
        )

    def lines(self) -> Iterable[str]:
        """Say what became of the inputs, a line for each target."""
        for target in TARGETS:
            of_target = {
                what: n for (name, what), n in self.outcomes.items() if name == target.name
            }
            parts = ", ".join(f"{what} {n:,}" for what, n in sorted(of_target.items()))
            yield f"{target.name}: {sum(of_target.values()):,} inputs ({parts})"
        yield f"{self.inputs:,} inputs, {len(self.findings):,} findings"
