"""Statements on Athena: started, awaited, read page by page. It alone here knows boto3."""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from headwater_local.errors import QueryError
from headwater_local.results import Result

if TYPE_CHECKING:
    from mypy_boto3_athena import AthenaClient
    from mypy_boto3_athena.type_defs import QueryExecutionStatusTypeDef

PAUSES: Final = (1.0, 4.0, 16.0)
"""Seconds before each new attempt at a statement that may succeed later."""

POLL_SECONDS: Final = 0.5

_CONFIG: Final = Config(retries={"mode": "adaptive", "max_attempts": 8})
"""botocore itself repeats calls that are throttled."""


def run_on_athena(
    sql: str,
    workgroup: str,
    database: str,
    client: "AthenaClient | None" = None,
    pause: Callable[[float], None] = time.sleep,
) -> Result:
    """Run a query in a workgroup of the account and region that the environment names.

    One that failed is tried again if Athena says that it may be (``AthenaError``'s ``Retryable`` in
    the API reference), such as when resources were short.

    Raises:
        QueryError: Athena refused it, or cannot be reached.
    """
    try:
        athena = client or boto3.client("athena", config=_CONFIG)
        where = {"WorkGroup": workgroup, "QueryExecutionContext": {"Database": database}}
        return _result(athena, _execute(athena, {"QueryString": sql, **where}, pause))
    except (BotoCoreError, ClientError) as error:
        raise QueryError(
            f"Athena cannot run it ({error}): check the account and the region."
        ) from error


def _execute(
    athena: "AthenaClient", request: Mapping[str, Any], pause: Callable[[float], None]
) -> str:
    """Return the id of an execution that succeeded."""
    pauses = iter(PAUSES)
    while True:
        execution = athena.start_query_execution(**request)["QueryExecutionId"]
        status = _ended(athena, execution, pause)
        if status["State"] == "SUCCEEDED":
            return execution
        again = next(pauses, None) if status.get("AthenaError", {}).get("Retryable") else None
        if again is None:
            raise QueryError(f"Athena: {status.get('StateChangeReason') or status['State']}")
        pause(again)


def _ended(
    athena: "AthenaClient", execution: str, pause: Callable[[float], None]
) -> "QueryExecutionStatusTypeDef":
    while True:
        found = athena.get_query_execution(QueryExecutionId=execution)["QueryExecution"]["Status"]
        if found["State"] not in ("QUEUED", "RUNNING"):
            return found
        pause(POLL_SECONDS)


def _result(athena: "AthenaClient", execution: str) -> Result:
    pages = list(athena.get_paginator("get_query_results").paginate(QueryExecutionId=execution))
    columns = pages[0]["ResultSet"]["ResultSetMetadata"]["ColumnInfo"]
    types = [column["Type"] for column in columns]
    texts = [row["Data"] for page in pages for row in page["ResultSet"]["Rows"]]
    # The first row of a query's results is its header.
    rows = [_typed([field.get("VarCharValue") for field in row], types) for row in texts[1:]]
    return Result([column["Name"] for column in columns], rows)


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
