"""What happened in a schedule, for people."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened: when (seconds since the start), to whom, and what."""

    at: float
    actor: str
    text: str

    def __str__(self) -> str:
        return f"{self.at:9.2f} s  {self.actor:<14} {self.text}"


@dataclass
class Story:
    """Keeps the lines of a schedule that somebody wants to read, and counts those of all others."""

    kept: bool = False
    steps: int = 0
    lines: list[Line] = field(default_factory=list)

    def tell(self, at: float, actor: str, text: Callable[[], str]) -> None:
        """Note a step; its text is asked for only where it is kept."""
        self.steps += 1
        if self.kept:
            self.lines.append(Line(at, actor, text()))
