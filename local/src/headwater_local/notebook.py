"""The questions of the pack for notebooks, as in docs/notebooks: answers as DuckDB's relations."""

from datetime import UTC, datetime
from pathlib import Path

import duckdb

from headwater_local.data_dir import DataDir
from headwater_local.inspection.sql import LocalLake
from headwater_local.questions import pack
from headwater_local.questions.athena_dialect import to_duckdb
from headwater_reports.arguments import usual_range


class Lake:
    """The tables of a data directory, whether Headwater runs on it or not."""

    def __init__(self, data_dir: str) -> None:
        self._tables = LocalLake(DataDir.at(Path(data_dir)))

    def ask(self, name: str, **arguments: str) -> duckdb.DuckDBPyRelation:
        """Answer a question of the pack, about the last 30 days unless ``start`` and ``end`` say.

        Raises:
            NotRunningError: there are no tables.
            QuestionError: there is no such question, or it cannot be asked like this.
        """
        taken = pack.question(name).parameters
        usual = usual_range(datetime.now(UTC), arguments)
        asked = {key: value for key, value in usual.items() if key in taken} | arguments
        return self._tables.connection().sql(to_duckdb(pack.render(name, asked)))
