"""What Prometheus is told of the whole route."""

from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from e2e.route import PARTS, Route

pytestmark = pytest.mark.route

Told = dict[tuple[str, tuple[str, ...]], float]


def _told(route: Route) -> Told:
    answer = httpx.get(f"{route.site_url}/metrics", trust_env=False, timeout=30)
    samples: list[Any] = [
        sample
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    ]
    return {(each.name, tuple(each.labels.values())): each.value for each in samples}


def test_an_event_is_counted_at_every_stop_of_its_route(route: Route) -> None:
    before = _told(route)
    for number in range(3):
        route.track("counted", properties={"number": number})
    httpx.post(f"{route.api_url}/v1/track", json={"userId": "counted"}, trust_env=False)
    route.wait_until_written()

    after = _told(route)

    def more(name: str, *labels: str) -> float:
        return after[f"headwater_{name}", labels] - before.get((f"headwater_{name}", labels), 0)

    assert more("messages_accepted_total") == 3
    assert more("messages_refused_total", _kind_of_missing_event(after)) == 1
    assert more("request_seconds_count") == 4
    assert more("rows_written_total", "events") == more("table_rows", "events") == 3
    assert more("records_failed_total") == more("table_rows", "failed_records") == 1
    assert more("commits_total") == more("commit_seconds_count") >= 1
    assert more("consumer_records_total", "writer") == 4
    assert after["headwater_consumer_lag_seconds", ("writer",)] == 0
    assert after["headwater_newest_row_age_seconds", ("events",)] >= 0
    assert {after["headwater_part_running", (part,)] for part in PARTS} == {1}


def _kind_of_missing_event(told: Told) -> str:
    [reason] = [
        labels[0]
        for name, labels in told
        if name == "headwater_messages_refused_total" and labels[0].startswith("event is missing")
    ]
    return reason
