"""What the doctor says of staged mode's committer, without which rows come all the same."""

from datetime import UTC, datetime, timedelta

import pytest

from headwater_local.doctor.committer import examine_committer
from headwater_local.doctor.finding import Finding, Health
from headwater_local.doctor.stack import Committer
from unit.local.doctor.stubbed import UUID, Clients, mapping

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
COMMITTER = Committer(event_source_mapping_id=UUID, queue_name="sample-committer-offers")


def examined(found: dict[str, str] | None, *seconds: float) -> list[Finding]:
    clients = Clients()
    lambdas = clients.stub("lambda")
    if found:
        lambdas.add_response("get_event_source_mapping", found, {"UUID": UUID})
    else:
        lambdas.add_client_error("get_event_source_mapping", "ResourceNotFoundException")
    points = [
        {"Timestamp": NOW - timedelta(minutes=len(seconds) - minute), "Maximum": age}
        for minute, age in enumerate(seconds)
    ]
    clients.stub("cloudwatch").add_response(
        "get_metric_statistics",
        {"Datapoints": points},
        {
            "Namespace": "AWS/SQS",
            "MetricName": "ApproximateAgeOfOldestMessage",
            "Dimensions": [{"Name": "QueueName", "Value": "sample-committer-offers"}],
            "StartTime": NOW - timedelta(minutes=5),
            "EndTime": NOW,
            "Period": 60,
            "Statistics": ["Maximum"],
        },
    )
    return [*examine_committer(clients.stack(), COMMITTER, NOW)]


@pytest.mark.parametrize("seconds", [(), (900.0, 3.0)])
def test_finds_nothing_wrong_with_offers_that_are_taken(seconds: tuple[float, ...]) -> None:
    (finding,) = examined(mapping("Enabled"), *seconds)

    assert finding.health is Health.GOOD


def test_names_an_offer_that_waits() -> None:
    _, waits = examined(mapping("Enabled"), 1.0, 700.0)

    assert (waits.health, waits.said) == (
        Health.WARNING,
        "the oldest offer has waited for 700 s",
    )


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (None, "is gone"),
        (mapping("Disabled"), "is disabled: writers wait in vain"),
        (mapping("Enabled", "PROBLEM: Function call failed"), "PROBLEM: Function call failed"),
    ],
)
def test_names_what_keeps_offers_from_being_taken(found: dict[str, str] | None, said: str) -> None:
    (finding,) = examined(found)

    assert finding.health is Health.WARNING
    assert said in finding.said
    assert finding.remedy
