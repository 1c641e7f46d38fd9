"""What a maintenance run did, for a log, a caller or a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Outcome = Literal["done", "failed", "cut off"]


@dataclass(frozen=True, slots=True)
class Size:
    """What a table consists of: its newest data, and the snapshots that can still be read."""

    rows: int
    files: int
    bytes: int
    snapshots: int


@dataclass(frozen=True, slots=True)
class StepReport:
    """What a step did to a table, or why it did not."""

    step: str
    outcome: Outcome
    seconds: float
    counts: Mapping[str, int] = field(default_factory=dict)
    error: str | None = None


@dataclass(frozen=True, slots=True)
class TableReport:
    """What a run did to a table; ``refused`` says why it left it alone, or left it early."""

    table: str
    before: Size
    after: Size
    steps: Sequence[StepReport] = ()
    refused: str | None = None

    @property
    def failed(self) -> bool:
        """Whether a step failed; to find another worker at the table is no failure."""
        return any(step.outcome == "failed" for step in self.steps)
