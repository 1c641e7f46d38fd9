import json
from typing import Any

from load.summary import Summary

METRICS: dict[str, Any] = {
    "http_reqs": {"type": "counter", "values": {"count": 100, "rate": 12.5}},
    "http_req_failed": {"type": "rate", "values": {"rate": 0.02, "passes": 2, "fails": 98}},
    "http_req_duration": {
        "type": "trend",
        "values": {"med": 7.0, "p(95)": 20.0, "p(99)": 40.0, "max": 90.5},
    },
    "accepted_events": {"type": "counter", "values": {"count": 98, "rate": 12.25}},
}


def test_reads_what_k6_counted() -> None:
    assert Summary.read(json.dumps(METRICS)) == Summary(100, 2, 98, 12.5, 7.0, 20.0, 40.0, 90.5)


def test_nothing_was_accepted_if_k6_says_nothing_of_it() -> None:
    rest = {name: metric for name, metric in METRICS.items() if name != "accepted_events"}

    assert Summary.read(json.dumps(rest)).accepted == 0
