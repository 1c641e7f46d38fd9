"""``headwater doctor``: what is wrong with a stack, and what to type."""

# ruff: noqa: PLC0415 -- what a command needs is imported when it runs, as in cli.py

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from headwater_local.commands.options import DataDirOption, OutputsOption
from headwater_local.data_dir import DEFAULT, DataDir
from headwater_local.names import WRITE_KEY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from headwater_local.doctor.finding import Finding
    from headwater_local.doctor.page.visit import Visit
    from headwater_local.doctor.stack import Stack
    from headwater_reports.results import Result


def doctor(  # noqa: PLR0913, PLR0917 -- its options
    outputs: OutputsOption = None,
    page: Annotated[
        str | None,
        typer.Option(
            help="A page to open in a real browser: does its snippet work, and is what it sends a "
            "row?"
        ),
    ] = None,
    origin: Annotated[
        str | None,
        typer.Option(help="The site whose pages send; the page's own, else https://shop.example."),
    ] = None,
    write_key: Annotated[
        str | None,
        typer.Option(help=f"The key that they send with; the page's own, else {WRITE_KEY}."),
    ] = None,
    send: Annotated[bool, typer.Option(help="Send an event too, and wait for its row.")] = False,
    data_dir: DataDirOption = DEFAULT,
) -> None:
    """Look for what keeps events from becoming rows, and say what to do; 1 if something does."""
    import httpx

    from headwater_local.doctor.examination import TIMEOUT_SECONDS, examine
    from headwater_local.doctor.probe import Probe
    from headwater_local.doctor.rows import Rows
    from headwater_local.doctor.stack import deployed_stack, local_stack

    stack = deployed_stack(outputs.read()) if outputs else local_stack(DataDir.at(data_dir))
    visit = _visit(page, stack.api_url) if page else None
    key = write_key or (visit and visit.write_key) or WRITE_KEY
    pages = origin or (visit and visit.origin) or "https://shop.example"
    # A proxy for the outside world has no way to this machine's loopback.
    trusts = stack.data_dir is None
    with httpx.Client(timeout=TIMEOUT_SECONDS, trust_env=trusts) as client:
        is_well = _report(_diagnosis(visit, stack))
        is_well &= _report(examine(stack, key, pages, client))
        if is_well and visit and visit.accepted_ids:
            is_well = _report([Rows(_ask(stack)).of("row", visit.accepted_ids)])
        if is_well and send:
            is_well = _report(Probe(stack.api_url, key, Rows(_ask(stack))).findings(client))
    raise typer.Exit(not is_well)


def _visit(page: str, api_url: str) -> "Visit":
    from headwater_local.doctor.page.browser import running_browser
    from headwater_local.doctor.page.visiting import visit_page
    from headwater_local.errors import DoctorError

    if not page.startswith(("http://", "https://")):
        raise DoctorError(f"--page {page} is not an address: give it with http:// or https://.")
    typer.echo(f"Opening {page} in a browser…")
    with running_browser() as browser:
        return visit_page(browser, page, api_url)


def _diagnosis(visit: "Visit | None", stack: "Stack") -> "Iterable[Finding]":
    from headwater_local.doctor.page.diagnosis import diagnose

    return diagnose(visit, stack.api_url) if visit else ()


def _report(findings: "Iterable[Finding]") -> bool:
    """Print each finding as it comes; return whether none is a fault."""
    from headwater_local.doctor.finding import Health

    marks = {Health.GOOD: "✓", Health.WARNING: "!", Health.FAULT: "✗"}
    is_well = True
    for finding in findings:
        typer.echo(f"{marks[finding.health]} {finding.part}: {finding.said}")
        if finding.remedy:
            typer.echo(f"    → {finding.remedy}")
        is_well &= finding.health is not Health.FAULT
    return is_well


def _ask(stack: "Stack") -> "Callable[[str], Result]":
    """Return what runs SQL on the lake of a stack."""
    if stack.data_dir:
        from headwater_local.inspection.dialect import Dialect
        from headwater_local.inspection.sql import LocalLake

        return partial(LocalLake(stack.data_dir).run, dialect=Dialect.ATHENA)
    from headwater_reports.athena import Athena, run_on_athena

    return partial(run_on_athena, athena=Athena.of(stack.workgroup, stack.database))
