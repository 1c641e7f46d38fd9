"""What an examination finds."""

from dataclasses import dataclass
from enum import StrEnum


class Health(StrEnum):
    """How bad it is: a fault keeps events from their rows, a warning asks for a look."""

    GOOD = "good"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence about one part of the route.

    ``remedy`` says what to type or to change if something is wrong.
    """

    part: str
    said: str
    health: Health = Health.GOOD
    remedy: str = ""


def counted(number: int, noun: str) -> str:
    """Return a number of things, as `1 record` or `2,000 records`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def warning(part: str, said: str, remedy: str) -> Finding:
    """Return a finding that asks for a look."""
    return Finding(part, said, Health.WARNING, remedy)


def fault(part: str, said: str, remedy: str) -> Finding:
    """Return a finding that keeps events from their rows."""
    return Finding(part, said, Health.FAULT, remedy)
