"""What a maintenance run did, for a log, a caller or a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Outcome = Literal["done", "failed", "cut off"]


@dataclass(frozen=True, slots=True)
class Size:
    """The size of a table: its newest data, and the snapshots that can still be read."""

    rows: int
    files: int
    bytes: int
    snapshots: int


@dataclass(frozen=True, slots=True)
class StepReport:
    """What a step did to a table, or why it failed."""

    step: str
    outcome: Outcome
    seconds: float
    counts: Mapping[str, int] = field(default_factory=dict)
    error: str | None = None


@dataclass(frozen=True, slots=True)
class TableReport:
    """What a run did to a table.

    ``refused`` is why the run left the table alone, or left it early; ``error`` what went wrong
    beside the steps. A size is None if the table could not be read.
    """

    table: str
    before: Size | None
    after: Size | None
    steps: Sequence[StepReport] = ()
    refused: str | None = None
    error: str | None = None

    @property
    def failed(self) -> bool:
        """Whether something failed; a table that is held by another or gone is not a failure."""
        return self.error is not None or any(step.outcome == "failed" for step in self.steps)
