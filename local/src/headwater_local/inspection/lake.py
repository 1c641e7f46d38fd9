"""The lake on this machine as DuckDB reads it.

Each table of the catalog is a view on the metadata that the catalog names at this moment, so a
statement sees one commit of each table; the pack's views are there as Athena has them.
"""

import importlib.util
import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import duckdb

from headwater_contract.tables import TABLES
from headwater_local import aws_client, names
from headwater_local.questions import pack
from headwater_local.questions.athena_dialect import SETTINGS, to_duckdb
from headwater_reports.errors import QueryError

EXTENSIONS = ("icu", "avro", "httpfs", "iceberg")
"""In the order of their needs: iceberg reads manifests with avro, over httpfs."""


def connect() -> duckdb.DuckDBPyConnection:
    """Return a connection that means what Athena means, and sees no tables yet."""
    connection = duckdb.connect(config={"autoinstall_known_extensions": "false"})
    for name in EXTENSIONS:
        connection.load_extension(str(_extension_file(name)))
    for setting in SETTINGS:
        connection.execute(setting)
    # It is drawn on standard output, into the rows, whenever a statement takes two seconds.
    connection.execute("SET enable_progress_bar = false")
    return connection


def reach(connection: duckdb.DuckDBPyConnection, endpoint: str) -> None:
    """Let a connection read what the stand-in at ``endpoint`` stores."""
    for proxy in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        # httpfs reads them from the process's environment and knows no NO_PROXY.
        os.environ.pop(proxy, None)
    connection.execute(_secret(urlsplit(endpoint).netloc))


def show(connection: duckdb.DuckDBPyConnection, scans: Mapping[str, str]) -> None:
    """Let a connection see tables, by name and what scans each, and the pack's views of them."""
    for table, rows in scans.items():
        name = table.replace('"', '""')
        connection.execute(f'CREATE OR REPLACE VIEW "{name}" AS SELECT * FROM {rows}')  # noqa: S608
    if all(table.name in scans for table in TABLES):
        for view, sql in pack.views().items():
            connection.execute(f"CREATE OR REPLACE VIEW {view} AS {to_duckdb(sql)}")


def scan(location: str) -> str:
    """Return what reads a table as of a metadata location, as DuckDB's SQL."""
    return f"iceberg_scan({_quoted(location)})"


def scan_of_file(file: Path) -> str:
    """Return what reads a table whose folder is not where its metadata says, as DuckDB's SQL."""
    table, version = file.parents[1], file.name.removesuffix(".metadata.json")
    return (
        f"iceberg_scan({_quoted(str(table))}, version = {_quoted(version)}, "
        "allow_moved_paths = true)"
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _extension_file(name: str) -> Path:
    """Find an extension in its wheel, so that nothing is downloaded."""
    spec = importlib.util.find_spec(f"duckdb_extension_{name}")
    if spec is None or not spec.submodule_search_locations:
        raise QueryError(f"DuckDB's {name} extension is not installed: run `make setup`.")
    home = Path(spec.submodule_search_locations[0])
    return home / "extensions" / f"v{duckdb.__version__}" / f"{name}.duckdb_extension"


def _secret(host: str) -> str:
    return f"""CREATE OR REPLACE SECRET stand_in (TYPE s3, KEY_ID '{aws_client.DUMMY_KEY}',
        SECRET '{aws_client.DUMMY_KEY}', REGION '{names.REGION}',
        ENDPOINT '{host}', URL_STYLE 'path', USE_SSL false)"""
