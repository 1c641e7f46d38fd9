"""``headwater ask``: a question of the query pack, here or on Athena."""

# ruff: noqa: PLC0415 -- what a command needs is imported when it runs, as in cli.py

import signal
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from headwater_local.commands.options import INTERRUPTED, DataDirOption
from headwater_local.data_dir import DEFAULT, DataDir
from headwater_local.results import Format, render
from headwater_local.supervision.interrupts import handled_by
from headwater_reports.results import Result


def ask(  # noqa: PLR0913, PLR0917 -- its options
    name: Annotated[str | None, typer.Argument(help="The question; without one, all.")] = None,
    start: Annotated[
        str | None, typer.Option(help="First day; by default 29 days before the last.")
    ] = None,
    end: Annotated[
        str | None, typer.Option(help="Last day, included; by default today in the time zone.")
    ] = None,
    app: Annotated[str, typer.Option(help="An app_id; by default all.")] = "",
    time_zone: Annotated[str, typer.Option(help="The time zone of the days.")] = "UTC",
    bots: Annotated[str, typer.Option(help="exclude, include or only.")] = "exclude",
    segment: Annotated[
        list[str] | None,
        typer.Option(help="A condition, as country=DE; given several times, each must hold."),
    ] = None,
    own: Annotated[
        list[str] | None,
        typer.Option("--with", help="A parameter of the question's own, as event=order_paid."),
    ] = None,
    explain: Annotated[bool, typer.Option(help="Show its definition.")] = False,
    show_sql: Annotated[bool, typer.Option("--sql", help="Print its SQL, Athena's.")] = False,
    chosen: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.TABLE,
    workgroup: Annotated[
        str | None, typer.Option("--athena", help="Ask Athena, in this workgroup.")
    ] = None,
    database: Annotated[
        str | None, typer.Option(help="Athena's database; by default that of the workgroup's name.")
    ] = None,
    data_dir: DataDirOption = DEFAULT,
) -> None:
    """Answer a question about users, sessions, pages, funnels and the like."""
    from headwater_local.questions import pack
    from headwater_reports.arguments import usual_range

    if name is None:
        render(_list(), chosen, sys.stdout)
        return
    asked = pack.question(name)
    if explain:
        typer.echo(f"{asked.title}\n{asked.definition}")
        if asked.marks:
            typer.echo(f"Question marks of its prepared statement: {', '.join(asked.marks)}.")
        return
    given = {"app": app, "time_zone": time_zone, "bots": bots, "segment": "\n".join(segment or [])}
    given |= {name: day for name, day in (("start", start), ("end", end)) if day}
    common = {**usual_range(datetime.now(UTC), given), **given}
    taken = {key: value for key, value in common.items() if key in asked.parameters}
    sql = pack.render(name, {**taken, **_own(own or [])})
    if show_sql:
        typer.echo(sql)
        return
    result = _on_athena(sql, workgroup, database) if workgroup else _here(sql, data_dir)
    render(result, chosen, sys.stdout)


def _on_athena(sql: str, workgroup: str, database: str | None) -> Result:
    from headwater_reports.athena import Athena, run_on_athena

    # A stack's workgroup and database share a name, in which a database has no hyphens.
    athena = Athena.of(workgroup, database or workgroup.replace("-", "_"))
    try:
        return run_on_athena(sql, athena)
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None


def _here(sql: str, data_dir: Path) -> Result:
    from headwater_local.inspection.dialect import Dialect
    from headwater_local.inspection.sql import LocalLake

    # As in `query`.
    with handled_by(signal.SIG_DFL, signal.SIGINT):
        return LocalLake(DataDir.at(data_dir)).run(sql, Dialect.ATHENA)


def _own(pairs: list[str]) -> Mapping[str, str]:
    for pair in pairs:
        if "=" not in pair:
            raise typer.BadParameter(f"`{pair}` has no value: write it as {pair}=VALUE")
    return dict(pair.split("=", 1) for pair in pairs)


def _list() -> Result:
    from headwater_local.questions.pack import questions

    return Result(["question", "asks"], [(each.name, each.title) for each in questions().values()])
