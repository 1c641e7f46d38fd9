"""Athena's API is known by botocore's model: the stubber refuses what is not of it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from headwater_reports.athena import PAUSES, POLL_SECONDS, Athena, run_on_athena
from headwater_reports.errors import QueryError

TRANSIENT = {"State": "FAILED", "AthenaError": {"Retryable": True}, "StateChangeReason": "short"}
SUBMITTED = datetime(2026, 3, 1, 10, tzinfo=UTC)
REQUEST = {
    "QueryString": "select 1",
    "WorkGroup": "analytics",
    "QueryExecutionContext": {"Database": "lake"},
}


class Account:
    """An account whose Athena does as it is told, one execution after the other."""

    def __init__(self) -> None:
        keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x", "region_name": "us-east-1"}
        self.client = boto3.client("athena", **keys)  # type: ignore[call-overload]
        self.stubber = Stubber(self.client)
        self.stubber.activate()
        self.pauses: list[float] = []

    def will_execute(self, *statuses: Mapping[str, Any]) -> None:
        self.stubber.add_response("start_query_execution", {"QueryExecutionId": "1"}, REQUEST)
        for status in statuses:
            answer = {"QueryExecution": {"Status": {"SubmissionDateTime": SUBMITTED, **status}}}
            self.stubber.add_response("get_query_execution", answer, {"QueryExecutionId": "1"})

    def will_return(self, columns: Mapping[str, str], *rows: Sequence[str | None]) -> None:
        told = [{"Name": name, "Type": kind} for name, kind in columns.items()]
        data = [
            {"Data": [{} if text is None else {"VarCharValue": text} for text in row]}
            for row in (list(columns), *rows)
        ]
        result = {"ResultSet": {"Rows": data, "ResultSetMetadata": {"ColumnInfo": told}}}
        self.stubber.add_response("get_query_results", result, {"QueryExecutionId": "1"})

    def run(self) -> list[tuple[Any, ...]]:
        athena = Athena(self.client, "analytics", "lake")
        result = run_on_athena("select 1", athena, self.pauses.append)
        self.stubber.assert_no_pending_responses()
        return result.rows


@pytest.fixture
def account() -> Account:
    return Account()


def test_rows_have_the_types_of_their_columns(account: Account) -> None:
    account.will_execute({"State": "QUEUED"}, {"State": "RUNNING"}, {"State": "SUCCEEDED"})
    account.will_return(
        {
            "a": "bigint",
            "b": "double",
            "c": "date",
            "d": "timestamp",
            "e": "decimal",
            "f": "boolean",
        },
        ["7", "0.5", "2026-03-01", "2026-03-01 10:00:00.123", "0.10", "true"],
        [None] * 6,
    )

    assert account.run() == [
        (
            7,
            0.5,
            date(2026, 3, 1),
            datetime(2026, 3, 1, 10, 0, 0, 123_000),  # noqa: DTZ001 -- as the lake has it
            Decimal("0.10"),
            True,
        ),
        (None,) * 6,
    ]
    assert account.pauses == [POLL_SECONDS] * 2


def test_what_may_succeed_later_is_tried_again(account: Account) -> None:
    account.will_execute(TRANSIENT)
    account.will_execute({"State": "SUCCEEDED"})
    account.will_return({"a": "varchar"}, ["x"])

    assert account.run() == [("x",)]
    assert account.pauses == [PAUSES[0]]


def test_trying_again_ends(account: Account) -> None:
    for _ in range(len(PAUSES) + 1):
        account.will_execute(TRANSIENT)

    with pytest.raises(QueryError, match="Athena: short"):
        account.run()


def test_what_will_never_succeed_is_told_at_once(account: Account) -> None:
    account.will_execute({"State": "FAILED", "StateChangeReason": "line 1:8: Column 'x'"})

    with pytest.raises(QueryError, match="Athena: line 1:8: Column 'x'"):
        account.run()


def test_an_interrupt_stops_it_there_too(account: Account) -> None:
    account.will_execute({"State": "RUNNING"})
    account.stubber.add_response("stop_query_execution", {}, {"QueryExecutionId": "1"})

    with pytest.raises(KeyboardInterrupt):
        run_on_athena("select 1", Athena(account.client, "analytics", "lake"), _interrupted)

    account.stubber.assert_no_pending_responses()


def test_an_interrupt_is_heard_if_it_may_not_be_stopped(account: Account) -> None:
    account.will_execute({"State": "RUNNING"})
    account.stubber.add_client_error("stop_query_execution", "AccessDeniedException", "no")

    with pytest.raises(KeyboardInterrupt):
        run_on_athena("select 1", Athena(account.client, "analytics", "lake"), _interrupted)


def _interrupted(_seconds: float) -> None:
    raise KeyboardInterrupt


def test_an_account_that_refuses_is_a_sentence(account: Account) -> None:
    account.stubber.add_client_error("start_query_execution", "AccessDeniedException", "no")

    with pytest.raises(QueryError, match=r"Athena cannot run it .*no.*: check the account"):
        account.run()


def test_a_result_is_used_again_for_as_long_as_it_may(account: Account) -> None:
    reuse = {"ResultReuseByAgeConfiguration": {"Enabled": True, "MaxAgeInMinutes": 5}}
    account.stubber.add_response(
        "start_query_execution",
        {"QueryExecutionId": "1"},
        REQUEST | {"ResultReuseConfiguration": reuse},
    )
    used_again = {"ResultReuseInformation": {"ReusedPreviousResult": True}}
    for statistics in ({}, used_again):
        status = {"State": "SUCCEEDED", "SubmissionDateTime": SUBMITTED}
        answer = {"QueryExecution": {"Status": status, "Statistics": statistics}}
        account.stubber.add_response("get_query_execution", answer, {"QueryExecutionId": "1"})

    athena = Athena(account.client, "analytics", "lake", reuse_minutes=5)
    number = athena.start("select 1")
    new, old = (athena.execution(number).as_of for _ in range(2))

    assert (new, old) == (SUBMITTED, SUBMITTED - timedelta(minutes=5))


def test_more_rows_than_are_wanted_are_told(account: Account) -> None:
    account.will_return({"a": "bigint"}, ["1"], ["2"], ["3"])

    result = Athena(account.client, "analytics", "lake").rows("1", 2)

    assert (result.rows, result.is_cut) == ([(1,), (2,)], True)
