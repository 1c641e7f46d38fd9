"""SQL over the lake of a data directory, whether Headwater runs on it or not."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import duckdb
from botocore.exceptions import EndpointConnectionError

from headwater_local.data_dir import DataDir
from headwater_local.errors import NotRunningError
from headwater_local.inspection.dialect import Dialect
from headwater_local.inspection.lake import connect, reach, scan, scan_of_file, show
from headwater_local.inspection.stopped import metadata_files
from headwater_local.ministack.catalog import metadata_locations
from headwater_local.questions.athena_dialect import to_duckdb
from headwater_reports.errors import QueryError
from headwater_reports.results import Result


@dataclass
class LocalLake:
    """The tables of a data directory; it connects with the first statement.

    Each statement sees the newest commits.
    """

    data_dir: DataDir
    _connection: duckdb.DuckDBPyConnection | None = None
    _shown: Mapping[str, str] = field(default_factory=dict)

    def run(self, sql: str, dialect: Dialect, limit: int = 0) -> Result:
        """Run one statement or several, and return at most ``limit`` rows (0: all) of the last.

        Raises:
            NotRunningError: there are no tables to read.
            QueryError: a statement was refused, in the engine's words.
        """
        statements = translated(sql, dialect)
        connection = self.connection()
        with explained():
            return fetch(connection, statements, limit)

    def interrupt(self) -> None:
        """End the statement that another thread runs, with a QueryError; none may be running."""
        if self._connection is not None:
            self._connection.interrupt()

    def columns(self) -> dict[str, list[str]]:
        """Return the columns of each table and view."""
        rows = self.connection().execute(
            "SELECT table_name, column_name FROM information_schema.columns ORDER BY ALL"
        )
        found: dict[str, list[str]] = {}
        for table, column in rows.fetchall():
            found.setdefault(table, []).append(column)
        return found

    def connection(self) -> duckdb.DuckDBPyConnection:
        """Return the connection, which sees the newest commits.

        Raises:
            NotRunningError: there are no tables to read.
        """
        self._connection = self._connection or connect()
        scans = self._scans(self._connection)
        if scans != self._shown:
            show(self._connection, scans)
            self._shown = scans
        return self._connection

    def _scans(self, connection: duckdb.DuckDBPyConnection) -> Mapping[str, str]:
        try:
            endpoint = self.data_dir.running_ports().aws_url
            tables = metadata_locations(endpoint)
        except (NotRunningError, EndpointConnectionError):
            return self._scans_of_files()
        reach(connection, endpoint)
        return {name: scan(location) for name, location in tables.items()}

    def _scans_of_files(self) -> Mapping[str, str]:
        if not (files := metadata_files(self.data_dir)):
            raise self.data_dir.not_running()
        return {name: scan_of_file(file) for name, file in files.items()}


def translated(sql: str, dialect: Dialect) -> str:
    """Return statements as DuckDB runs them.

    Raises:
        QueryError: they are not of the dialect.
    """
    return to_duckdb(sql) if dialect is Dialect.ATHENA else sql


@contextmanager
def explained() -> Iterator[None]:
    """Run a statement, with DuckDB's errors and Ctrl-C as QueryError.

    Raises:
        QueryError: it was refused or interrupted.
    """
    try:
        yield
    except (duckdb.InterruptException, KeyboardInterrupt) as error:
        raise QueryError("Interrupted.") from error
    except duckdb.Error as error:
        raise QueryError(readable(str(error))) from error
    except RuntimeError as error:
        if str(error) != "Query interrupted":
            raise
        raise QueryError("Interrupted.") from error


def fetch(connection: duckdb.DuckDBPyConnection, sql: str, limit: int = 0) -> Result:
    """Run SQL on a connection, and return at most ``limit`` rows (0: all).

    Raises:
        QueryError: ``sql`` has no statement.
    """
    answer = connection.execute(sql) if sql.strip() else None
    if answer is None:  # DuckDB's answer to comments.
        raise QueryError("The SQL has no statement: write one, such as `select * from events`.")
    columns = [column[0] for column in answer.description or ()]
    if not columns:
        return Result([], [])
    rows = answer.fetchmany(limit + 1) if limit else answer.fetchall()
    return Result(columns, rows[:limit] if limit else rows, is_cut=0 < limit < len(rows))


def readable(message: str) -> str:
    """Return DuckDB's message with the place in the statement, its suggestions one a line."""
    lines = [line.rstrip() for line in message.strip().splitlines()]
    return "\n".join(line for line in lines if line)
