"""``headwater up``: the whole route on this machine, and what to try on it."""

# ruff: noqa: PLC0415 -- what a command needs is imported when it runs, as in cli.py

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from headwater_local.commands.options import DataDirOption, chosen_sinks, command_line
from headwater_local.data_dir import DEFAULT, DataDir
from headwater_local.ports import Ports

if TYPE_CHECKING:
    from headwater_local.supervision.run import Run


def _port(what: str) -> Any:  # noqa: ANN401 -- what typer.Option returns
    return typer.Option(min=1, max=65535, help=f"Port of {what}, on loopback.")


def up(  # noqa: PLR0913, PLR0917 -- one for each option
    api_port: Annotated[int, _port("the collector")] = Ports.api,
    site_port: Annotated[int, _port("the demo shop and the reports")] = Ports.site,
    aws_port: Annotated[int, _port("the AWS stand-in")] = Ports.aws,
    runtime_port: Annotated[int, _port("Lambda's Runtime API")] = Ports.runtime,
    tracking_plan: Annotated[
        Path | None,
        typer.Option(envvar="TRACKING_PLAN", help="YAML: which properties get columns."),
    ] = None,
    sinks: Annotated[
        str, typer.Option(help="Also keep copies of the events: history, counts, archive.")
    ] = "",
    postgres_url: Annotated[
        str | None,
        typer.Option(envvar="HEADWATER_POSTGRES_URL", help="Your own database for the counts."),
    ] = None,
    data_dir: DataDirOption = DEFAULT,
) -> None:
    """Start everything and keep it running until Ctrl-C."""
    from headwater_local.cache import Cache
    from headwater_local.commands.plan import usable
    from headwater_local.sinks.registry import SINKS
    from headwater_local.supervision.part_commands import require_settings
    from headwater_local.supervision.run import Run
    from headwater_local.supervision.steps import Steps
    from headwater_local.supervision.up import up as run_up

    ports = Ports(api_port, site_port, aws_port, runtime_port)
    plan = usable(tracking_plan)[0] if tracking_plan else None
    cache = Cache.from_environment(os.environ)
    run = Run(
        DataDir.at(data_dir),
        cache,
        ports,
        dict(os.environ),
        plan,
        chosen_sinks(sinks, SINKS),
        postgres_url,
    )
    require_settings(run)
    run_up(run, Steps(Console()), partial(_what_to_try, run))


def _what_to_try(run: "Run", seconds: float) -> str:
    track = '{"userId": "me", "event": "hello"}'
    count = 'query "select event_type, count(*) from events group by 1"'
    return f"""
[bold]Headwater is up[/] [dim]({seconds:.1f} s)[/]. Click around on [bold]{run.ports.site_url}[/], \
or send an event yourself:

  curl {run.ports.api_url}/v1/track -H 'content-type: application/json' -d '{track}'

and see it in the table a few seconds later:

  {command_line(count, run.data_dir)}

The usual questions have answers on [bold]{run.ports.site_url}/reports/[/].
Logs are in {run.data_dir.log_file("up").parent}. Ctrl-C stops everything and keeps the data."""
