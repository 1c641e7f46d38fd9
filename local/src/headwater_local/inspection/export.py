"""A statement's rows as a file."""

import os
from pathlib import Path
from typing import Final

import pyarrow.parquet as pq

from headwater_local.inspection.dialect import Dialect
from headwater_local.inspection.sql import LocalLake, explained, translated
from headwater_local.results import Format, render
from headwater_reports.errors import QueryError

_TEXTS: Final = {".csv": Format.CSV, ".json": Format.JSON}
_BATCH: Final = 100_000


def export(lake: LocalLake, sql: str, dialect: Dialect, file: Path) -> int:
    """Write all rows of a statement to a file of the format that its name ends with.

    Returned is how many there are.

    Raises:
        QueryError: the statement was refused, or the file cannot be written.
    """
    try:
        if file.suffix == ".parquet":
            return _write_parquet(lake, translated(sql, dialect), file)
        if chosen := _TEXTS.get(file.suffix):
            result = lake.run(sql, dialect)
            with file.open("w") as out:
                render(result, chosen, out)
            return len(result.rows)
    except OSError as error:
        raise QueryError(
            f"{file} cannot be written ({os.strerror(error.errno or 0)}): name another."
        ) from error
    raise QueryError(f"{file} has no format: name it .csv, .json or .parquet.")


def _write_parquet(lake: LocalLake, statements: str, file: Path) -> int:
    with explained():
        batches = lake.connection().execute(statements).to_arrow_reader(_BATCH)
        rows = 0
        with pq.ParquetWriter(file, batches.schema) as writer:
            for batch in batches:
                writer.write_batch(batch)
                rows += batch.num_rows
    return rows
