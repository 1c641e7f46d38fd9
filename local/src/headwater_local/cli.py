"""The command line: ``headwater`` and its commands, each a file of ``commands``.

What a command needs is imported when it runs: Spark's helpers, DuckDB and boto3 take longer to load
than ``headwater --help`` may.
"""

import sys
from importlib.metadata import version
from typing import Annotated

import typer
from rich.console import Console

from headwater_local.commands.ask import ask
from headwater_local.commands.backfill import backfill
from headwater_local.commands.canary import canary
from headwater_local.commands.cost import cost
from headwater_local.commands.demo import demo
from headwater_local.commands.doctor import doctor
from headwater_local.commands.maintain import maintain
from headwater_local.commands.plan import plan
from headwater_local.commands.poll import poll
from headwater_local.commands.query import query
from headwater_local.commands.register import register
from headwater_local.commands.replay import replay
from headwater_local.commands.rewind import rewind
from headwater_local.commands.send import send
from headwater_local.commands.status import status
from headwater_local.commands.tail import tail
from headwater_local.commands.up import up
from headwater_reports.errors import HeadwaterError

commands = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _show(version_is_wanted: bool) -> None:
    if version_is_wanted:
        typer.echo(f"headwater {version('headwater-local')}")
        raise typer.Exit


@commands.callback()
def headwater(
    _version: Annotated[
        bool, typer.Option("--version", callback=_show, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Headwater on this machine: the whole route from a click to SQL."""


commands.command()(up)
commands.command()(demo)
commands.command()(send)
# A statement may begin with a comment, and that with two hyphens.
commands.command(context_settings={"ignore_unknown_options": True})(query)
commands.command()(ask)
commands.command()(status)
commands.command()(doctor)
commands.command()(tail)
commands.command()(canary)
commands.command()(plan)
commands.command()(poll)
commands.command()(replay)
commands.command()(backfill)
commands.command()(maintain)
commands.command()(rewind)
commands.command()(register)
commands.command()(cost)


def app() -> None:
    """Run the command line; a failure that explains itself is a sentence and exit code 1."""
    try:
        commands()
    except HeadwaterError as error:
        console = Console(stderr=True, highlight=False, soft_wrap=True)
        console.print(str(error), markup=False)
        sys.exit(1)
