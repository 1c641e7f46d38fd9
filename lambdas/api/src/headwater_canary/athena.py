"""Which events are rows, by the engine that people ask."""

import time
from collections.abc import Callable, Collection
from contextlib import suppress
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
    """The tables of a database, asked in a workgroup that says where results go.

    It is not the reports' client, which is in another zip: the collector, whose zip this is in,
    would be deployed with each change of a report.
    """

    client: "AthenaClient"
    workgroup: str
    database: str
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], float] = time.monotonic

    def rows(self, ids: Collection[str], seconds: float) -> Collection[str]:
        """Return those of the events that are rows, if Athena says so within so many seconds.

        Raises:
            NotSeenError: Athena refuses the query, takes longer, or cannot be reached.
        """
        try:
            return self._answer(statement(ids, f"{datetime.now(UTC):%Y-%m-%d}"), seconds)
        except (BotoCoreError, ClientError) as error:
            raise NotSeenError(f"Athena cannot be asked: {error}") from error

    def _answer(self, sql: str, seconds: float) -> Collection[str]:
        until = self.now() + seconds
        execution = self.client.start_query_execution(
            QueryString=sql,
            WorkGroup=self.workgroup,
            QueryExecutionContext={"Database": self.database},
        )["QueryExecutionId"]
        while (state := self._state(execution)) != "SUCCEEDED":
            if self.now() >= until:
                # It would read on, and be paid for, beside those of the next flights.
                with suppress(BotoCoreError, ClientError):
                    self.client.stop_query_execution(QueryExecutionId=execution)
                raise NotSeenError(
                    f"Athena has not answered within {seconds:.0f} s: query {execution} is {state}."
                    " See which other queries of the account hold it up, or reserve capacity for "
                    "the workgroup."
                )
            self.sleep(POLL_SECONDS)
        found = self.client.get_query_results(QueryExecutionId=execution)["ResultSet"]["Rows"]
        # The first row is the header.
        return [row["Data"][0]["VarCharValue"] for row in found[1:]]

    def _state(self, execution: str) -> str:
        found = self.client.get_query_execution(QueryExecutionId=execution)
        status = found["QueryExecution"]["Status"]
        if status["State"] in {"FAILED", "CANCELLED"}:
            reason = status.get("StateChangeReason", status["State"])
            raise NotSeenError(f"Athena refuses the query: {reason}")
        return status["State"]
