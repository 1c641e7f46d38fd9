"""``headwater canary``: events of its own through the route that runs here, looked for in SQL."""

# ruff: noqa: PLC0415 -- what a command needs is imported when it runs, as in cli.py

import time
from contextlib import redirect_stdout
from functools import partial
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from headwater_local.commands.options import INTERRUPTED, DataDirOption
from headwater_local.data_dir import DEFAULT, DataDir

if TYPE_CHECKING:
    from collections.abc import Collection

    from headwater_canary.canary import Canary, Flight


def canary(
    once: Annotated[
        bool, typer.Option("--once", help="Fly once, instead of until Ctrl-C.")
    ] = False,
    deadline: Annotated[
        float, typer.Option(min=10, help="Seconds after which an event is lost.")
    ] = 60,
    every: Annotated[
        float, typer.Option(min=0, help="Seconds from the end of a flight to the next.")
    ] = 30,
    data_dir: DataDirOption = DEFAULT,
) -> None:
    """Send marked events, and say how long they take to be rows; no question counts them."""
    there = DataDir.at(data_dir)
    flier = _canary(there, deadline)
    try:
        with there.log_file("canary").open("a", buffering=1) as log:
            while True:
                flight = _fly(flier, log)
                _say(flight)
                if once:
                    raise typer.Exit(flight.lost > 0)
                time.sleep(every)
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None


def _canary(there: DataDir, deadline: float) -> "Canary":
    from headwater_canary.canary import Canary
    from headwater_canary.sending import client, send

    return Canary(
        partial(send, client(), there.running_ports().api_url),
        partial(_rows, there),
        time.monotonic,
        time.sleep,
        deadline_seconds=deadline,
        first_look_seconds=2,
        look_seconds=2,
    )


def _rows(there: DataDir, ids: "Collection[str]", _seconds: float) -> "Collection[str]":
    from datetime import UTC, datetime

    from headwater_canary.canary import NotSeenError, statement
    from headwater_local.inspection.dialect import Dialect
    from headwater_local.inspection.sql import LocalLake
    from headwater_reports.errors import HeadwaterError

    sql = statement(ids, f"{datetime.now(UTC):%Y-%m-%d}")
    try:
        return [row[0] for row in LocalLake(there).run(sql, Dialect.ATHENA).rows]
    except HeadwaterError as error:
        raise NotSeenError(str(error)) from error


def _fly(flier: "Canary", log: TextIO) -> "Flight":
    from aws_lambda_powertools import Logger

    from headwater_canary.telemetry import SERVICE, fly

    with redirect_stdout(log):  # Metrics are printed.
        return fly(flier, Logger(service=SERVICE, stream=log), "Headwater")


def _say(flight: "Flight") -> None:
    if flight.seconds is None:
        typer.echo(f"✗ lost {flight.lost} of {flight.sent} events: {flight.trouble}")
    else:
        typer.echo(f"✓ {flight.sent} events were rows after {flight.seconds:.0f} s")
