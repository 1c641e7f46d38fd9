"""``headwater plan``: a tracking plan checked, before anything runs by it."""

# ruff: noqa: PLC0415 -- what a command needs is imported when it runs, as in cli.py

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headwater_local.errors import PlanError
from headwater_local.results import Format, render
from headwater_local.sdk_types import types_of
from headwater_reports.results import Result

if TYPE_CHECKING:
    from headwater_writer.tracking_plan.plan import TrackingPlan

_COLUMNS = ["column", "type", "event", "property", "required", "on_mismatch"]


def plan(
    file: Annotated[Path, typer.Argument(help="The tracking plan, as YAML.")],
    chosen: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.TABLE,
    types: Annotated[bool, typer.Option("--types", help="Print TypeScript for the SDK.")] = False,
) -> None:
    """Check a tracking plan, and show which columns it makes of which properties."""
    known = usable(file)[1]
    if types:
        sys.stdout.write(types_of(known))
    else:
        render(columns_of(known), chosen, sys.stdout)


def usable(file: Path) -> "tuple[bytes, TrackingPlan]":
    """Return a plan as it stands in its file, and as the writer understands it.

    Raises:
        PlanError: The file does not exist, or the plan has problems.
    """
    from headwater_documents.document import DocumentError
    from headwater_documents.source import read_file
    from headwater_writer.tracking_plan.parse import parse
    from headwater_writer.tracking_plan.plan import TrackingPlanError

    try:
        text = read_file(file)
        return text, parse(text)
    except (DocumentError, TrackingPlanError) as error:
        raise PlanError(f"The tracking plan {file} cannot be used:\n{error}") from error


def columns_of(plan: "TrackingPlan") -> Result:
    """Return a row for each property of each event, in the order of the columns."""
    rows = [
        (each.column, str(each.type), name, each.key, each.required, event.on_mismatch)
        for name, event in plan.events.items()
        for each in event.properties
    ]
    order = [column.name for column in plan.columns]
    return Result(_COLUMNS, sorted(rows, key=lambda row: order.index(row[0])))
