"""Tables that the real writer wrote, as plain Python and as DuckDB read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from itertools import groupby
from typing import Any, Final

import duckdb

from headwater_contract.kinesis_event import ReceivedRecord
from headwater_contract.tables import TABLES
from headwater_local.inspection.lake import connect, reach, scan, show
from headwater_local.ministack.catalog import metadata_locations
from headwater_local.questions import pack
from headwater_local.questions.athena_dialect import to_duckdb
from headwater_writer.rows.rows import Rules
from integration.writer.place import Place
from unit.queries.reference import Lake, Reference, Row

RULES: Final = Rules(max_age=timedelta(days=20 * 365))
"""Of the rows that tests have: their times are kept."""


@dataclass(frozen=True)
class GoldenLake:
    """A database, and what stands in it."""

    place: Place

    @classmethod
    def written(cls, place: Place, records: Sequence[ReceivedRecord]) -> "GoldenLake":
        """Write records, each shard by a writer of its own."""
        for _, of_shard in groupby(records, lambda record: record.shard):
            place.writer(RULES).write(list(of_shard))
        return cls(place)

    @cached_property
    def reference(self) -> Reference:
        """The rows in plain Python."""
        return Reference(Lake(**{table.name: self._rows(table.name) for table in TABLES}))

    @cached_property
    def duckdb(self) -> duckdb.DuckDBPyConnection:
        """The tables as `headwater query` reads them, which is done once for all questions."""
        endpoint = self.place.endpoint
        tables = metadata_locations(endpoint, self.place.database)
        connection = connect()
        reach(connection, endpoint)
        for name, location in tables.items():
            connection.execute(f'CREATE TABLE "read_{name}" AS SELECT * FROM {scan(location)}')
        show(connection, {name: f'"read_{name}"' for name in tables})
        return connection

    def ask_duckdb(self, name: str, arguments: Mapping[str, str]) -> list[tuple[Any, ...]]:
        """Ask a question of the pack on DuckDB."""
        return self.duckdb.execute(to_duckdb(pack.render(name, arguments))).fetchall()

    def _rows(self, table: str) -> Sequence[Row]:
        return self.place.rows(table).to_pylist()
