"""Events that a client resent too late for the writer to recognise: all but the first are deleted.

A repeat has the same content as the first, not only the same id (``Table.identity``).

The files with repeats are rewritten without them (copy-on-write), so that no query pays for a
delete file. The first to be loaded stays, and its position on the stream decides a tie. Which one
that is does not change while rows are appended, so appends may go on meanwhile: the table's
``write.delete.isolation-level`` is ``snapshot``.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Final

from headwater_writer.maintenance.table import MaintainedTable, step_errors

LOADED_WITHIN: Final = timedelta(days=3)
"""Repeats are looked for among the rows of these days: those further apart stay."""

_VIEW: Final = "leftover_repeats"


def remove_repeats(table: MaintainedTable, now: datetime) -> Mapping[str, int]:
    """Delete every recent row whose event is in an earlier recent row.

    Raises:
        StepError: it failed.
    """
    if not table.contract.identity:
        return {"repeats_deleted": 0}
    since = f"{now - LOADED_WITHIN:%Y-%m-%d %H:%M:%S}"
    bound = {"table": table.sql_name, "since": since}
    with step_errors():
        statement = _statement(_VIEW).format(identity=", ".join(table.contract.identity))
        repeats = table.spark.sql(statement, args=bound).toArrow()
        if repeats.num_rows:
            table.spark.createDataFrame(repeats).createOrReplaceTempView(_VIEW)
            table.spark.sql(_statement("delete_repeats"), args=bound)
    return {"repeats_deleted": repeats.num_rows}


def _statement(name: str) -> str:
    return files(__package__).joinpath(f"{name}.sql").read_text()
