"""A real PostgreSQL for the tests: the one that users get, on a socket, to kill and start."""

import subprocess
import sys
from pathlib import Path

import psutil
import psycopg

from eventually import eventually
from headwater_local.sinks.postgres_server import DATABASE, USER, socket_folder


class Postgres:
    """A server, with the rights of its superuser."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.socket = str(socket_folder(folder))
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        self._launch()
        eventually(self._answers, 120.0)

    def _launch(self) -> None:
        with self._folder.with_suffix(".log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "headwater_local.sinks.postgres_server", self._folder],
                stdout=log,
                stderr=log,
            )

    def kill(self) -> None:
        """Kill the server and its backends at once, as a failing machine does."""
        assert self._process is not None
        server = psutil.Process(self._process.pid)
        for process in (server, *server.children(recursive=True)):
            process.kill()
        self._process.wait(30)

    def query(self, sql: str) -> list[tuple[object, ...]]:
        """Return the rows of a query on the counts."""
        with self._connect() as connection:
            return connection.execute(sql.encode()).fetchall()

    def execute(self, sql: str) -> None:
        """Run a statement."""
        with self._connect() as connection:
            connection.execute(sql.encode())

    def _connect(self) -> "psycopg.Connection":
        options = "-c search_path=headwater"
        return psycopg.connect(
            host=self.socket,
            dbname=DATABASE,
            user=USER,
            options=options,
            autocommit=True,
        )

    def _answers(self) -> bool:
        try:
            return self.query("SELECT 1") == [(1,)]
        except psycopg.OperationalError:
            # What a killed server leaves behind takes a moment to end, and the next one waits not.
            if self._process is not None and self._process.poll() is not None:
                self._launch()
            return False
