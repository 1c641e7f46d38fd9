"""The port to an engine that answers in its own time, as Athena does."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from headwater_reports.results import Result


@dataclass(frozen=True)
class Execution:
    """How far a statement is; ``as_of`` is when the lake was asked."""

    state: str
    as_of: datetime
    reason: str | None = None
    is_retryable: bool = False

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self.state in {"QUEUED", "RUNNING"}

    @property
    def has_succeeded(self) -> bool:
        """Whether it has rows to read."""
        return self.state == "SUCCEEDED"


class Engine(Protocol):
    """Runs statements; each method may raise QueryError."""

    def start(self, sql: str, /) -> str:
        """Start a statement, and return the id of its execution."""

    def execution(self, number: str, /) -> Execution:
        """Return how far an execution is."""

    def rows(self, number: str, limit: int, /) -> Result:
        """Return at most ``limit`` rows (0: all) of an execution that succeeded."""
