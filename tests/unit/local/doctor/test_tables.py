"""What the doctor says of tables that are old, missing, or in no database."""

import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.response import StreamingBody

from headwater_local.doctor.finding import Finding, Health
from headwater_local.doctor.stack import Cluster
from headwater_local.doctor.tables import examine_tables
from unit.local.doctor.stubbed import Clients

NOW = datetime(2026, 3, 10, 12, 0, 30, tzinfo=UTC)
LOCATION = "s3://sample-data/lake/metadata.json"
CLUSTER = Cluster(application_id="a", keeper_arn="arn:x:stateMachine:sample-cluster", writes=True)

Window = tuple[timedelta, timedelta, int]


def metadata(**seconds_ago: float) -> dict[str, Any]:
    """A table's metadata: when each operation took place, the newest last."""
    snapshots = [
        {
            "snapshot-id": number,
            "timestamp-ms": int((NOW.timestamp() - ago) * 1000),
            "summary": {"operation": operation, "total-records": "7"},
        }
        for number, (operation, ago) in enumerate(seconds_ago.items())
    ]
    return {"current-snapshot-id": len(snapshots) - 1, "snapshots": snapshots}


def examined(
    events: dict[str, Any],
    arrived: float,
    window: Window | None = None,
    cluster: Cluster | None = None,
) -> list[Finding]:
    """Examine tables; the stream is asked about ``window``, by what it lies before now."""
    clients = Clients()
    glue, s3 = clients.stub("glue"), clients.stub("s3")
    failed: dict[str, Any] = {"snapshots": []}
    for table in (events, failed):
        entry = {"Name": "any", "Parameters": {"metadata_location": LOCATION}}
        glue.add_response("get_table", {"Table": entry})
        text = json.dumps(table).encode()
        s3.add_response("get_object", {"Body": StreamingBody(io.BytesIO(text), len(text))})
    asked = None
    if window:
        start, end, period = window
        asked = {
            "Namespace": "AWS/Kinesis",
            "MetricName": "IncomingRecords",
            "Dimensions": [{"Name": "StreamName", "Value": "sample-events"}],
            "StartTime": NOW - start,
            "EndTime": NOW - end,
            "Period": period,
            "Statistics": ["Sum"],
        }
    points = [{"Sum": arrived - 1}, {"Sum": 1.0}] if arrived else []
    clients.stub("cloudwatch").add_response("get_metric_statistics", {"Datapoints": points}, asked)
    return [*examine_tables(clients.stack(cluster), NOW)]


def test_an_old_commit_is_not_a_fault_while_nothing_comes() -> None:
    events, _ = examined(metadata(append=900_000), arrived=0)

    assert (events.health, events.said) == (
        Health.GOOD,
        "7 rows, the last written 900,000 s ago",
    )


def test_names_records_that_came_since_the_last_commit() -> None:
    events, _ = examined(metadata(append=900_000), arrived=1200)

    assert (events.health, events.said) == (
        Health.FAULT,
        "1,200 records came and none was written for 900,000 s",
    )
    assert "aws logs tail /aws/lambda/NAME-writer" in events.remedy


def test_names_the_clusters_log_if_the_cluster_writes() -> None:
    events, _ = examined(metadata(append=3600), arrived=1, cluster=CLUSTER)

    assert "aws logs tail /aws/emr-serverless/sample-cluster" in events.remedy


def test_does_not_take_maintenances_commit_for_the_writers() -> None:
    events, _ = examined(metadata(append=7200, replace=60), arrived=5)

    assert events.said == "5 records came and none was written for 7,200 s"


def test_takes_the_oldest_commit_if_the_writers_has_expired() -> None:
    events, _ = examined(metadata(replace=7200, delete=60), arrived=5)

    assert events.said == "5 records came and none was written for 7,200 s"


def test_names_records_that_came_to_a_table_without_a_commit() -> None:
    events, _ = examined({"snapshots": []}, arrived=5)

    assert events.health is Health.FAULT


@pytest.mark.parametrize(
    ("age", "window"),
    [
        # Whole minutes alone: a record of the commit's own minute may be in it.
        (3600, (timedelta(minutes=59, seconds=30), timedelta(minutes=15, seconds=30), 60)),
        # Whole hours, for more than a day.
        (300_000, (timedelta(hours=83, seconds=30), timedelta(hours=1, seconds=30), 3600)),
        # No more points than an answer may have.
        (
            9_000_000,
            (timedelta(days=60, hours=1, seconds=30), timedelta(hours=1, seconds=30), 3600),
        ),
    ],
)
def test_asks_for_no_record_that_the_commit_may_have(age: float, window: Window) -> None:
    events, _ = examined(metadata(append=age), 1, window)

    assert events.health is Health.FAULT


def test_asks_nothing_about_a_commit_that_is_recent() -> None:
    # CloudWatch would tell of records.
    events, _ = examined(metadata(append=890), arrived=5)

    assert events.health is Health.GOOD


def missing(*, database: bool) -> Finding:
    clients = Clients()
    glue = clients.stub("glue")
    glue.add_client_error("get_table", "EntityNotFoundException")
    if database:
        glue.add_response("get_database", {"Database": {"Name": "sample"}}, {"Name": "sample"})
    else:
        glue.add_client_error("get_database", "EntityNotFoundException")
    (finding,) = examine_tables(clients.stack(), NOW)
    return finding


def test_names_a_table_that_the_catalog_does_not_have() -> None:
    finding = missing(database=True)

    assert finding.said == "the catalog does not have the table"
    assert "headwater register" in finding.remedy


def test_names_a_database_that_is_not_there() -> None:
    finding = missing(database=False)

    assert (finding.health, finding.said) == (
        Health.FAULT,
        "there is no database `sample` in this account and region",
    )
    assert "headwater register" not in finding.remedy
