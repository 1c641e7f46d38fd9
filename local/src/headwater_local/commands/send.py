"""``headwater send``: events from a file, and the lines of it that were refused."""

# ruff: noqa: PLC0415 -- what a command needs is imported when it runs, as in cli.py

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from headwater_local.errors import SendError
from headwater_local.ports import Ports

if TYPE_CHECKING:
    from headwater_local.sending.send import Report


def send(
    file: Annotated[Path, typer.Argument(help="JSON lines, one message each; - for stdin.")],
    api_url: Annotated[str, typer.Option(help="Address of the API.")] = Ports().api_url,
    write_key: Annotated[str, typer.Option(help="The key, if keys are required.")] = "local",
    batch_size: Annotated[int, typer.Option(min=1, help="Most messages of a request.")] = 100,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Requests at a time.")] = 4,
) -> None:
    """Send events from a file, in Segment's message format."""
    from headwater_local.sending.send import Destination
    from headwater_local.sending.send import send as run_send

    destination = Destination(api_url, write_key, batch_size, workers)
    with _opened(file) as lines, _progress_bar() as progress:
        task = progress.add_task("Sending", total=_size(file), sent=0, refused=0)
        report = run_send(lines, destination, progress, task)
    _print(report)


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


def _print(report: "Report") -> None:
    for refusal in report.refusals:
        typer.echo(f"line {refusal.line}: {refusal.reason}", err=True)
    listed = sum(refusal.lines for refusal in report.refusals)
    if unlisted := report.refused - listed:
        typer.echo(f"… and {unlisted:,} more", err=True)
    typer.echo(f"sent {report.sent:,}, refused {report.refused:,} in {report.seconds:.1f} s")
    if report.refused:
        raise typer.Exit(1)
