"""What the doctor says of a stack whose cluster writes, or rests."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from headwater_local.doctor.consumer import examine_consumer
from headwater_local.doctor.finding import Finding, Health
from headwater_local.doctor.stack import Cluster
from unit.local.doctor.stubbed import UUID, Clients, mapping

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
APPLICATION = "00f1a2b3c4d5e6f7"
KEEPER = "arn:aws:states:eu-west-1:000000000000:stateMachine:sample-cluster"
WRITES = Cluster(application_id=APPLICATION, keeper_arn=KEEPER, writes=True)
LIVE = ["SUBMITTED", "QUEUED", "PENDING", "SCHEDULED", "RUNNING", "CANCELLING"]


@pytest.fixture
def clients() -> Clients:
    return Clients()


def run(state: str, hours_ago: int = 1, details: str = "no more to say") -> dict[str, Any]:
    """A run as EMR lists it, whose other fields nobody reads."""
    created = NOW - timedelta(hours=hours_ago)
    return {
        "applicationId": APPLICATION,
        "id": "00f1",
        "arn": "arn:aws:emr-serverless:eu-west-1:000000000000:/applications/a/jobruns/r",
        "createdBy": KEEPER,
        "createdAt": created,
        "updatedAt": created,
        "executionRole": "arn:aws:iam::000000000000:role/job",
        "state": state,
        "stateDetails": details,
        "releaseLabel": "emr-spark-8.1.0",
    }


def look(status: str, minutes_ago: int = 2, **more: str) -> dict[str, Any]:
    """An execution of the state machine, as it is listed or described."""
    return {
        "executionArn": KEEPER.replace("stateMachine", "execution"),
        "stateMachineArn": KEEPER,
        "name": "look",
        "status": status,
        "startDate": NOW - timedelta(minutes=minutes_ago),
        **more,
    }


def examined(
    clients: Clients,
    live: list[dict[str, Any]],
    ended: list[dict[str, Any]] | None = None,
    looks: list[dict[str, Any]] | None = None,
    state: str = "Disabled",
) -> list[Finding]:
    emr = clients.stub("emr-serverless")
    asked = {"applicationId": APPLICATION, "mode": "STREAMING"}
    emr.add_response("list_job_runs", {"jobRuns": live}, {**asked, "states": LIVE})
    emr.add_response("list_job_runs", {"jobRuns": ended or []}, asked)
    states = clients.stub("stepfunctions")
    newest = looks if looks is not None else [look("SUCCEEDED")]
    why = {"error", "cause"}  # Which are described, and not listed.
    listed = [{name: each[name] for name in each.keys() - why} for each in newest]
    states.add_response(
        "list_executions", {"executions": listed}, {"stateMachineArn": KEEPER, "maxResults": 1}
    )
    for each in newest:
        states.add_response("describe_execution", each)
    clients.stub("lambda").add_response("get_event_source_mapping", mapping(state))
    clients.stub("s3").add_response("list_objects_v2", {"KeyCount": 0, "IsTruncated": False})
    return [*examine_consumer(clients.stack(WRITES), NOW)]


def test_finds_nothing_wrong_with_a_cluster_that_writes_and_a_mapping_that_rests(
    clients: Clients,
) -> None:
    findings = examined(clients, [run("RUNNING"), run("CANCELLING")])

    assert [(finding.health, finding.said) for finding in findings] == [
        (Health.GOOD, "its run is running"),
        (Health.GOOD, "its event source mapping is disabled, since the cluster writes"),
    ]


def test_names_two_tiers_that_write(clients: Clients) -> None:
    _, both = examined(clients, [run("RUNNING")], state="Enabled")

    assert both.health is Health.FAULT
    assert "and the cluster writes too" in both.said
    assert both.remedy == f"aws lambda update-event-source-mapping --uuid {UUID} --no-enabled"


def test_names_a_cluster_without_a_run_and_how_the_last_one_ended(clients: Clients) -> None:
    ended = [run("CANCELLED", hours_ago=9), run("FAILED", details="exit code 1")]
    none, _ = examined(clients, [], ended)

    assert none.health is Health.FAULT
    assert none.said.startswith(
        "it has no run, and the last one ended in the state FAILED (exit code 1): events"
    )
    assert f"start-execution --state-machine-arn {KEEPER} --input" in none.remedy
    assert "aws logs tail /aws/emr-serverless/sample-cluster" in none.remedy


def test_names_a_cluster_that_never_had_a_run(clients: Clients) -> None:
    none, _ = examined(clients, [])

    assert none.said.startswith("it has no run: events wait")


def test_names_a_run_that_has_yet_to_begin(clients: Clients) -> None:
    pending, _ = examined(clients, [run("PENDING")])

    assert pending.health is Health.WARNING
    assert pending.said.startswith("its run is pending: events wait")


def test_names_what_the_state_machine_failed_of(clients: Clients) -> None:
    failed = look("FAILED", error="WasNotRunning", cause="No run was there, so one was started.")
    _, why, _ = examined(clients, [run("RUNNING")], looks=[failed])

    assert why.health is Health.WARNING
    assert why.said.startswith("its state machine failed at 11:58 UTC: WasNotRunning: No run was")


@pytest.mark.parametrize("looks", [[], [look("SUCCEEDED", minutes_ago=16)]])
def test_names_a_state_machine_that_does_not_look(
    clients: Clients, looks: list[dict[str, Any]]
) -> None:
    _, idle, _ = examined(clients, [run("RUNNING")], looks=looks)

    assert (idle.health, idle.remedy) == (
        Health.WARNING,
        "`aws events enable-rule --name sample-cluster`",
    )


def test_expects_the_mapping_to_call_the_writer_while_the_cluster_rests(clients: Clients) -> None:
    clients.stub("lambda").add_response("get_event_source_mapping", mapping("Disabled"))
    clients.stub("cloudwatch").add_response(
        "get_metric_statistics", {"Datapoints": [{"Timestamp": NOW, "Maximum": 0.0}]}
    )
    clients.stub("s3").add_response("list_objects_v2", {"KeyCount": 0, "IsTruncated": False})
    rests = Cluster(application_id=APPLICATION, keeper_arn=KEEPER, writes=False)

    disabled, _ = examine_consumer(clients.stack(rests), NOW)

    assert disabled.health is Health.FAULT
