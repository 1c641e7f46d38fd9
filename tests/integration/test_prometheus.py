"""A real Prometheus reads `/metrics`, and knows every rule and every panel's query."""

import json
import subprocess
import threading
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest

from headwater_local.data_dir import DataDir
from headwater_local.inspection.sql import LocalLake
from headwater_local.metrics.exporter import Exporter
from headwater_local.reports.answers import Answers
from headwater_local.website.site import make_server
from prometheus_server import IS_INSTALLED, prometheus_reading
from unit.docs.test_observability import FOLDER, PANELS

pytestmark = [
    pytest.mark.on_request,
    pytest.mark.skipif(not IS_INSTALLED, reason="needs a Prometheus: apt-get install prometheus"),
]

LINES: Mapping[str, list[Mapping[str, Any]]] = {
    "collector": [
        {"_aws": {}, "service": "collector", "MessagesAccepted": [5], "refusals": {"why": 1}},
        {"message": "answered", "status": 200, "latency_ms": 4.5},
    ],
    "writer": [
        {
            "message": "published",
            "rows": {"events": 5, "failed_records": 1},
            "covered": 0,
            "repeats": 0,
            "missing": 0,
            "seconds": 0.4,
            "latency_seconds": 2.5,
        }
    ],
    "driver": [{"message": "batch done", "records": 6}],
    "poller": [
        {"_aws": {}, "service": "poller", "source": "s", "RecordsPolled": [3], "repeated": 0}
    ],
    "canary": [{"_aws": {}, "service": "canary", "CanaryLost": [0], "CanarySeconds": [6.5]}],
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a site whose route has logged a little."""
    data_dir = DataDir.at(tmp_path_factory.mktemp("site"))
    data_dir.prepare()
    for part, lines in LINES.items():
        text = "".join(f"{json.dumps(line)}\n" for line in lines)
        data_dir.log_file(part).write_text(text)
    answers = Answers(LocalLake(data_dir))
    server = make_server(0, "http://127.0.0.1:8080", answers, Exporter(data_dir))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def prometheus(site: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A Prometheus that has read the site twice."""
    folder = tmp_path_factory.mktemp("prometheus")
    with prometheus_reading(f"127.0.0.1:{site}", folder, rules=[FOLDER / "rules.yaml"]) as client:
        yield client


def test_the_rules_do_what_their_tests_say() -> None:
    done = subprocess.run(
        ["promtool", "test", "rules", "rules_test.yaml"],
        check=False,
        cwd=FOLDER,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_what_the_functions_logged_is_there(prometheus: httpx.Client) -> None:
    asked = {"query": "headwater_messages_accepted_total + on() headwater_rows_written_total"}

    [sample] = prometheus.get("/query", params=asked).json()["data"]["result"]

    assert sample["value"][1] == "10"


def test_no_rule_fails(prometheus: httpx.Client) -> None:
    [group] = prometheus.get("/rules").json()["data"]["groups"]

    assert {rule["health"] for rule in group["rules"]} <= {"ok", "unknown"}
    assert [rule["name"] for rule in group["rules"] if rule.get("lastError")] == []


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel["title"])
def test_a_panels_queries_are_answered(prometheus: httpx.Client, panel: dict[str, Any]) -> None:
    for target in panel["targets"]:
        query = target["expr"].replace("$__rate_interval", "1m")

        answer = prometheus.get("/query", params={"query": query}).json()

        assert answer["status"] == "success", answer
