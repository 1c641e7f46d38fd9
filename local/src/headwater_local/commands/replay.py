"""``headwater replay``: failures replayed after a fix, and what became of them."""

# ruff: noqa: PLC0415 -- what a command needs is imported when it runs, as in cli.py

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from headwater_contract.quoting import listed
from headwater_contract.tables import STAGES
from headwater_local.commands.options import DataDirOption, require_valid
from headwater_local.data_dir import DEFAULT, DataDir
from headwater_local.errors import FunctionFailedError
from headwater_writer.replay.request import request

SHOWN_REASONS: Final = 20


def replay(  # noqa: PLR0913, PLR0917 -- one for each option
    stage: Annotated[
        str | None,
        typer.Option(help=f"Only records that failed at this stage: {listed(tuple(STAGES))}."),
    ] = None,
    app: Annotated[str | None, typer.Option(help="Only records of this app.")] = None,
    since: Annotated[
        str | None,
        typer.Option("--from", help="Only records that failed at this UTC time or later."),
    ] = None,
    until: Annotated[
        str | None, typer.Option("--to", help="Only records that failed before this UTC time.")
    ] = None,
    reason: Annotated[
        str | None, typer.Option(help="Only if the reason contains this text, regardless of case.")
    ] = None,
    shard: Annotated[str | None, typer.Option(help="Only records of this ingest_shard.")] = None,
    sequence: Annotated[
        str | None, typer.Option(help="Only the record with this ingest_sequence.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    given_up: Annotated[
        bool, typer.Option("--given-up", help="Instead, batches that the mapping gave up on.")
    ] = False,
    data_dir: DataDirOption = DEFAULT,
) -> None:
    """Replay failed records after a fix; each becomes an event once."""
    fields = {
        "stage": stage,
        "app": app,
        "from": since,
        "to": until,
        "reason": reason,
        "shard": shard,
        "sequence": sequence,
    }
    chosen = {name: value for name, value in fields.items() if value is not None}
    if given_up and (chosen or dry_run):
        raise typer.BadParameter("--given-up takes all that wait: leave the other options out")
    asked: dict[str, Any] = {"replay": {**chosen, "dry_run": dry_run}}
    event = {"given_up": {}} if given_up else asked
    require_valid(event, request)
    _print(_replayed(DataDir.at(data_dir), event), dry=dry_run)


def _replayed(data_dir: DataDir, event: Mapping[str, Any]) -> Mapping[str, Any]:
    from headwater_local.supervision.functions import invoke
    from headwater_local.supervision.part_commands import replay as function

    data_dir.running_ports()  # Before a progress bar is drawn.
    unit = "batches" if "given_up" in event else "records"
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn(unit), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("Replaying", total=None)

        def tell(record: Mapping[str, Any]) -> None:
            if record.get("message") == "progress":
                bar.update(task, completed=record["done"], total=record["of"])

        report = followed(lambda part: invoke(data_dir, function, part, tell), event)
    if "error" in report:
        log = data_dir.log_file("replay")
        raise FunctionFailedError(f"The replay failed: {report['error']}. The log is {log}.")
    return report


def followed(
    invoke: Callable[[Mapping[str, Any]], Mapping[str, Any]], event: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Return what becomes of an event and of those that ask for the rest, in one report.

    A report of an ``error`` is returned as it is.
    """
    counts: Counter[str] = Counter()
    failing: Counter[str] = Counter()
    rest: Mapping[str, Any] | None = event
    while rest:
        report = invoke(rest)
        if "error" in report:
            return report
        counts.update({name: report[name] for name in ("replayed", "already", "set_aside")})
        failing.update(report["failing"])
        rest = report["then"]
    return {**counts, "failing": failing}


def _print(report: Mapping[str, Any], *, dry: bool) -> None:
    failing: Counter[str] = report["failing"]
    typer.echo(f"{'would replay' if dry else 'replayed':<14} {report['replayed']:,}")
    typer.echo(f"{'already there':<14} {report['already']:,}")
    if report["set_aside"]:
        typer.echo(f"{'set aside':<14} {report['set_aside']:,}")
    print_failing("still failing", failing)


def print_failing(label: str, failing: Counter[str]) -> None:
    """Print how many records failed, and the most common reasons."""
    typer.echo(f"{label:<14} {failing.total():,}")
    for reason, count in failing.most_common(SHOWN_REASONS):
        typer.echo(f"{count:>12,}  {reason}")
    if len(failing) > SHOWN_REASONS:
        typer.echo(f"{'':>12}  and {len(failing) - SHOWN_REASONS} more reasons")
