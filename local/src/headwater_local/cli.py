"""The command line: ``headwater`` and its commands.

What a command needs is imported when it runs: Spark's helpers, DuckDB and boto3 take longer to load
than ``headwater --help`` may.
"""

# ruff: noqa: PLC0415 -- the reason above

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from headwater_local.commands.cost_command import cost
from headwater_local.commands.maintain import maintain
from headwater_local.commands.plan import plan
from headwater_local.commands.render import Format, plain, render
from headwater_local.commands.replay_command import replay
from headwater_local.commands.rewind import rewind
from headwater_local.data_dir import DEFAULT, DataDir
from headwater_local.errors import HeadwaterError, SendError
from headwater_local.ports import Ports

if TYPE_CHECKING:
    from headwater_local.commands.send import Report
    from headwater_local.commands.status import Status

commands = typer.Typer(
    help="Headwater on this machine: the whole route from a click to SQL.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

_DataDir = Annotated[Path, typer.Option(help="Where events, tables and logs are kept.")]
_Port = Annotated[int, typer.Option(min=1, max=65535, help="A port on loopback.")]


commands.command()(cost)
commands.command()(maintain)
commands.command()(plan)
commands.command()(replay)
commands.command()(rewind)


def app() -> None:
    """Run the command line; a failure that explains itself is a sentence and exit code 1."""
    try:
        commands()
    except HeadwaterError as error:
        _complain(str(error))
        sys.exit(1)


@commands.command()
def up(  # noqa: PLR0913, PLR0917 -- one for each option
    data_dir: _DataDir = DEFAULT,
    api_port: _Port = Ports.api,
    site_port: _Port = Ports.site,
    aws_port: _Port = Ports.aws,
    runtime_port: _Port = Ports.runtime,
    tracking_plan: Annotated[
        Path | None,
        typer.Option(envvar="TRACKING_PLAN", help="YAML: which properties get columns."),
    ] = None,
) -> None:
    """Start everything and keep it running until Ctrl-C."""
    from headwater_local.cache import Cache
    from headwater_local.commands.plan import usable
    from headwater_local.commands.up import up as run_up
    from headwater_local.supervision.run import Run
    from headwater_local.supervision.steps import Steps

    ports = Ports(api_port, site_port, aws_port, runtime_port)
    cache = Cache.from_environment(os.environ)
    text = usable(tracking_plan)[0] if tracking_plan else None
    run_up(Run(DataDir.at(data_dir), cache, ports, dict(os.environ), text), Steps(Console()))


# A statement may begin with a comment, and that with two hyphens.
@commands.command(context_settings={"ignore_unknown_options": True})
def query(
    sql: Annotated[str, typer.Argument(help="A statement of DuckDB's SQL.")],
    data_dir: _DataDir = DEFAULT,
    chosen: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.TABLE,
) -> None:
    """Run SQL over the tables while `headwater up` runs."""
    from headwater_local.commands.query import run_query

    render(run_query(DataDir.at(data_dir), sql), chosen, sys.stdout)


@commands.command()
def send(
    file: Annotated[Path, typer.Argument(help="JSON lines, one message each; - for stdin.")],
    api_url: Annotated[str, typer.Option(help="Address of the API.")] = Ports().api_url,
    write_key: Annotated[str, typer.Option(help="The key, where keys are required.")] = "local",
    batch_size: Annotated[int, typer.Option(min=1, help="Most messages of a request.")] = 100,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Requests at a time.")] = 4,
) -> None:
    """Send events from a file, in Segment's message format."""
    from headwater_local.commands.send import Destination
    from headwater_local.commands.send import send as run_send

    destination = Destination(api_url, write_key, batch_size, workers)
    with _opened(file) as lines, _progress_bar() as progress:
        task = progress.add_task("Sending", total=_size(file), sent=0, refused=0)
        report = run_send(lines, destination, progress, task)
    _print_report(report)


@commands.command()
def status(
    data_dir: _DataDir = DEFAULT,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Tell how many events wait, were written and failed, and the total."""
    from headwater_local.commands.status import read_status

    found = read_status(DataDir.at(data_dir))
    if as_json:
        typer.echo(json.dumps(asdict(found), default=plain))
    else:
        _print_status(found)


@contextmanager
def _opened(file: Path) -> Iterator[BinaryIO]:
    if str(file) == "-":
        yield sys.stdin.buffer
        return
    try:
        with file.open("rb") as opened:
            yield opened
    except OSError as error:
        raise SendError(f"{file} cannot be read: {error.strerror}.") from error


def _size(file: Path) -> int | None:
    return file.stat().st_size if file.is_file() else None


def _progress_bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[sent]:,} sent, {task.fields[refused]:,} refused"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    )


def _print_report(report: "Report") -> None:
    for refusal in report.refusals:
        _complain(f"line {refusal.line}: {refusal.reason}")
    told = sum(refusal.lines for refusal in report.refusals)
    if untold := report.refused - told:
        _complain(f"… and {untold:,} more")
    typer.echo(f"sent {report.sent:,}, refused {report.refused:,} in {report.seconds:.1f} s")
    if report.refused:
        raise typer.Exit(1)


def _print_status(found: "Status") -> None:
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


def _complain(sentence: str) -> None:
    Console(stderr=True, highlight=False, soft_wrap=True).print(sentence, markup=False)
