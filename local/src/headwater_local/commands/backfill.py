"""``headwater backfill``: an archive, or files of messages, written into the tables."""

# ruff: noqa: PLC0415 -- what a command needs is imported when it runs, as in cli.py

import shlex
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Final, TypeAlias

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn

from headwater_local.commands.options import INTERRUPTED, DataDirOption, command_line, require_valid
from headwater_local.commands.replay import followed, print_failing
from headwater_local.data_dir import DEFAULT, DataDir
from headwater_local.errors import FunctionFailedError
from headwater_writer.replay.request import request

Place: TypeAlias = tuple[str, int]
"""A file's name, and how many of its lines are done."""

COLUMNS: Final = (BarColumn(), DownloadColumn(), TextColumn("read"), TimeElapsedColumn())
"""How a backfill's progress is shown."""


def backfill(
    source: Annotated[
        str,
        typer.Argument(help="s3://bucket/folder/, or a local folder or file; gzip or not."),
    ],
    app: Annotated[
        str | None, typer.Option(help="These are files of messages of this app, not an archive.")
    ] = None,
    after: Annotated[
        str | None,
        typer.Option(help="Go on after this FILE:LINE, which an interrupted backfill names."),
    ] = None,
    data_dir: DataDirOption = DEFAULT,
) -> None:
    """Write an archive, or files of Segment messages, into the tables, each event once.

    Times are kept, however old. What is there already is not written again.
    """
    folder = None if source.startswith("s3://") else Path(source).expanduser().resolve()
    asked: dict[str, Any] = {"source": str(folder or source)}
    if app is not None:
        asked["app"] = app
    if after is not None:
        asked["after"] = _place(after)
    event = {"backfill": asked}
    require_valid(event, request)
    again = f"backfill {shlex.quote(source)}" + (f" --app {shlex.quote(app)}" if app else "")
    directory = DataDir.at(data_dir)
    report = backfilled(
        directory, event, folder, lambda reached: _to_go_on(reached, again, directory)
    )
    _print(report)


def _place(text: str) -> Place:
    file, _, line = text.rpartition(":")
    if not line.isdecimal():
        raise typer.BadParameter("--after takes FILE:LINE, which an interrupted backfill names")
    return file, int(line)


class _Following:
    """What the function's log says of its progress, on a bar; it knows the place of the last."""

    def __init__(self, bar: Progress, after: Place | None) -> None:
        self.place = after
        self._bar = bar
        self._task = bar.add_task("Backfilling", total=None)

    def tell(self, record: Mapping[str, Any]) -> None:
        if record.get("message") == "progress":
            self.place = record.get("after") or self.place
            self._bar.update(self._task, completed=record["done"], total=record["of"])
        if record.get("message") == "refused":
            line = f"{record['file']} line {record['line']}: {record['reason']}"
            self._bar.console.print(line, markup=False, highlight=False, soft_wrap=True)


def backfilled(
    data_dir: DataDir,
    event: Mapping[str, Any],
    folder: Path | None,
    to_go_on: Callable[[Place | None], str],
) -> Mapping[str, Any]:
    """Return the report of a backfill, whose progress is shown.

    ``folder`` is what it may read of this machine. ``to_go_on`` gives the sentence that says how
    one that ended after a place goes on.

    Raises:
        FunctionFailedError: it failed; what it had written stays written.
        NotRunningError: nothing runs on the data directory.
        typer.Exit: it was interrupted.
    """
    from headwater_local.supervision.functions import invoke
    from headwater_local.supervision.part_commands import backfill as function

    data_dir.running_ports()  # Before a progress bar is drawn.
    with Progress(*COLUMNS, console=Console(stderr=True)) as bar:
        following = _Following(bar, event["backfill"].get("after"))
        run = partial(function, folder)
        try:
            report = followed(lambda part: invoke(data_dir, run, part, following.tell), event)
        except KeyboardInterrupt as interrupt:
            bar.stop()
            typer.echo(to_go_on(following.place), err=True)
            raise typer.Exit(INTERRUPTED) from interrupt
    if "error" in report:
        raise FunctionFailedError(
            f"The backfill failed: {report['error']}. The log is {data_dir.log_file('replay')}. "
            f"{to_go_on(following.place)}"
        )
    return report


def _to_go_on(place: Place | None, again: str, data_dir: DataDir) -> str:
    """Return the sentence that says how an unfinished backfill goes on; ``again`` repeats it."""
    after = f" --after {shlex.quote(f'{place[0]}:{place[1]}')}" if place else ""
    command = command_line(f"{again}{after}", data_dir)
    return f"Nothing is written twice: to go on, run {command}"


def _print(report: Mapping[str, Any]) -> None:
    typer.echo(f"{'written':<14} {report['replayed']:,}")
    typer.echo(f"{'already there':<14} {report['already']:,}")
    print_failing("not written", report["failing"])
    if report["failing"]:
        raise typer.Exit(1)
