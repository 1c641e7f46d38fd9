"""Events that a client sent again, too late for the writer to know: all but the first are deleted.

A repeat says the same as the first, not only under the same id (``Table.identity``).

The files that hold them are written anew without them (copy-on-write), so that no query pays for
a delete file. The first to be loaded stays, and its place on the stream decides a tie; which one
that is does not change while rows are appended, so appends need not be kept out meanwhile: the
table's ``write.delete.isolation-level`` is ``snapshot``.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Final

from headwater_writer.maintenance.table import MaintainedTable, step_errors

LOADED_WITHIN: Final = timedelta(days=3)
"""Repeats are looked for among the rows of these days: what is further apart stays."""

_VIEW: Final = "leftover_repeats"


def remove_repeats(table: MaintainedTable, now: datetime) -> Mapping[str, int]:
    """Delete every recent row whose event an earlier recent row holds already.

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
