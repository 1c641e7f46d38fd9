"""What the doctor says of the writer's mapping, of its lag and of what was given up on."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from headwater_local.doctor.consumer import examine_consumer
from headwater_local.doctor.finding import Finding, Health
from unit.local.doctor.stubbed import UUID, Clients, mapping

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def clients() -> Clients:
    return Clients()


def ages(*seconds: float) -> dict[str, Any]:
    points = [
        {"Timestamp": NOW - timedelta(minutes=len(seconds) - minute), "Maximum": age * 1000.0}
        for minute, age in enumerate(seconds)
    ]
    return {"Datapoints": points[::-1]}


def consumer(
    clients: Clients,
    found: dict[str, str],
    age: dict[str, Any],
    arrived: float = 0,
    given_up: int = 0,
) -> list[Finding]:
    clients.stub("lambda").add_response("get_event_source_mapping", found, {"UUID": UUID})
    cloudwatch = clients.stub("cloudwatch")
    cloudwatch.add_response("get_metric_statistics", age)
    cloudwatch.add_response("get_metric_statistics", {"Datapoints": [{"Sum": arrived}]})
    listed = {"KeyCount": given_up, "IsTruncated": given_up == 1000}
    asked = {"Bucket": "sample-data", "Prefix": "aws/lambda/"}
    clients.stub("s3").add_response("list_objects_v2", listed, asked)
    return [*examine_consumer(clients.stack(), NOW)]


def test_finds_nothing_wrong_with_a_mapping_that_keeps_up(clients: Clients) -> None:
    findings = consumer(clients, mapping("Enabled"), ages(900, 40))

    assert {finding.health for finding in findings} == {Health.GOOD}
    assert findings[-1].said == "the oldest event has waited for 40 s"


def test_names_a_mapping_that_is_disabled(clients: Clients) -> None:
    disabled, _ = consumer(clients, mapping("Disabled"), ages(10))

    assert disabled.health is Health.FAULT
    assert disabled.remedy == f"aws lambda update-event-source-mapping --uuid {UUID} --enabled"


def test_names_what_keeps_lambda_from_calling_the_writer(clients: Clients) -> None:
    result = "PROBLEM: Function call failed"
    (problem,) = consumer(clients, mapping("Enabled", result), ages())

    assert problem.health is Health.FAULT
    assert result in problem.said


def test_names_a_writer_that_is_behind(clients: Clients) -> None:
    *_, lag = consumer(clients, mapping("Enabled"), ages(10, 4000))

    assert (lag.health, lag.said) == (Health.WARNING, "the oldest event has waited for 4,000 s")


def test_names_a_writer_that_is_not_called_although_records_came(clients: Clients) -> None:
    _, lag = consumer(clients, mapping("Enabled"), ages(), arrived=1200)

    assert (lag.health, lag.said) == (
        Health.WARNING,
        "1,200 records came within 15 minutes, and Lambda has not called the writer",
    )


def test_says_nothing_of_a_writer_that_has_nothing_to_do(clients: Clients) -> None:
    (finding,) = consumer(clients, mapping("Enabled"), ages(), arrived=0)

    assert finding.health is Health.GOOD


def test_names_batches_that_were_given_up_on(clients: Clients) -> None:
    *_, given_up = consumer(clients, mapping("Enabled"), ages(), given_up=1000)

    assert given_up.health is Health.WARNING
    assert given_up.said.startswith("1,000 or more batches could not be written")


def test_names_a_mapping_that_is_gone(clients: Clients) -> None:
    clients.stub("lambda").add_client_error("get_event_source_mapping", "ResourceNotFoundException")
    clients.stub("s3").add_response("list_objects_v2", {"KeyCount": 0, "IsTruncated": False})

    (gone,) = examine_consumer(clients.stack(), NOW)

    assert (gone.health, gone.remedy) == (Health.FAULT, "`terraform apply`")


def test_names_a_bucket_that_is_not_there(clients: Clients) -> None:
    clients.stub("lambda").add_client_error("get_event_source_mapping", "ResourceNotFoundException")
    clients.stub("s3").add_client_error("list_objects_v2", "NoSuchBucket")

    _, bucket = examine_consumer(clients.stack(), NOW)

    assert (bucket.health, bucket.said) == (Health.FAULT, "there is no bucket `sample-data`")
