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

from headwater_contract.limits import DEFAULT_MAX_AGE, MAX_BATCH_MESSAGES
from headwater_local.commands.options import INTERRUPTED, DataDirOption
from headwater_local.data_dir import DEFAULT, DataDir
from headwater_local.errors import SendError
from headwater_local.names import IMPORT_KEY, WRITE_KEY

if TYPE_CHECKING:
    from headwater_local.sending.send import Report


def send(  # noqa: PLR0913, PLR0917 -- its options
    file: Annotated[
        Path,
        typer.Argument(help="A message a line, or an array of them; gzip or not; - for stdin."),
    ],
    api_url: Annotated[
        str | None, typer.Option(help="Address of the API, if it is not the one that runs here.")
    ] = None,
    write_key: Annotated[
        str | None, typer.Option(help="The key, if keys are required.", show_default="local")
    ] = None,
    is_import: Annotated[
        bool,
        typer.Option(
            "--import",
            help="These are history: keep their times. A --write-key must be of IMPORT_KEYS.",
        ),
    ] = False,
    batch_size: Annotated[
        int, typer.Option(min=1, max=MAX_BATCH_MESSAGES, help="Most messages of a request.")
    ] = 100,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Requests at a time.")] = 4,
    data_dir: DataDirOption = DEFAULT,
) -> None:
    """Send events from a file, in Segment's message format; sending it again is harmless.

    A line without a messageId gets one that is made of its number and its content.
    """
    from headwater_contract.lines import UnreadableFileError, is_compressed, lines_of
    from headwater_local.sending.send import Destination
    from headwater_local.sending.send import send as run_send

    key = write_key or (IMPORT_KEY if is_import else WRITE_KEY)
    with _opened(file) as opened:
        address = api_url or DataDir.at(data_dir).running_ports().api_url
        destination = Destination(address, key, batch_size, workers)
        with _progress_bar() as progress:
            size = None if is_compressed(opened) else _size(file)
            task = progress.add_task("Sending", total=size, sent=0, refused=0)
            try:
                report = run_send(lines_of(opened), destination, progress, task)
            except UnreadableFileError as error:
                raise SendError(str(error)) from error
    _print(report, is_import=is_import)


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


def _print(report: "Report", *, is_import: bool) -> None:
    for refusal in report.refusals:
        typer.echo(f"line {refusal.line}: {refusal.reason}", err=True)
    listed = sum(refusal.lines for refusal in report.refusals)
    if unlisted := report.refused - listed:
        typer.echo(f"… and {unlisted:,} more", err=True)
    if report.too_old and not is_import:
        typer.echo(
            f"events older than {DEFAULT_MAX_AGE.days} days: {report.too_old:,}. By default they "
            "get the time of their arrival; send history with --import, which keeps its times",
            err=True,
        )
    typer.echo(f"sent {report.sent:,}, refused {report.refused:,} in {report.seconds:.1f} s")
    if report.is_interrupted:
        typer.echo("interrupted: send the same file again, nothing of it is doubled", err=True)
        raise typer.Exit(INTERRUPTED)
    if report.refused:
        raise typer.Exit(1)
