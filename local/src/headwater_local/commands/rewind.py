"""``headwater rewind``: a table taken back to a snapshot, and the snapshots to choose from."""

# ruff: noqa: PLC0415 -- what a command needs is imported when it runs, as in cli.py

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any, Final

import typer
from rich.console import Console

from headwater_contract.quoting import listed
from headwater_local.commands.options import DataDirOption, command_line, require_valid
from headwater_local.data_dir import DEFAULT, DataDir
from headwater_local.errors import RewindRefusedError
from headwater_writer.maintenance.request import TABLE_NAMES, request

SHOWN_CHARACTERS: Final = 100
"""Of a property: a list of ranges may have thousands."""


def rewind(
    table: Annotated[str, typer.Option(help=f"Which table: {listed(TABLE_NAMES)}.")],
    to: Annotated[
        str | None, typer.Option(help="A snapshot's id, or a time (UTC): 2026-01-31T13:37.")
    ] = None,
    list_them: Annotated[
        bool, typer.Option("--list", help="List the snapshots instead, the newest last.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    data_dir: DataDirOption = DEFAULT,
) -> None:
    """Rewind a table to a snapshot; what the stream delivers again is accepted once."""
    if list_them == (to is not None):
        raise typer.BadParameter("give one of --to and --list")
    directory = DataDir.at(data_dir)
    if list_them:
        answer = _answer(directory, {"snapshots": {"table": table}})
        typer.echo("\n".join(described_snapshots(answer["snapshots"])))
        return
    event = {"rewind": {"table": table, "to": to, "dry_run": dry_run}}
    done = _answer(directory, event)["rewind"]
    typer.echo("\n".join(described(table, done, dry=dry_run)))
    if not dry_run:
        back = f"rewind --table {table} --to {done['from_snapshot']}"
        typer.echo(f"To undo it: {command_line(back, directory)}")


def _answer(data_dir: DataDir, event: Mapping[str, Any]) -> Mapping[str, Any]:
    from headwater_local.supervision.functions import invoke
    from headwater_local.supervision.part_commands import maintenance

    require_valid(event, request)
    with Console(stderr=True).status("Starting Spark"):
        answer: Mapping[str, Any] = invoke(data_dir, maintenance, event, lambda _record: None)
    if "error" in answer:
        raise RewindRefusedError(f"The table stays as it is: {answer['error']}.")
    return answer


def described(table: str, done: Mapping[str, Any], *, dry: bool) -> Iterator[str]:
    """Yield the lines that say where a table was taken.

    Args:
        table: Its name.
        done: A `Rewind` of the writer's, as JSON has it.
        dry: Whether it was not taken there.
    """
    yield (
        f"{table} {'would be' if dry else 'is'} at snapshot {done['snapshot']} "
        f"of {_time(done['committed_at'])} UTC: "
        f"rows {done['rows_before']:,} → {done['rows_after']:,}, "
        f"{done['commits_left']:,} commits left behind"
    )
    for name, value in done["properties"].items():
        yield f"  {name} = {_shortened(value)}"


def described_snapshots(snapshots: list[Mapping[str, Any]]) -> Iterator[str]:
    """Yield a line for each snapshot.

    Args:
        snapshots: `Candidate`s of the writer's, as JSON has them.
    """
    yield f"{'committed at (UTC)':<19}  {'snapshot':<19}  {'rows':>13}  operation"
    for each in snapshots:
        newest = "  (the newest)" if each["is_newest"] else ""
        yield (
            f"{_time(each['committed_at'])}  {each['snapshot']:<19}  {each['rows']:>13,}  "
            f"{each['operation']}{newest}"
        )


def _time(text: str) -> str:
    return f"{datetime.fromisoformat(text):%Y-%m-%dT%H:%M:%S}"


def _shortened(text: str) -> str:
    half = SHOWN_CHARACTERS // 2
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:half]}…{text[-half:]}"
