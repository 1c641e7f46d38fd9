"""What a table is made of: columns with types, and how its rows lie on disk."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

PROMOTED_PREFIX: Final = "prop_"
"""What the columns of a tracking plan begin with, and no column of the contract ever does."""


class ColumnType(StrEnum):
    """A column's type, by its name in Iceberg's specification."""

    STRING = "string"
    INT = "int"
    LONG = "long"
    DOUBLE = "double"
    BOOLEAN = "boolean"
    TIMESTAMP = "timestamp"
    BINARY = "binary"
    STRING_MAP = "map<string, string>"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: where its value comes from on the wire and what it means.

    ``original`` marks a column that ManyMetrics has too, with the same meaning; ``promoted``, one
    of a tracking plan, which a row need not have.
    """

    name: str
    type: ColumnType
    source: str
    meaning: str
    original: bool = False
    promoted: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its columns, the time column whose day partitions it, and its order on disk.

    Column statistics are kept only for ``pruned_by``: the columns that queries prune by. Of
    ``varied`` columns hardly two rows have the same value, so files hold no dictionary of them. Two
    rows with the same ``identity`` are one message that its client sent twice; rows of a table
    without one are known by their position on the stream alone.
    """

    name: str
    columns: Sequence[Column]
    partition_time: str
    sorted_by: Sequence[str]
    pruned_by: Sequence[str]
    varied: Sequence[str] = ()
    identity: Sequence[str] = ()
