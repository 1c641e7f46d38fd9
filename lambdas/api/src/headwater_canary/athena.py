"""Which events are rows, by the engine that people ask."""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError

from headwater_canary.canary import NotSeenError, statement

if TYPE_CHECKING:
    from mypy_boto3_athena import AthenaClient

POLL_SECONDS: Final = 1.0


@dataclass(frozen=True)
class Athena:
    """The tables of a database, asked in a workgroup that says where results go."""

    client: "AthenaClient"
    workgroup: str
    database: str
    sleep: Callable[[float], None] = time.sleep

    def rows(self, ids: Collection[str]) -> Collection[str]:
        """Return those of the events that are rows.

        Raises:
            NotSeenError: Athena refuses the query, or cannot be reached.
        """
        try:
            return self._answer(statement(ids, f"{datetime.now(UTC):%Y-%m-%d}"))
        except (BotoCoreError, ClientError) as error:
            raise NotSeenError(f"Athena cannot be asked: {error}") from error

    def _answer(self, sql: str) -> Collection[str]:
        execution = self.client.start_query_execution(
            QueryString=sql,
            WorkGroup=self.workgroup,
            QueryExecutionContext={"Database": self.database},
        )["QueryExecutionId"]
        self._await(execution)
        found = self.client.get_query_results(QueryExecutionId=execution)["ResultSet"]["Rows"]
        # The first row is the header.
        return [row["Data"][0]["VarCharValue"] for row in found[1:]]

    def _await(self, execution: str) -> None:
        while True:
            found = self.client.get_query_execution(QueryExecutionId=execution)
            status = found["QueryExecution"]["Status"]
            match status["State"]:
                case "SUCCEEDED":
                    return
                case "FAILED" | "CANCELLED":
                    reason = status.get("StateChangeReason", status["State"])
                    raise NotSeenError(f"Athena refuses the query: {reason}")
            self.sleep(POLL_SECONDS)
