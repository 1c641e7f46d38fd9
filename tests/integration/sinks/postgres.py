"""A real PostgreSQL for the tests: the one that users get, on a socket, to kill and start."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg

from eventually import eventually
from headwater_local.sinks.postgres_server import DATABASE, USER, socket_folder


class Postgres:
    """A server, with the rights of its superuser."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.socket = str(socket_folder(folder))
        self.port = 5432
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
        """Kill the server, as a failing machine does."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(30)

    def serve_tls(self, port: int, certificate: Path, key: Path) -> None:
        """Start again with TLS on a port of loopback; the files become the server's own."""
        for name, file in (("server.crt", certificate), ("server.key", key)):
            own = self._folder / name
            own.write_bytes(file.read_bytes())
            own.chmod(0o600)
            os.chown(own, self._folder.stat().st_uid, self._folder.stat().st_gid)
        settings = {"listen_addresses": "127.0.0.1", "port": str(port), "ssl": "on"}
        for name, value in settings.items():
            self.execute(f"ALTER SYSTEM SET {name} = '{value}'")
        self.kill()
        self.port = port
        self.start()

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
            port=self.port,
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
