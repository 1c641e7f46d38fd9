"""``headwater poll``: the records of a JSON API, polled into the route that runs here."""

# ruff: noqa: PLC0415 -- what a command needs is imported when it runs, as in cli.py

import os
import signal
import threading
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headwater_local.commands.options import DataDirOption
from headwater_local.data_dir import DEFAULT, DataDir
from headwater_local.errors import PollerConfigError

if TYPE_CHECKING:
    from headwater_poller.config import Config
    from headwater_poller.loop import Poller
    from headwater_poller.poll import Outcome


def poll(
    file: Annotated[Path, typer.Argument(help="Which API to poll, as YAML.")],
    once: Annotated[
        bool, typer.Option("--once", help="Poll once, instead of until Ctrl-C.")
    ] = False,
    data_dir: DataDirOption = DEFAULT,
) -> None:
    """Poll a JSON API, and put its records on the stream; the next poll goes on from there."""
    config = _usable(file)
    poller = _poller(config, DataDir.at(data_dir))
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: poller.stop.set())
    if not once:
        poller.run()
    elif poller.poll().failure:
        raise typer.Exit(1)


def _usable(file: Path) -> "Config":
    from headwater_documents.document import DocumentError
    from headwater_documents.source import read_file
    from headwater_poller.parse import parse

    try:
        return parse(read_file(file))
    except DocumentError as error:
        raise PollerConfigError(f"The config {file} cannot be used:\n{error}") from error


def _poller(config: "Config", data_dir: DataDir) -> "Poller":
    from headwater_collector.kinesis import KinesisStream
    from headwater_local import aws_client, names
    from headwater_poller.loop import Poller
    from headwater_poller.stores import FileStore

    kinesis = aws_client.kinesis(data_dir.running_ports().aws_url)
    return Poller(
        config=config,
        stream=KinesisStream(kinesis, names.STREAM),
        store=FileStore(data_dir.poller_state(config.id)),
        report=_print,
        stop=threading.Event(),
        environment=os.environ,
        secrets_manager=None,
    )


def _print(outcome: "Outcome") -> None:
    typer.echo(
        f"polled {outcome.polled:,} records on {outcome.pages:,} pages in {outcome.seconds:.1f} s: "
        f"sent {outcome.sent:,}, refused {outcome.refused:,}, had {outcome.repeated:,} already"
    )
    if outcome.failure:
        typer.echo(f"The poll ended early: {outcome.failure}", err=True)
    if outcome.defect:
        traceback.print_exception(outcome.defect)
