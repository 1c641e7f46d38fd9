"""A table that the catalog has lost, registered again by its newest metadata file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from headwater_writer.lake.lake import Lake
from headwater_writer.maintenance.errors import RegisterError
from headwater_writer.maintenance.table import MaintainedTable, rows_of, step_errors


@dataclass(frozen=True, slots=True)
class Registration:
    """The metadata file that a table is registered by, written at a time (aware UTC), its rows."""

    metadata: str
    written_at: datetime
    rows: int


def register(
    lake: Lake, table: MaintainedTable, metadata: str | None, *, dry_run: bool
) -> Registration:
    """Let the catalog have a table again by a metadata file, by default its newest.

    Raises:
        RegisterError: the catalog has the table, no metadata file or not one alone is the newest,
            or the file is another table's.
        StepError: the file cannot be read, or the catalog refused.
    """
    if table.exists():
        raise RegisterError("the catalog has the table: there is nothing to register")
    with step_errors():
        location = metadata or _only(lake.metadata_left(table.contract))
        found = lake.metadata(table.contract, location)
        if found.location() != lake.location(table.contract):
            raise RegisterError(f"{location} is of a table in {found.location()}: name another")
        if not dry_run:
            lake.register(table.contract, location)
    written = datetime.fromtimestamp(found.lastUpdatedMillis() / 1000, UTC)
    return Registration(location, written, rows_of(found.currentSnapshot()))


def _only(newest: Sequence[str]) -> str:
    if not newest:
        raise RegisterError("its folder has no metadata file: the writer creates a new table")
    if len(newest) > 1:
        raise RegisterError(f"two attempts at its last commit are left: name one of {newest}")
    return newest[0]
