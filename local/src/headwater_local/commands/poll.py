"""``headwater poll``: the records of a JSON API, polled into the route that runs here."""

# ruff: noqa: PLC0415 -- what a command needs is imported when it runs, as in cli.py

import os
import signal
import threading
import traceback
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from headwater_local.commands.options import DataDirOption
from headwater_local.data_dir import DEFAULT, DataDir
from headwater_local.errors import PollerConfigError
from headwater_local.supervision.interrupts import handled_by

if TYPE_CHECKING:
    from collections.abc import Callable

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
    config, there = _usable(file), DataDir.at(data_dir)
    aws_url = there.running_ports().aws_url
    with there.log_file("poller").open("a", buffering=1) as log:
        poller = _poller(config, aws_url, there.poller_state(config.id), log)
        with handled_by(lambda *_: poller.stop.set(), signal.SIGINT, signal.SIGTERM):
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


def _poller(config: "Config", aws_url: str, state: Path, log: TextIO) -> "Poller":
    from headwater_collector.kinesis import KinesisStream
    from headwater_local import aws_client, names
    from headwater_poller.loop import Poller
    from headwater_poller.stores import FileStore

    kinesis = aws_client.kinesis(aws_url)
    return Poller(
        config=config,
        stream=KinesisStream(kinesis, names.STREAM),
        store=FileStore(state),
        report=_reporting(config.id, log),
        stop=threading.Event(),
        environment=os.environ,
        secrets_manager=None,
    )


def _reporting(source: str, log: TextIO) -> "Callable[[Outcome], None]":
    """Return what prints what became of a poll, and logs its metrics as on AWS."""
    from aws_lambda_powertools import Logger

    from headwater_poller.poll import utc_now
    from headwater_poller.telemetry import SERVICE, Telemetry

    telemetry = Telemetry(Logger(service=SERVICE, stream=log), "Headwater", source, utc_now)

    def report(outcome: "Outcome") -> None:
        with redirect_stdout(log):  # Metrics are printed.
            telemetry.report(outcome)
        _print(outcome)

    return report


def _print(outcome: "Outcome") -> None:
    typer.echo(
        f"polled {outcome.polled:,} records on {outcome.pages:,} pages in {outcome.seconds:.1f} s: "
        f"sent {outcome.sent:,}, refused {outcome.refused:,}, had {outcome.repeated:,} already"
    )
    if outcome.failure:
        typer.echo(f"The poll ended early: {outcome.failure}", err=True)
    if outcome.defect:
        traceback.print_exception(outcome.defect)
