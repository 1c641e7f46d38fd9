"""Athena's SQL as DuckDB's, with the same meaning. Pure, by sqlglot.

sqlglot knows the functions' names. What it wrongly takes for the same is corrected here; with
``SETTINGS``, DuckDB divides whole numbers as Athena does.
"""

from typing import Final

import sqlglot
from sqlglot import ErrorLevel, exp
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.errors import ParseError, SqlglotError
from sqlglot.generators.duckdb import DuckDBGenerator

from headwater_reports.errors import QueryError

SETTINGS: Final = ("SET TimeZone = 'UTC'", "SET integer_division = true")
"""What a connection needs for the SQL to mean the same."""


def to_duckdb(sql: str) -> str:
    """Return Athena's statements, one or several, as DuckDB's.

    Raises:
        QueryError: it is not SQL that both know; the message says where.
    """
    try:
        return ";\n".join(_transpiled(sql))
    except ParseError as error:
        raise QueryError(_located(sql, error)) from error
    except SqlglotError as error:
        raise QueryError(f"{error}. DuckDB's own SQL runs with --dialect duckdb.") from error


def _transpiled(sql: str) -> list[str]:
    return sqlglot.transpile(
        sql, read="athena", write=_SameMeaning, unsupported_level=ErrorLevel.RAISE
    )


def _located(sql: str, error: ParseError) -> str:
    """Return what is wrong, the line it is in, and a mark below the place."""
    found = error.errors[0] if error.errors else {}
    if not (line := found.get("line")):
        return str(error).splitlines()[0]
    text = sql.splitlines()[line - 1]
    column = found["col"] - len(found.get("highlight") or "")
    return f"{found['description']}, line {line}:\n{text}\n{' ' * max(0, column)}^"


def _clock_in_zone(duckdb: DuckDBGenerator, node: exp.AtTimeZone) -> str:
    return _clock(duckdb, node.this, node.args["zone"])


def _clock(duckdb: DuckDBGenerator, instant: exp.Expression, zone: exp.Expression) -> str:
    # Athena takes a timestamp without zone for UTC and keeps the instant; DuckDB takes it for what
    # a clock in the zone shows.
    while isinstance(instant, exp.AtTimeZone):
        instant = instant.this
    return f"timezone({duckdb.sql(zone)}, CAST({duckdb.sql(instant)} AS TIMESTAMPTZ))"


def _complete_units(duckdb: DuckDBGenerator, node: exp.DateDiff) -> str:
    # Athena counts whole units that have passed, DuckDB's function of that name the borders.
    unit = node.text("unit").lower()
    return f"date_sub('{unit}', {duckdb.sql(node, 'expression')}, {duckdb.sql(node, 'this')})"


def _scalar_or_null(duckdb: DuckDBGenerator, node: exp.JSONExtractScalar) -> str:
    # Athena has null for an object or a list, DuckDB its text.
    document, path = duckdb.sql(node, "this"), duckdb.sql(node, "expression")
    if not isinstance(node.expression, exp.JSONPath):
        # sqlglot rewrites a path that it sees; DuckDB quotes a name without brackets.
        path = rf"""regexp_replace({path}, '\["([^"]*)"\]', '."\1"', 'g')"""
    return (
        f"CASE WHEN json_type({document}, {path}) NOT IN ('OBJECT', 'ARRAY')"
        f" THEN json_extract_string({document}, {path}) END"
    )


def _zero_for_none(duckdb: DuckDBGenerator, node: exp.CountIf) -> str:
    # Athena counts 0 of no rows, DuckDB null.
    return f"count(CASE WHEN {duckdb.sql(node, 'this')} THEN 1 END)"


def _function(duckdb: DuckDBGenerator, node: exp.Anonymous) -> str:
    match str(node.this).lower(), node.expressions:
        case "with_timezone", [clock, zone]:
            return f"timezone({duckdb.sql(zone)}, {duckdb.sql(clock)})"
        case "at_timezone", [instant, zone]:
            return _clock(duckdb, instant, zone)
        case _:
            return duckdb.anonymous_sql(node)


class _SameMeaning(DuckDB):
    class Generator(DuckDBGenerator):
        TRANSFORMS = {  # noqa: RUF012 -- as sqlglot has it
            **DuckDBGenerator.TRANSFORMS,
            exp.Anonymous: _function,
            exp.AtTimeZone: _clock_in_zone,
            exp.CountIf: _zero_for_none,
            exp.DateDiff: _complete_units,
            exp.JSONExtractScalar: _scalar_or_null,
        }
