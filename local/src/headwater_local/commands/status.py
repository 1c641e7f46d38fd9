"""``headwater status``: how many events wait, were written and failed."""

# ruff: noqa: PLC0415 -- what a command needs is imported when it runs, as in cli.py

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from headwater_local.commands.options import DataDirOption
from headwater_local.data_dir import DEFAULT, DataDir
from headwater_reports.results import plain

if TYPE_CHECKING:
    from headwater_local.inspection.status import Status


def status(
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    data_dir: DataDirOption = DEFAULT,
) -> None:
    """Show how many events are waiting, written and failed, and the total."""
    from headwater_local.inspection.status import read_status

    found = read_status(DataDir.at(data_dir))
    if as_json:
        typer.echo(json.dumps(asdict(found), default=plain))
    else:
        _print(found)


def _print(found: "Status") -> None:
    last = found.last_commit.isoformat(" ", "seconds") if found.last_commit else "never"
    for name, value in (
        ("total", f"{found.total:,}"),
        ("waiting", f"{found.waiting:,}"),
        ("written", f"{found.written:,}"),
        ("failed", f"{found.failed:,}"),
        ("last commit", last),
        ("lag", f"{found.lag_seconds:.1f} s"),
    ):
        typer.echo(f"{name:<12} {value}")
    for part, pid in found.parts.items():
        typer.echo(f"{part:<12} {f'running (process {pid})' if pid else 'not running'}")
