"""``headwater cost``: a month's bill as a table, compared with ManyMetrics'."""

from enum import StrEnum
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from headwater_local.bill import SINKS, Line, Workload, estimate, parse_count, read_prices
from headwater_local.commands.options import chosen_sinks


class EntryOption(StrEnum):
    """What is in front of the collector."""

    API = "api"
    FUNCTION_URL = "function_url"


def cost(  # noqa: PLR0913, PLR0917 -- one for each option
    events: Annotated[str, typer.Option(help="Events a month: 250k, 100M, 1.5B.")] = "100M",
    batch: Annotated[int, typer.Option(min=1, max=1000, help="Events of a request.")] = 20,
    event_bytes: Annotated[int, typer.Option(min=1, help="Bytes of an event.")] = 1000,
    window: Annotated[int, typer.Option(min=0, max=300, help="Seconds between commits.")] = 60,
    entry: Annotated[EntryOption, typer.Option(help="What takes requests.")] = EntryOption.API,
    sinks: Annotated[
        str, typer.Option(help=f"More copies of the events: {', '.join(SINKS)}.")
    ] = "",
    pollers: Annotated[int, typer.Option(min=0, help="APIs that are polled, always on.")] = 0,
    fan_out: Annotated[
        bool, typer.Option("--fan-out", help="The writer has a throughput of its own.")
    ] = False,
    canary: Annotated[
        bool, typer.Option("--canary", help="Marked events are sent and looked for.")
    ] = False,
    questions: Annotated[
        int, typer.Option(min=0, help="Panels of reports a month, each about all of it.")
    ] = 0,
    cluster: Annotated[
        bool, typer.Option("--cluster", help="A Spark cluster writes in place of the writer.")
    ] = False,
    staged: Annotated[
        bool, typer.Option("--staged", help="Writers offer their commits to a committer.")
    ] = False,
    observability: Annotated[
        bool, typer.Option("--observability", help="Grafana runs beside the stack.")
    ] = False,
    snapshots: Annotated[
        int, typer.Option(min=0, help="Versions of the writer with a snapshot to start from.")
    ] = 0,
) -> None:
    """Estimate what a month on AWS costs, next to ManyMetrics' own figures."""
    chosen = chosen_sinks(sinks, SINKS)
    workload = Workload(
        events=parse_count(events),
        batch=batch,
        event_bytes=event_bytes,
        window_seconds=window,
        entry=entry.value,
        sinks=chosen,
        pollers=pollers,
        fan_out=fan_out,
        canary=canary,
        questions=questions,
        cluster=cluster,
        staged=staged,
        observability=observability,
        snapshots=snapshots,
    )
    lines = estimate(workload, read_prices())
    console = Console(highlight=False)
    console.print(_table(lines))
    console.print(_footnote(workload))


def _table(lines: list[Line]) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_footer=True)
    originals = [line.original for line in lines if line.original is not None]
    table.add_column("a month", footer="total")
    table.add_column("")
    table.add_column("Headwater", footer=_usd(sum(line.usd for line in lines)), justify="right")
    table.add_column("ManyMetrics", footer=_usd(sum(originals)), justify="right")
    for line in lines:
        original = "" if line.original is None else _usd(line.original)
        table.add_row(line.service, line.amount, _usd(line.usd), original)
    return table


def _footnote(workload: Workload) -> str:
    days = sorted({str(price["looked_up_on"]) for price in read_prices().values()})
    return (
        f"{workload.events:,} events, {workload.batch} to a request. List prices of us-east-1 "
        f"looked up on {', '.join(days)}, without free tiers except Glue's; by arithmetic, not "
        "from a bill. Queries, traffic and CDN are left out. ManyMetrics' figures are from "
        "its README, for one event a request; what it gives no figure for is left out."
    )


def _usd(amount: float) -> str:
    return f"${amount:,.2f}"
