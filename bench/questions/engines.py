"""Filled tables, and the engines that are asked about them."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import duckdb

from headwater_local.inspection.lake import connect, reach, scan, show
from headwater_local.ministack.catalog import metadata_locations
from integration.writer.queries import trino
from questions.lake import fill
from stand_in import stand_in

DATABASE: Final = "questions"

_PATIENCE: Final = 3600.0
"""Seconds that Trino may take to say anything: a benchmark is for what is slow."""

_SERVER: Final = trino.Java(heap_gb=12, compiler="-XX:+TieredCompilation")
"""One gigabyte is too little for ten million events; and a server that stays up compiles well."""


@dataclass(frozen=True)
class Engines:
    """DuckDB as ``headwater ask`` runs it, and a Trino, over the same tables."""

    duckdb: duckdb.DuckDBPyConnection
    server: trino.Trino

    def ask_trino(self, sql: str) -> trino.Answer:
        """Run a statement on Trino."""
        return self.server.run(sql, DATABASE)


@contextmanager
def engines_over(events: int) -> Iterator[Engines]:
    """Make tables with about so many events, and run engines over them."""
    with (
        tempfile.TemporaryDirectory() as folder,
        stand_in(Path(folder)) as endpoint,
        tempfile.TemporaryDirectory() as of_trino,
    ):
        fill(endpoint, DATABASE, events)
        with (
            trino.running(endpoint, Path(of_trino), _SERVER) as server,
            _duckdb(endpoint) as connection,
        ):
            yield Engines(connection, replace(server, patience=_PATIENCE))


def _duckdb(endpoint: str) -> duckdb.DuckDBPyConnection:
    connection = connect()
    reach(connection, endpoint)
    tables = metadata_locations(endpoint, DATABASE)
    show(connection, {name: scan(location) for name, location in tables.items()})
    return connection
