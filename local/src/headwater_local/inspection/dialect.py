"""The dialect of a statement."""

from enum import StrEnum


class Dialect(StrEnum):
    """Athena's, which is translated, or DuckDB's own."""

    ATHENA = "athena"
    DUCKDB = "duckdb"
