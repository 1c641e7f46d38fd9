"""``headwater replay``: put failures through again, and say what became of them."""

# ruff: noqa: PLC0415 -- what a command needs is imported when it runs, as in cli.py

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from headwater_contract.quoting import listed
from headwater_contract.tables import STAGES
from headwater_local.data_dir import DEFAULT, DataDir

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headwater_local.commands.replay import Progress

SHOWN_REASONS = 20


def replay(  # noqa: PLR0913, PLR0917 -- one for each option
    stage: Annotated[
        str | None, typer.Option(help=f"Only what failed there: {listed(tuple(STAGES))}.")
    ] = None,
    app: Annotated[str | None, typer.Option(help="Only this app's.")] = None,
    since: Annotated[
        str | None,
        typer.Option("--from", help="Only what failed since this date or time, UTC: 2026-01-31."),
    ] = None,
    until: Annotated[
        str | None, typer.Option("--to", help="Only what failed before this date or time, UTC.")
    ] = None,
    reason: Annotated[
        str | None, typer.Option(help="Only if the reason contains this text, regardless of case.")
    ] = None,
    shard: Annotated[str | None, typer.Option(help="Only this ingest_shard.")] = None,
    sequence: Annotated[str | None, typer.Option(help="Only this ingest_sequence.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    given_up: Annotated[
        bool, typer.Option("--given-up", help="Instead, batches that the mapping gave up on.")
    ] = False,
    data_dir: Annotated[
        Path, typer.Option(help="Where events, tables and logs are kept.")
    ] = DEFAULT,
) -> None:
    """Put failed records through again, after a fix; each becomes an event once."""
    from headwater_local.commands.replay import replay_failed_records, replay_given_up
    from headwater_writer.replay.filter import Filter

    try:
        chosen = Filter(
            stage=stage,
            app=app,
            since=since,
            until=until,
            reason=reason,
            shard=shard,
            sequence=sequence,
        )
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    if given_up and (chosen.given() or dry_run):
        raise typer.BadParameter("--given-up takes all that wait: leave the other options out")
    place = DataDir.at(data_dir)
    steps = (
        replay_given_up(place) if given_up else replay_failed_records(place, chosen, dry=dry_run)
    )
    _print(_follow(steps, "batches" if given_up else "records"), dry=dry_run)


def _follow(steps: "Iterator[Progress]", unit: str) -> "Progress":
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn(unit), TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("Replaying", total=None)
        for progress in steps:
            bar.update(task, completed=progress.done, total=progress.of)
    return progress


def _print(found: "Progress", *, dry: bool) -> None:
    typer.echo(f"{'would replay' if dry else 'replayed':<14} {found.replayed:,}")
    typer.echo(f"{'already there':<14} {found.already:,}")
    if found.set_aside:
        typer.echo(f"{'set aside':<14} {found.set_aside:,}")
    typer.echo(f"{'still failing':<14} {sum(found.failing.values()):,}")
    reasons = list(found.failing.items())
    for reason, count in reasons[:SHOWN_REASONS]:
        typer.echo(f"{count:>12,}  {reason}")
    if len(reasons) > SHOWN_REASONS:
        typer.echo(f"{'':>12}  and {len(reasons) - SHOWN_REASONS} more reasons")
