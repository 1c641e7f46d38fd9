"""Athena's API is known by botocore's model: the stubber refuses what is not of it."""

from collections.abc import Iterator

import boto3
import pytest
from botocore.stub import ANY, Stubber

from headwater_canary.athena import POLL_SECONDS, Athena
from headwater_canary.canary import (
    DEADLINE_SECONDS,
    EVENTS,
    FIRST_LOOK_SECONDS,
    LOOK_SECONDS,
    Canary,
    Flight,
    NotSeenError,
)

SECONDS = 10.0


class Asking:
    """An Athena whose answers are given beforehand; time passes in sleep alone."""

    def __init__(self) -> None:
        client = boto3.client(
            "athena", region_name="eu-west-1", aws_access_key_id="k", aws_secret_access_key="s"
        )
        self.stub = Stubber(client)
        self.clock = 1000.0
        self.athena = Athena(client, "sample", "sample_db", self.sleep, self.now)

    def now(self) -> float:
        return self.clock

    def sleep(self, seconds: float) -> None:
        self.clock += seconds

    def fly(self) -> Flight:
        return Canary(lambda _: None, self.athena.rows, self.now, self.sleep).fly()

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

    def stopped(self) -> None:
        self.stub.add_response("stop_query_execution", {}, {"QueryExecutionId": "q"})


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

    assert asking.athena.rows(["canary-1", "canary-2"], SECONDS) == ["canary-1"]
    assert asking.clock == 1000 + POLL_SECONDS


@pytest.mark.parametrize("state", ["FAILED", "CANCELLED"])
def test_says_why_athena_refuses(asking: Asking, state: str) -> None:
    asking.start()
    asking.state(state, "TABLE_NOT_FOUND: events")

    with pytest.raises(NotSeenError, match="TABLE_NOT_FOUND"):
        asking.athena.rows(["canary-1"], SECONDS)


def test_says_that_it_may_not_ask(asking: Asking) -> None:
    asking.stub.add_client_error("start_query_execution", "AccessDeniedException", "no")

    with pytest.raises(NotSeenError, match="AccessDenied"):
        asking.athena.rows(["canary-1"], SECONDS)


@pytest.mark.parametrize("state", ["QUEUED", "RUNNING"])
def test_waits_no_longer_than_it_may(asking: Asking, state: str) -> None:
    asking.start()
    for _ in range(1 + int(SECONDS / POLL_SECONDS)):
        asking.state(state)
    asking.stopped()

    with pytest.raises(NotSeenError, match=f"not answered within 10 s: query q is {state}. See"):
        asking.athena.rows(["canary-1"], SECONDS)

    assert asking.clock == 1000 + SECONDS


def test_a_query_that_is_queued_for_ever_ends_the_flight_in_time(asking: Asking) -> None:
    asking.start()
    for _ in range(1 + int((DEADLINE_SECONDS - FIRST_LOOK_SECONDS) / POLL_SECONDS)):
        asking.state("QUEUED")
    asking.stopped()

    flight = asking.fly()

    assert (flight.lost, flight.seconds) == (EVENTS, None)
    assert "query q is QUEUED" in (flight.trouble or "")
    assert asking.clock == 1000 + DEADLINE_SECONDS


def test_a_table_that_is_away_is_a_loss_that_says_so(asking: Asking) -> None:
    for _ in range(1 + int((DEADLINE_SECONDS - FIRST_LOOK_SECONDS) / LOOK_SECONDS)):
        asking.start()
        asking.state("FAILED", "TABLE_NOT_FOUND: events")

    flight = asking.fly()

    trouble = "Athena refuses the query: TABLE_NOT_FOUND: events"
    assert flight == Flight(EVENTS, EVENTS, trouble=trouble)
