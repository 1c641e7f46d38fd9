"""`headwater rewind`: a table taken back to what it was, so that its stream can be read again."""

# ruff: noqa: PLC0415 -- what a command needs is imported when it runs, as in cli.py

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from headwater_local.commands.maintain import TableOption
from headwater_local.data_dir import DEFAULT, DataDir
from headwater_local.errors import LakeError

MODULE = "headwater_writer.maintenance.rewind"
SHOWN = 100
"""The most characters shown of a property: a list of ranges may take thousands."""


def rewind(
    table: Annotated[TableOption, typer.Option(help="Which table.")],
    to: Annotated[str, typer.Option(help="A snapshot's id, or a time (UTC): 2026-01-31T13:37.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    data_dir: Annotated[
        Path, typer.Option(help="Where events, tables and logs are kept.")
    ] = DEFAULT,
) -> None:
    """Take a table back to a snapshot; what comes again from the stream is accepted once."""
    from headwater_local.commands.lake_process import lines_of

    dry = ["--dry-run"] if dry_run else []
    arguments = ["--table", table.value, "--to", _checked(to), *dry]
    with Console(stderr=True).status("Starting Spark"):
        [line] = lines_of(DataDir.at(data_dir), MODULE, arguments)
    if error := line.get("error"):
        raise LakeError(f"{table.value} stays as it is: {error}.")
    typer.echo("\n".join(described(table.value, line["rewind"], dry=dry_run)))


def described(table: str, done: Mapping[str, Any], *, dry: bool) -> Iterator[str]:
    """Yield the lines that tell a person where a table was taken.

    Args:
        table: Its name.
        done: A `Rewind` of the writer's, as JSON has it.
        dry: Whether it was not taken there.
    """
    committed_at = datetime.fromisoformat(done["committed_at"])
    yield (
        f"{table} {'would be' if dry else 'is'} at snapshot {done['snapshot']} "
        f"of {committed_at:%Y-%m-%d %H:%M} UTC: "
        f"rows {done['rows_before']:,} → {done['rows_after']:,}, "
        f"{done['commits_left']:,} commits left behind"
    )
    for name, value in done["properties"].items():
        yield f"  {name} = {_shortened(value)}"
    if not dry:
        yield f"Back again: headwater rewind --table {table} --to {done['from_snapshot']}"


def _shortened(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[: SHOWN // 2]}…{text[-SHOWN // 2 :]}"


def _checked(to: str) -> str:
    if not to.isdecimal():
        try:
            datetime.fromisoformat(to)
        except ValueError as error:
            raise typer.BadParameter(f"{to!r} is neither a snapshot's id nor a time") from error
    return to
