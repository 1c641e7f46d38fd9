"""``headwater register``: a table that the catalog has lost, registered by its newest metadata."""

# ruff: noqa: PLC0415 -- what a command needs is imported when it runs, as in cli.py

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import Console

from headwater_contract.quoting import listed
from headwater_local.commands.options import DataDirOption, require_valid
from headwater_local.data_dir import DEFAULT, DataDir
from headwater_local.errors import RegisterRefusedError
from headwater_writer.maintenance.request import TABLE_NAMES, request


def register(
    table: Annotated[str, typer.Option(help=f"Which table: {listed(TABLE_NAMES)}.")],
    metadata: Annotated[
        str | None, typer.Option(help="The metadata file (s3://…), rather than the newest.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    data_dir: DataDirOption = DEFAULT,
) -> None:
    """Register a table that the catalog has lost, with all its rows."""
    from headwater_local.supervision.functions import invoke
    from headwater_local.supervision.part_commands import maintenance

    event = {"register": {"table": table, "metadata": metadata, "dry_run": dry_run}}
    require_valid(event, request)
    with Console(stderr=True).status("Starting Spark"):
        answer = invoke(DataDir.at(data_dir), maintenance, event, lambda _record: None)
    if "error" in answer:
        raise RegisterRefusedError(f"Nothing was registered: {answer['error']}.")
    typer.echo(described(table, answer["register"], dry=dry_run))


def described(table: str, done: Mapping[str, Any], *, dry: bool) -> str:
    """Return the line that says with which metadata a table was registered.

    Args:
        table: Its name.
        done: A `Registration` of the writer's, as JSON has it.
        dry: Whether it was not registered.
    """
    written = datetime.fromisoformat(done["written_at"])
    return (
        f"{table} {'would be' if dry else 'is'} registered with {done['rows']:,} rows, "
        f"as of {written:%Y-%m-%dT%H:%M:%S} UTC, from {done['metadata']}"
    )
