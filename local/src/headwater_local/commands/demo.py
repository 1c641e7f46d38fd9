"""``headwater demo``: three months of a shop's visitors, in the tables of the route that runs."""

# ruff: noqa: PLC0415 -- what a command needs is imported when it runs, as in cli.py

import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.console import Console

from headwater_local.commands.backfill import backfilled
from headwater_local.commands.options import DataDirOption, command_line
from headwater_local.data_dir import DEFAULT, DataDir

if TYPE_CHECKING:
    from headwater_local.demo.requests import Demo

EXAMPLE: Final = (
    "ask funnel --app demo --with "
    """steps='["page_view", "product_viewed", "product_added", "checkout_started", "order_paid"]'"""
)


def demo(
    days: Annotated[int, typer.Option(min=1, max=730, help="How long ago the shop opened.")] = 90,
    visitors: Annotated[
        int, typer.Option(min=1, max=1_000_000, help="About how many people have come since.")
    ] = 5_000,
    seed: Annotated[
        int, typer.Option(min=0, help="Other people for another number; the same for the same.")
    ] = 1,
    data_dir: DataDirOption = DEFAULT,
) -> None:
    """Fill the tables with the visitors of a shop that does not exist, as the app `demo`.

    Run it again to add what has happened since; nothing is doubled.
    """
    from headwater_local.demo.requests import Demo

    place, started = DataDir.at(data_dir), time.monotonic()
    ports = place.running_ports()  # Before anything is made.
    with tempfile.TemporaryDirectory(prefix="headwater-demo-") as folder:
        archive = Path(folder).resolve()
        with Console(stderr=True).status("Making up visitors"):
            _write(archive / "visits.jsonl", Demo(seed, visitors, days, datetime.now(UTC)))
        report = backfilled(
            place, {"backfill": {"source": str(archive)}}, archive, lambda _: _TO_GO_ON
        )
    new, there, seconds = report["replayed"], report["already"], time.monotonic() - started
    typer.echo(f"written {new:,} events, {there:,} were there, in {seconds:.0f} s")
    typer.echo(f"see them at {ports.site_url}/reports/?app=demo")
    typer.echo(f"or ask, for example:\n\n  {command_line(EXAMPLE, place)}")


_TO_GO_ON: Final = "Nothing is written twice: to go on, run it again."


def _write(file: Path, asked: "Demo") -> None:
    from headwater_local.demo.archive import lines

    with file.open("wb") as opened:
        opened.writelines(lines(asked))
