"""What a query gives."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Result:
    """Rows of a statement, each a tuple of Python values in the order of ``columns``."""

    columns: list[str]
    rows: list[tuple[Any, ...]]
