"""The cluster that writes in place of the writer: its run, and what keeps one running.

The state machine looks for a run every five minutes, and starts one if there is none
(terraform/modules/cluster/keeper.tf).
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from headwater_local.doctor.finding import Finding, fault, warning
from headwater_local.doctor.stack import Cluster, Stack

PART: Final = "cluster"
MAX_UNSEEN: Final = timedelta(minutes=15)
"""Three looks of the state machine."""

_LIVE: Final = ("SUBMITTED", "QUEUED", "PENDING", "SCHEDULED", "RUNNING", "CANCELLING")
"""The states that the state machine leaves a run alone in."""


def examine_cluster(stack: Stack, cluster: Cluster, now: datetime) -> Iterator[Finding]:
    """Yield whether a run is there, and whether somebody looks for one."""
    yield _run(stack, cluster)
    yield from _keeper(stack, cluster, now)


def log_command(cluster: Cluster) -> str:
    """Return the command that shows the log of the run."""
    return f"aws logs tail /aws/emr-serverless/{cluster.name} --since 1h"


def _run(stack: Stack, cluster: Cluster) -> Finding:
    states = {run["state"] for run in _runs(stack, cluster, states=[*_LIVE])}
    if "RUNNING" in states:
        return Finding(PART, "its run is running")
    if states:
        return warning(
            PART,
            f"its run is {min(states).lower()}: events wait on the stream until one is running",
            "look again in five minutes; if it is no further, "
            f"`aws emr-serverless list-job-runs --application-id {cluster.application_id}`",
        )
    begin = (
        f"aws stepfunctions start-execution --state-machine-arn {cluster.keeper_arn} "
        """--input '{"writes":true}'"""
    )
    return fault(
        PART,
        f"it has no run{_last(stack, cluster)}: events wait on the stream, and are lost when its "
        "retention has passed",
        f"`{begin}` starts one; why it ended: `{log_command(cluster)}`",
    )


def _last(stack: Stack, cluster: Cluster) -> str:
    """Say how the newest run ended, if there ever was one."""
    runs = _runs(stack, cluster)
    if not runs:
        return ""
    newest = max(runs, key=lambda run: run["createdAt"])
    return f", and the last one ended in the state {newest['state']} ({newest['stateDetails']})"


def _runs(stack: Stack, cluster: Cluster, **filters: list[str]) -> list[dict[str, Any]]:
    """Return runs of the stream's job; a backfill's are of another mode."""
    pages = stack.client("emr-serverless").get_paginator("list_job_runs")
    listed = pages.paginate(applicationId=cluster.application_id, mode="STREAMING", **filters)
    return [run for page in listed for run in page["jobRuns"]]


def _keeper(stack: Stack, cluster: Cluster, now: datetime) -> Iterator[Finding]:
    """Yield what is wrong with the state machine's last look."""
    client = stack.client("stepfunctions")
    # The newest comes first ("ListExecutions", AWS Step Functions API reference).
    looks = client.list_executions(stateMachineArn=cluster.keeper_arn, maxResults=1)["executions"]
    if not looks or now - looks[0]["startDate"] > MAX_UNSEEN:
        yield warning(
            PART,
            f"its state machine has not looked for a run for {MAX_UNSEEN.seconds:,} s",
            f"`aws events enable-rule --name {cluster.name}`",
        )
    elif looks[0]["status"] == "FAILED":
        yield _failed(client.describe_execution(executionArn=looks[0]["executionArn"]), cluster)


def _failed(look: dict[str, Any], cluster: Cluster) -> Finding:
    why = ": ".join(filter(None, (look.get("error"), look.get("cause"))))
    at = look["startDate"].astimezone(UTC)
    return warning(
        PART,
        f"its state machine failed at {at:%H:%M} UTC: {why}",
        f"unless this is the first run, or a new version's: `{log_command(cluster)}`",
    )
