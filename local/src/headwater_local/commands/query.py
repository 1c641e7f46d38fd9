"""``headwater query``: SQL over the tables, and its rows as a table, JSON or CSV."""

# ruff: noqa: PLC0415 -- what a command needs is imported when it runs, as in cli.py

import signal
import sys
from typing import Annotated

import typer

from headwater_local.commands.options import DataDirOption
from headwater_local.data_dir import DEFAULT, DataDir
from headwater_local.results import Format, render


def query(
    sql: Annotated[str, typer.Argument(help="A statement of DuckDB's SQL.")],
    chosen: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.TABLE,
    data_dir: DataDirOption = DEFAULT,
) -> None:
    """Run SQL over the tables while `headwater up` runs."""
    from headwater_local.inspection.sql import run_query

    # Ctrl-C ends the process: DuckDB would answer it with a traceback, or not at all.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    render(run_query(DataDir.at(data_dir), sql), chosen, sys.stdout)
