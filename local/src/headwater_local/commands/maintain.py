"""``headwater maintain``: maintenance of the tables by hand, and what it did to each."""

# ruff: noqa: PLC0415 -- what a command needs is imported when it runs, as in cli.py

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.filesize import decimal
from rich.status import Status

from headwater_contract.quoting import listed
from headwater_local.commands.options import DataDirOption, require_valid
from headwater_local.data_dir import DEFAULT, DataDir
from headwater_writer.maintenance.request import TABLE_NAMES, request
from headwater_writer.maintenance.schedule import NAMES


def maintain(
    table: Annotated[
        list[str] | None,
        typer.Option(help=f"Only this table: {listed(TABLE_NAMES)}. May be repeated."),
    ] = None,
    step: Annotated[
        list[str] | None,
        typer.Option(help=f"Only this step: {listed(NAMES)}. May be repeated."),
    ] = None,
    data_dir: DataDirOption = DEFAULT,
) -> None:
    """Compact, expire and clean up the tables now, whether or not it is due."""
    from headwater_local.supervision.functions import invoke
    from headwater_local.supervision.part_commands import maintenance

    event = {"tables": table or [], "steps": step or list(NAMES)}
    require_valid(event, request)
    with Console(stderr=True).status("Starting Spark") as status:
        invoke(DataDir.at(data_dir), maintenance, event, lambda record: _tell(record, status))


def _tell(record: Mapping[str, Any], status: Status) -> None:
    match record:
        case {"message": "step begins", "table": table, "step": step}:
            status.update(f"{table}: {step}")
        case {"message": "table maintained", "report": report}:
            typer.echo("\n".join(described(report)))


def described(report: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines that say what was done to a table.

    Args:
        report: A `TableReport` of the writer's, as JSON has it.
    """
    yield f"{report['table']}: {_sizes(report['before'], report['after'])}"
    if report["refused"]:
        yield f"  left alone: {report['refused']}"
    if report.get("error"):
        yield f"  failed: {report['error'].splitlines()[0]}"
    for step in report["steps"]:
        done = _counts(step["counts"]) if step["outcome"] == "done" else _trouble(step)
        yield f"  {step['step']:<11} {done} ({step['seconds']:.1f} s)"


def _sizes(before: Mapping[str, int] | None, after: Mapping[str, int] | None) -> str:
    if before is None or after is None:
        return "its size is not known"
    return (
        f"files {before['files']:,} → {after['files']:,}, "
        f"{decimal(before['bytes'])} → {decimal(after['bytes'])}, "
        f"rows {before['rows']:,} → {after['rows']:,}, "
        f"snapshots {before['snapshots']:,} → {after['snapshots']:,}"
    )


def _counts(counts: Mapping[str, int]) -> str:
    texts = [f"{count:,} {name.replace('_', ' ')}" for name, count in counts.items() if count]
    return ", ".join(texts) or "nothing to do"


def _trouble(step: Mapping[str, Any]) -> str:
    error: str = step["error"]
    return f"{step['outcome']}: {error.splitlines()[0]}"
