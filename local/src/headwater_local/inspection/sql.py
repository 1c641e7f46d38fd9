"""SQL over the lake, with DuckDB as the quick look.

Each table of the catalog is a view on the metadata that the catalog names at
this moment, so a statement sees one commit of each table; ``unique_events`` is
there as Athena has it. The dialect is DuckDB's, not Athena's: close enough to
look, not to test queries.
"""

import importlib.util
import os
from pathlib import Path

import duckdb
from botocore.exceptions import EndpointConnectionError

from headwater_contract.tables import EVENTS
from headwater_local import aws_client, names
from headwater_local.data_dir import DataDir
from headwater_local.errors import QueryError
from headwater_local.ministack.catalog import metadata_locations
from headwater_local.results import Result

UNIQUE_EVENTS = Path(__file__).parents[4] / "terraform/modules/queries/sql/unique_events.sql"
"""Athena's statement, which is DuckDB's too."""

EXTENSIONS = ("icu", "avro", "httpfs", "iceberg")
"""In the order of their needs: iceberg reads manifests with avro, over httpfs."""


def run_query(data_dir: DataDir, sql: str) -> Result:
    """Run SQL over the tables of the Headwater that runs on a data directory.

    ``sql`` is one statement or several; the last one's rows are returned.

    Raises:
        NotRunningError: nothing runs there.
        QueryError: DuckDB refused, in its own words.
    """
    ports = data_dir.running_ports()
    try:
        tables = metadata_locations(ports.aws_url)
    except EndpointConnectionError as error:
        raise data_dir.not_running() from error
    try:
        with _connection(ports.aws) as connection:
            for table, location in tables.items():
                connection.execute(view(table, location))
            if EVENTS.name in tables:
                connection.execute(UNIQUE_EVENTS.read_text())
            return fetch(connection, sql)
    except duckdb.Error as error:
        raise QueryError(one_sentence(str(error))) from error


def fetch(connection: duckdb.DuckDBPyConnection, sql: str) -> Result:
    """Run SQL on a connection.

    Raises:
        QueryError: ``sql`` has no statement.
    """
    answer = connection.execute(sql)
    if answer is None:  # DuckDB's answer to blanks and comments.
        raise QueryError("The SQL has no statement: write one, such as `from events limit 5`.")
    columns = [column[0] for column in answer.description or ()]
    return Result(columns, answer.fetchall() if columns else [])


def view(table: str, metadata_location: str) -> str:
    """Return the statement that makes a view of a table as of a metadata file."""
    name = table.replace('"', '""')
    location = metadata_location.replace("'", "''")
    return f"""CREATE VIEW "{name}" AS SELECT * FROM iceberg_scan('{location}')"""  # noqa: S608 -- quoted


def one_sentence(message: str) -> str:
    """Return the first paragraph of DuckDB's message, without the drawing of the position."""
    return " ".join(message.split("\n\nLINE ", maxsplit=1)[0].split())


def _connection(port: int) -> duckdb.DuckDBPyConnection:
    for proxy in ("HTTP_PROXY", "http_proxy"):
        # httpfs reads it from the process's environment and knows no NO_PROXY.
        os.environ.pop(proxy, None)
    connection = duckdb.connect(config={"autoinstall_known_extensions": "false"})
    for name in EXTENSIONS:
        connection.load_extension(str(_extension_file(name)))
    connection.execute("SET TimeZone = 'UTC'")
    # Drawn into the rows if a statement takes two seconds and Python seems to be interactive.
    connection.execute("SET enable_progress_bar = false")
    connection.execute(_secret(port))
    return connection


def _extension_file(name: str) -> Path:
    """Find an extension in its wheel, so that nothing is downloaded."""
    spec = importlib.util.find_spec(f"duckdb_extension_{name}")
    if spec is None or not spec.submodule_search_locations:
        raise QueryError(f"DuckDB's {name} extension is not installed: run `make setup`.")
    home = Path(spec.submodule_search_locations[0])
    return home / "extensions" / f"v{duckdb.__version__}" / f"{name}.duckdb_extension"


def _secret(port: int) -> str:
    return f"""CREATE SECRET (TYPE s3, KEY_ID '{aws_client.DUMMY_KEY}',
        SECRET '{aws_client.DUMMY_KEY}', REGION '{names.REGION}',
        ENDPOINT '{names.LOOPBACK}:{port}', URL_STYLE 'path', USE_SSL false)"""
