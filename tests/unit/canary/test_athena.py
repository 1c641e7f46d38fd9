"""Athena's API is known by botocore's model: the stubber refuses what is not of it."""

from collections.abc import Iterator

import boto3
import pytest
from botocore.stub import ANY, Stubber

from headwater_canary.athena import POLL_SECONDS, Athena
from headwater_canary.canary import NotSeenError


class Asking:
    """An Athena whose answers are given beforehand."""

    def __init__(self) -> None:
        client = boto3.client(
            "athena", region_name="eu-west-1", aws_access_key_id="k", aws_secret_access_key="s"
        )
        self.stub = Stubber(client)
        self.slept: list[float] = []
        self.athena = Athena(client, "sample", "sample_db", self.slept.append)

    def start(self) -> None:
        asked = {
            "QueryString": ANY,
            "WorkGroup": "sample",
            "QueryExecutionContext": {"Database": "sample_db"},
        }
        self.stub.add_response("start_query_execution", {"QueryExecutionId": "q"}, asked)

    def state(self, state: str, reason: str = "") -> None:
        status = {"State": state, "StateChangeReason": reason}
        answer = {"QueryExecution": {"Status": status}}
        self.stub.add_response("get_query_execution", answer, {"QueryExecutionId": "q"})


@pytest.fixture
def asking() -> Iterator[Asking]:
    asking = Asking()
    with asking.stub:
        yield asking
        asking.stub.assert_no_pending_responses()


def test_waits_for_the_answer_and_reads_it_without_its_header(asking: Asking) -> None:
    asking.start()
    asking.state("RUNNING")
    asking.state("SUCCEEDED")
    rows = [{"Data": [{"VarCharValue": text}]} for text in ("event_id", "canary-1")]
    answer = {"ResultSet": {"Rows": rows}}
    asking.stub.add_response("get_query_results", answer, {"QueryExecutionId": "q"})

    assert asking.athena.rows(["canary-1", "canary-2"]) == ["canary-1"]
    assert asking.slept == [POLL_SECONDS]


@pytest.mark.parametrize("state", ["FAILED", "CANCELLED"])
def test_says_why_athena_refuses(asking: Asking, state: str) -> None:
    asking.start()
    asking.state(state, "TABLE_NOT_FOUND: events")

    with pytest.raises(NotSeenError, match="TABLE_NOT_FOUND"):
        asking.athena.rows(["canary-1"])


def test_says_that_it_may_not_ask(asking: Asking) -> None:
    asking.stub.add_client_error("start_query_execution", "AccessDeniedException", "no")

    with pytest.raises(NotSeenError, match="AccessDenied"):
        asking.athena.rows(["canary-1"])
