"""How many schedules ran, and how many of them went wrong in which way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulation.choices import Choices
from simulation.schedule import run

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of schedules; one that went wrong in two ways counts in both."""

    schedules: int = 0
    lost: int = 0
    doubled: int = 0
    blocked: int = 0
    unreadable: int = 0
    untrue: int = 0
    steps: int = 0
    faults: int = 0
    first_failing: int | None = None

    @classmethod
    def of(cls, seeds: Iterable[int]) -> Tally:
        """Run the schedules of some seeds."""
        tally = cls()
        for seed in seeds:
            tally = tally + cls._of_one(seed)
        return tally

    @classmethod
    def _of_one(cls, seed: int) -> Tally:
        outcome = run(Choices.seeded(seed))
        verdict = outcome.verdict
        return cls(
            schedules=1,
            lost=bool(verdict.lost),
            doubled=bool(verdict.doubled),
            blocked=bool(verdict.blocked),
            unreadable=bool(verdict.unreadable),
            untrue=bool(verdict.untrue),
            steps=outcome.story.steps,
            faults=outcome.struck.total(),
            first_failing=seed if verdict.sentences else None,
        )

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            schedules=self.schedules + other.schedules,
            lost=self.lost + other.lost,
            doubled=self.doubled + other.doubled,
            blocked=self.blocked + other.blocked,
            unreadable=self.unreadable + other.unreadable,
            untrue=self.untrue + other.untrue,
            steps=self.steps + other.steps,
            faults=self.faults + other.faults,
            first_failing=min(
                (tally.first_failing for tally in (self, other) if tally.first_failing is not None),
                default=None,
            ),
        )

    def __str__(self) -> str:
        others = {
            "blocked": self.blocked,
            "with a table that cannot be read": self.unreadable,
            "with an untrue ledger": self.untrue,
        }
        text = f"{self.schedules:,} schedules, {self.lost} lost, {self.doubled} doubled"
        return text + "".join(f", {count} {name}" for name, count in others.items() if count)
