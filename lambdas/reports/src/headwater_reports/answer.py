"""What comes back of a question that was asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from headwater_reports.results import Result


@dataclass(frozen=True)
class Answer:
    """Rows, and the moment of UTC at which the lake was asked: newer commits are not in them."""

    result: Result
    as_of: datetime


@dataclass(frozen=True)
class Running:
    """A question that is still being answered, and the argument by which it is awaited further."""

    execution: str


Ask: TypeAlias = Callable[[str, Mapping[str, str], int], Answer | Running]
"""Asks a question, by its name and arguments, for at most so many rows (0: all).

Raises:
    HeadwaterError: it cannot be asked, or not answered.
"""
