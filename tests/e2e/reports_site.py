"""The site with its reports over tables in memory; all else is what `headwater up` serves."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import duckdb

from headwater_local.data_dir import DEFAULT, DataDir
from headwater_local.inspection.dialect import Dialect
from headwater_local.inspection.sql import explained, fetch, translated
from headwater_local.metrics.exporter import Exporter
from headwater_local.reports.answers import Answers, Lake
from headwater_local.website.site import make_server
from headwater_reports.errors import QueryError
from headwater_reports.results import Result


@dataclass(frozen=True)
class InMemoryLake:
    """Tables that a connection has."""

    connection: duckdb.DuckDBPyConnection

    def run(self, sql: str, dialect: Dialect, limit: int = 0) -> Result:
        with explained():
            return fetch(self.connection, translated(sql, dialect), limit)

    def interrupt(self) -> None:
        self.connection.interrupt()


@dataclass
class HeldLake:
    """Tables that do not answer until they fail."""

    _sentence: str = ""
    _failed: threading.Event = field(default_factory=threading.Event)

    def run(self, _sql: str, _dialect: Dialect, _limit: int = 0) -> Result:
        self._failed.wait()
        raise QueryError(self._sentence)

    def fail(self, sentence: str) -> None:
        """Refuse what is asked and what will be."""
        self._sentence = sentence
        self._failed.set()

    def interrupt(self) -> None:
        """Nothing runs that could be."""


@contextmanager
def reports_site(lake: Lake) -> Iterator[str]:
    """Serve until the block ends; gives the URL of the reports."""
    metrics = Exporter(DataDir.at(DEFAULT))
    server = make_server(0, "http://127.0.0.1:8080", Answers(lake), metrics)
    server.daemon_threads = False
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/reports/"
    finally:
        server.shutdown()
        thread.join()
        if isinstance(lake, HeldLake):
            lake.fail("The site has ended.")
        # Waits for the answers on their way: the lake's connection may close next.
        server.server_close()
