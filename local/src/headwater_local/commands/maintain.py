"""`headwater maintain`: the lake's maintenance by hand, and what it did to each table."""

# ruff: noqa: PLC0415 -- what a command needs is imported when it runs, as in cli.py

from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.filesize import decimal

from headwater_local.data_dir import DEFAULT, DataDir

MODULE = "headwater_writer.maintenance"


class TableOption(StrEnum):
    """The tables that there are."""

    EVENTS = "events"
    IDENTIFIES = "identifies"
    FAILED_RECORDS = "failed_records"


class StepOption(StrEnum):
    """The steps that there are, in their order."""

    COMPACTION = "compaction"
    MANIFESTS = "manifests"
    EXPIRY = "expiry"
    ORPHANS = "orphans"
    LEDGERS = "ledgers"
    REPEATS = "repeats"


def maintain(
    table: Annotated[list[TableOption] | None, typer.Option(help="Only this one.")] = None,
    step: Annotated[list[StepOption] | None, typer.Option(help="Only this one.")] = None,
    data_dir: Annotated[
        Path, typer.Option(help="Where events, tables and logs are kept.")
    ] = DEFAULT,
) -> None:
    """Compact, expire and tidy the tables now, while `headwater up` runs."""
    from headwater_local.commands.lake_process import lines_of

    chosen = [f"--table={name.value}" for name in table or ()]
    chosen += [f"--step={name.value}" for name in step or ()]
    failed = False
    with Console(stderr=True).status("Starting Spark") as status:
        for line in lines_of(DataDir.at(data_dir), MODULE, chosen):
            if report := line.get("report"):
                typer.echo("\n".join(described(report)))
                failed = failed or has_failed(report)
            else:
                status.update(f"{line['table']}: {line['step']}")
    if failed:
        raise typer.Exit(1)


def described(report: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines that tell a person what was done to a table.

    Args:
        report: A `TableReport` of the writer's, as JSON has it.
    """
    yield f"{report['table']}: {_sizes(report['before'], report['after'])}"
    if report["refused"]:
        yield f"  left alone: {report['refused']}"
    if report.get("error"):
        yield f"  failed: {report['error'].splitlines()[0]}"
    for step in report["steps"]:
        told = _counts(step["counts"]) if step["outcome"] == "done" else _trouble(step)
        yield f"  {step['step']:<11} {told} ({step['seconds']:.1f} s)"


def has_failed(report: Mapping[str, Any]) -> bool:
    """Tell whether something went wrong with a table, by a `TableReport` as JSON has it."""
    return bool(report.get("error")) or any(step["outcome"] == "failed" for step in report["steps"])


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
    told = [f"{count:,} {name.replace('_', ' ')}" for name, count in counts.items() if count]
    return ", ".join(told) or "nothing to do"


def _trouble(step: Mapping[str, Any]) -> str:
    error: str = step["error"]
    return f"{step['outcome']}: {error.splitlines()[0]}"
