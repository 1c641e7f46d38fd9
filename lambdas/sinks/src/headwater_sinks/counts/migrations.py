"""The tables: plain SQL files, each applied once, in the order of their names."""

from collections.abc import Iterator
from importlib import resources
from typing import TYPE_CHECKING, Final

from psycopg import sql

if TYPE_CHECKING:
    from psycopg import Connection

SCHEMA: Final = "headwater"

_LOCK: Final = 0x4845_4144_5741_5452
"""The key of the advisory lock: HEADWATR. Functions of several shards start at once."""

_BOOKKEEPING: Final = sql.SQL("""
    CREATE SCHEMA IF NOT EXISTS {schema};
    SET search_path TO {schema};
    CREATE TABLE IF NOT EXISTS migrations (
        name       text        PRIMARY KEY,
        applied_at timestamptz NOT NULL DEFAULT now()
    );
""").format(schema=sql.Identifier(SCHEMA))


def migrate(connection: "Connection") -> None:
    """Bring the tables up to date, and make their schema the connection's own.

    All or nothing, one function at a time: the others wait.

    Raises:
        psycopg.Error: the database refused, or went away.
    """
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        connection.execute(_BOOKKEEPING)
        applied = {name for (name,) in connection.execute("SELECT name FROM migrations")}
        for name, text in _files():
            if name not in applied:
                connection.execute(text.encode())
                connection.execute("INSERT INTO migrations (name) VALUES (%s)", [name])


def _files() -> Iterator[tuple[str, str]]:
    folder = resources.files("headwater_sinks.counts") / "migrations"
    files = sorted(folder.iterdir(), key=lambda file: file.name)
    return ((file.name, file.read_text()) for file in files if file.name.endswith(".sql"))
