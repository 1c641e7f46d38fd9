"""``headwater demo``: three months of a shop's visitors, in the tables of a route or a stack."""

# ruff: noqa: PLC0415 -- what a command needs is imported when it runs, as in cli.py

import shlex
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeAlias

import typer
from rich.console import Console
from rich.progress import Progress

from headwater_local.commands.backfill import COLUMNS, backfilled
from headwater_local.commands.options import INTERRUPTED, DataDirOption, OutputsOption, command_line
from headwater_local.commands.replay import followed, print_failing
from headwater_local.data_dir import DEFAULT, DataDir
from headwater_local.errors import DemoError, FunctionFailedError

if TYPE_CHECKING:
    from headwater_local.demo.deployed import Deployed, Filling
    from headwater_local.demo.requests import Demo

EXAMPLE: Final = (
    "ask funnel --app demo --with "
    """steps='["page_view", "product_viewed", "product_added", "checkout_started", "order_paid"]'"""
)

Report: TypeAlias = Mapping[str, Any]


def demo(
    days: Annotated[int, typer.Option(min=1, max=730, help="How long ago the shop opened.")] = 90,
    visitors: Annotated[
        int, typer.Option(min=1, max=1_000_000, help="About how many people have come since.")
    ] = 5_000,
    seed: Annotated[
        int, typer.Option(min=0, help="Other people for another number; the same for the same.")
    ] = 1,
    outputs: OutputsOption = None,
    data_dir: DataDirOption = DEFAULT,
) -> None:
    """Fill the tables with the visitors of a shop that does not exist, as the app `demo`.

    Run it again to add what has happened since; nothing is doubled.
    """
    from headwater_local.demo.requests import Demo

    asked, started = Demo(seed, visitors, days, datetime.now(UTC)), time.monotonic()
    report, where = (
        _on_aws(outputs.read(), asked) if outputs else _here(DataDir.at(data_dir), asked)
    )
    new, there, seconds = report["replayed"], report["already"], time.monotonic() - started
    typer.echo(f"written {new:,} events, {there:,} were there, in {seconds:.0f} s")
    typer.echo(where)
    if report["failing"]:
        print_failing("not written", report["failing"])
        raise typer.Exit(1)


def _here(place: DataDir, asked: "Demo") -> tuple[Report, str]:
    """Return what a backfill of the route that runs here says, and where to look."""
    ports = place.running_ports()  # Before anything is made.
    with tempfile.TemporaryDirectory(prefix="headwater-demo-") as folder:
        archive = Path(folder).resolve()
        _write(archive / "visits.jsonl", asked)
        report = backfilled(
            place, {"backfill": {"source": str(archive)}}, archive, lambda _: _TO_GO_ON
        )
    return report, (
        f"see them at {ports.site_url}/reports/?app=demo\n"
        f"or ask, for example:\n\n  {command_line(EXAMPLE, place)}"
    )


def _on_aws(outputs: bytes, asked: "Demo") -> tuple[Report, str]:
    """Return what the backfill of a stack says, and how to ask."""
    from headwater_local.demo.deployed import deployed

    stack = deployed(outputs)  # Before anything is made.
    with tempfile.TemporaryDirectory(prefix="headwater-demo-") as folder:
        archive = Path(folder) / "visits.jsonl"
        _write(archive, asked)
        report = _filled(stack, archive)
    where = f"--athena {shlex.quote(stack.workgroup)} --database {shlex.quote(stack.database)}"
    return report, f"ask, for example:\n\n  uv run headwater {EXAMPLE} {where}"


def _filled(stack: "Deployed", archive: Path) -> Report:
    from botocore.exceptions import BotoCoreError, ClientError

    from headwater_local.demo.deployed import Filling, clients
    from headwater_local.doctor.aws import refusal

    counts: Counter[str] = Counter()
    failing: Counter[str] = Counter()
    with (
        archive.open("rb") as opened,
        Progress(*COLUMNS, console=Console(stderr=True)) as bar,
    ):
        task = bar.add_task("Backfilling", total=archive.stat().st_size)
        try:
            filling = Filling(stack, *clients())
            for size, report in filling.fill(opened, lambda event: _written(filling, event)):
                counts.update({name: report[name] for name in ("replayed", "already")})
                failing.update(report["failing"])
                bar.advance(task, size)
        except FunctionFailedError as error:
            raise FunctionFailedError(f"{error} {_TO_GO_ON}") from error
        except (BotoCoreError, ClientError) as error:
            why = refusal("demo", error)
            raise DemoError(
                f"The visitors are not all written, since {why.said}: {why.remedy}. {_TO_GO_ON}"
            ) from error
        except KeyboardInterrupt as interrupt:
            bar.stop()
            typer.echo(_TO_GO_ON, err=True)
            raise typer.Exit(INTERRUPTED) from interrupt
    return {**counts, "failing": failing}


def _written(filling: "Filling", event: Mapping[str, Any]) -> Report:
    report = followed(filling.invoke, event)
    if "error" in report:
        raise FunctionFailedError(
            f"The backfill failed: {report['error']}. Its log is "
            f"/aws/lambda/{filling.stack.function}."
        )
    return report


_TO_GO_ON: Final = "Nothing is written twice: to go on, run it again."


def _write(file: Path, asked: "Demo") -> None:
    """Make the visitors up.

    Raises:
        DemoError: there are none.
    """
    from headwater_local.demo.archive import lines

    with Console(stderr=True).status("Making up visitors"), file.open("wb") as opened:
        opened.writelines(lines(asked))
    if not file.stat().st_size:
        raise DemoError(
            "Nobody visited the shop in these days: ask for more with --visitors or --days."
        )
