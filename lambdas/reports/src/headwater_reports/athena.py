"""Statements on Athena: started, awaited, read page by page. It alone here knows boto3."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from headwater_reports.engine import Execution
from headwater_reports.errors import QueryError
from headwater_reports.results import Result

if TYPE_CHECKING:
    from mypy_boto3_athena import AthenaClient
    from mypy_boto3_athena.type_defs import (
        PaginatorConfigTypeDef,
        QueryExecutionTypeDef,
        ResultReuseByAgeConfigurationTypeDef,
        StartQueryExecutionInputTypeDef,
    )

PAUSES: Final = (1.0, 4.0, 16.0)
"""Seconds before each new attempt at a statement that may succeed later."""

POLL_SECONDS: Final = 0.5

_CONFIG: Final = Config(retries={"mode": "adaptive", "max_attempts": 8})
"""botocore itself repeats calls that are throttled."""


@dataclass(frozen=True)
class Athena:
    """A workgroup's statements on a database.

    A result of the same statement is used again for ``reuse_minutes``, 0 for never.
    """

    client: "AthenaClient"
    workgroup: str
    database: str
    reuse_minutes: int = 0

    @classmethod
    def of(cls, workgroup: str, database: str, reuse_minutes: int = 0) -> "Athena":
        """Return the workgroup of the account and region that the environment names.

        Raises:
            QueryError: the environment names no region.
        """
        with _explained():
            return cls(boto3.client("athena", config=_CONFIG), workgroup, database, reuse_minutes)

    def start(self, sql: str) -> str:
        """Start a statement, and return the id of its execution.

        Raises:
            QueryError: Athena refused it, or cannot be reached.
        """
        request: StartQueryExecutionInputTypeDef = {
            "QueryString": sql,
            "WorkGroup": self.workgroup,
            "QueryExecutionContext": {"Database": self.database},
        }
        if self.reuse_minutes:
            age: ResultReuseByAgeConfigurationTypeDef = {
                "Enabled": True,
                "MaxAgeInMinutes": self.reuse_minutes,
            }
            request["ResultReuseConfiguration"] = {"ResultReuseByAgeConfiguration": age}
        with _explained():
            return self.client.start_query_execution(**request)["QueryExecutionId"]

    def execution(self, number: str) -> Execution:
        """Return how far an execution is.

        Raises:
            QueryError: Athena knows none of that id, or cannot be reached.
        """
        with _explained():
            found = self.client.get_query_execution(QueryExecutionId=number)["QueryExecution"]
        status = found["Status"]
        return Execution(
            state=status["State"],
            reason=status.get("StateChangeReason"),
            is_retryable=status.get("AthenaError", {}).get("Retryable", False),
            as_of=self._as_of(found),
        )

    def rows(self, number: str, limit: int = 0) -> Result:
        """Return at most ``limit`` rows (0: all) of an execution that succeeded.

        Raises:
            QueryError: Athena cannot be reached.
        """
        # The first row of a query's results is its header; one more tells that there are more.
        most: PaginatorConfigTypeDef = {"MaxItems": limit + 2} if limit else {}
        with _explained():
            pages = list(
                self.client.get_paginator("get_query_results").paginate(
                    QueryExecutionId=number, PaginationConfig=most
                )
            )
        columns = pages[0]["ResultSet"]["ResultSetMetadata"]["ColumnInfo"]
        types = [column["Type"] for column in columns]
        texts = [row["Data"] for page in pages for row in page["ResultSet"]["Rows"]][1:]
        kept = texts[:limit] if limit else texts
        rows = [_typed([field.get("VarCharValue") for field in row], types) for row in kept]
        return Result([column["Name"] for column in columns], rows, len(kept) < len(texts))

    def stop(self, number: str) -> None:
        """Stop an execution, if Athena lets us: it would read on, and be paid for, unseen."""
        with suppress(BotoCoreError, ClientError):
            self.client.stop_query_execution(QueryExecutionId=number)

    def _as_of(self, found: "QueryExecutionTypeDef") -> datetime:
        """Return when the lake was asked, or the earliest that it can have been."""
        reuse = found.get("Statistics", {}).get("ResultReuseInformation", {})
        age = self.reuse_minutes if reuse.get("ReusedPreviousResult") else 0
        return found["Status"]["SubmissionDateTime"] - timedelta(minutes=age)


def run_on_athena(sql: str, athena: Athena, pause: Callable[[float], None] = time.sleep) -> Result:
    """Run a query, and wait for it.

    One that failed is tried again if Athena says that it may be (``AthenaError``'s ``Retryable`` in
    the API reference), such as when resources were short. Ctrl-C stops it there, too.

    Raises:
        QueryError: Athena refused it, or cannot be reached.
    """
    pauses = iter(PAUSES)
    while True:
        execution, number = _ended(sql, athena, pause)
        if execution.has_succeeded:
            return athena.rows(number)
        again = next(pauses, None) if execution.is_retryable else None
        if again is None:
            raise QueryError(f"Athena: {execution.reason or execution.state}")
        pause(again)


def _ended(sql: str, athena: Athena, pause: Callable[[float], None]) -> tuple[Execution, str]:
    """Return an execution of a statement that has ended, and its id."""
    number = athena.start(sql)
    try:
        while (execution := athena.execution(number)).is_running:
            pause(POLL_SECONDS)
    except KeyboardInterrupt:
        athena.stop(number)
        raise
    return execution, number


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise QueryError(
            f"Athena cannot run it ({error}): check the account and the region."
        ) from error


def _typed(texts: Sequence[str | None], types: Sequence[str]) -> tuple[Any, ...]:
    return tuple(
        text if text is None else _READ.get(name, str)(text)
        for text, name in zip(texts, types, strict=True)
    )


_READ: Final[Mapping[str, Callable[[str], Any]]] = {
    "tinyint": int,
    "integer": int,
    "bigint": int,
    "double": float,
    "float": float,
    "decimal": Decimal,
    "boolean": "true".__eq__,
    "date": date.fromisoformat,
    "timestamp": datetime.fromisoformat,
}
"""By Athena's names of types; what is not here stays the text that it is."""
