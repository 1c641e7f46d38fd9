"""``headwater query``: SQL over the tables, once, from a script or at a prompt."""

# ruff: noqa: PLC0415 -- what a command needs is imported when it runs, as in cli.py

import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from headwater_local.commands.options import DataDirOption
from headwater_local.data_dir import DEFAULT, DataDir
from headwater_local.inspection.dialect import Dialect
from headwater_local.results import SHOWN_ROWS, Format, render
from headwater_local.supervision.interrupts import handled_by


def query(  # noqa: PLR0913, PLR0917 -- its options
    sql: Annotated[
        str | None, typer.Argument(help="A statement, `-` for standard input; none for a prompt.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", "-f", help="A script to run instead.", exists=True)
    ] = None,
    chosen: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.TABLE,
    output: Annotated[
        Path | None, typer.Option(help="Write all rows to a .csv, .json or .parquet file.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=0, help="Rows to print; 0 is all. A table has 1,000.")
    ] = None,
    dialect: Annotated[Dialect, typer.Option(help="The dialect of the SQL.")] = Dialect.ATHENA,
    data_dir: DataDirOption = DEFAULT,
) -> None:
    """Run SQL over the tables, whether `headwater up` runs or not."""
    from headwater_local.inspection.sql import LocalLake

    lake = LocalLake(DataDir.at(data_dir))
    statements = _statements(sql, file)
    if statements is None:
        if output or limit is not None or chosen is not Format.TABLE:
            raise typer.BadParameter("--output, --limit and --format need a statement")
        from headwater_local.inspection.prompt import converse

        converse(lake, dialect)
        return
    usual = SHOWN_ROWS if chosen is Format.TABLE else 0
    # Ctrl-C ends the process: DuckDB would answer it with a traceback, or not at all.
    with handled_by(signal.SIG_DFL, signal.SIGINT):
        if output:
            from headwater_local.inspection.export import export

            typer.echo(f"{export(lake, statements, dialect, output):,} rows in {output}")
            return
        result = lake.run(statements, dialect, usual if limit is None else limit)
        render(result, chosen, sys.stdout)


def _statements(sql: str | None, file: Path | None) -> str | None:
    if file:
        if sql is not None:
            raise typer.BadParameter("give a statement or a file, not both")
        return file.read_text()
    if sql == "-" or (sql is None and not sys.stdin.isatty()):
        return sys.stdin.read()
    return sql
