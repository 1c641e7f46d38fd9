"""Engines for tests: one that is told what to do, and DuckDB."""

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime

import duckdb
import sqlglot

from headwater_local.inspection.sql import fetch
from headwater_local.questions import pack
from headwater_local.questions.athena_dialect import to_duckdb
from headwater_reports.engine import Execution
from headwater_reports.results import Result

AS_OF = datetime(2026, 3, 1, 10, tzinfo=UTC)


@dataclass
class HeldEngine:
    """It runs each statement for so many looks at it, and then ends as it is told."""

    looks: int = 0
    ends: str = "SUCCEEDED"
    result: Result = field(default_factory=lambda: Result(["users"], [(1,)]))
    started: list[str] = field(default_factory=list)

    def start(self, sql: str) -> str:
        self.started.append(sql)
        return f"execution-{len(self.started)}"

    def execution(self, _number: str) -> Execution:
        self.looks -= 1
        return Execution("RUNNING" if self.looks >= 0 else self.ends, AS_OF, "why it did")

    def rows(self, _number: str, limit: int) -> Result:
        kept = self.result.rows[:limit] if limit else self.result.rows
        return Result(self.result.columns, kept, len(kept) < len(self.result.rows))


@dataclass
class PreparedInDuckDb:
    """The pack's questions as prepared statements, over tables that a connection has.

    A statement runs when its rows are read, and has not ended when it is first looked at.
    """

    connection: duckdb.DuckDBPyConnection
    _started: list[str] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self, sql: str) -> str:
        self._started.append(sql)
        return str(len(self._started) - 1)

    def execution(self, number: str) -> Execution:
        state = "SUCCEEDED" if number in self._seen else "RUNNING"
        self._seen.add(number)
        return Execution(state, AS_OF)

    def rows(self, number: str, limit: int) -> Result:
        with self._lock:
            return fetch(self.connection, to_duckdb(in_full(self._started[int(number)])), limit)


def in_full(sql: str) -> str:
    """Return the question that a statement executes, with its arguments in place."""
    name, _, using = sql.removeprefix("EXECUTE ").partition(" USING ")
    texts = [each.this for each in sqlglot.parse_one(f"SELECT {using or 1}").expressions]
    return pack.render(name, dict(zip(pack.question(name).marks, texts, strict=bool(using))))
