"""A real Prometheus reads `/metrics`, and has an answer to every panel's query."""

import json
import math
import subprocess
import threading
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

import httpx
import pytest

from e2e.loopback import QuietHandler, serve
from eventually import eventually
from headwater_local.data_dir import DataDir
from headwater_local.inspection.sql import LocalLake
from headwater_local.metrics import exporter
from headwater_local.metrics import vocabulary as v
from headwater_local.metrics.exporter import Exporter
from headwater_local.metrics.state import of_table
from headwater_local.metrics.translation import Sample
from headwater_local.reports.answers import Answers
from headwater_local.website.site import make_server
from prometheus_server import IS_INSTALLED, prometheus_reading
from unit.docs.test_observability import FOLDER, PANELS, metrics_of_yace, relabels_of_yace

pytestmark = [
    pytest.mark.on_request,
    pytest.mark.skipif(not IS_INSTALLED, reason="needs a Prometheus: apt-get install prometheus"),
]

LINES: Final[Mapping[str, list[Mapping[str, Any]]]] = {
    "collector": [
        {
            "_aws": {},
            "service": "collector",
            "MessagesAccepted": [5],
            "StreamFailures": [1],
            "refusals": {"why": 1},
            "dropped": 1,
            "stream_records": 2,
            "stream_retries": 1,
        },
        {"message": "answered", "status": 200, "latency_ms": 4.5},
    ],
    "writer": [
        {
            "message": "published",
            "rows": {"events": 5, "failed_records": 1},
            "covered": 1,
            "repeats": 1,
            "missing": 1,
            "seconds": 0.4,
            "latency_seconds": 2.5,
        }
    ],
    "driver": [
        {"message": "batch done", "records": 6},
        {"message": "batch failed"},
        {"message": "batch given up on", "records": 1},
    ],
    "poller": [
        {
            "_aws": {},
            "service": "poller",
            "source": "s",
            "RecordsPolled": [3],
            "MessagesSent": [2],
            "MessagesRefused": [1],
            "PollFailures": [1],
            "PollSeconds": [0.5],
            "LagSeconds": [60],
            "repeated": 1,
        }
    ],
    "canary": [{"_aws": {}, "service": "canary", "CanaryLost": [1], "CanarySeconds": [6.5]}],
}

TABLE: Final = {
    "current-snapshot-id": 1,
    "snapshots": [
        {
            "snapshot-id": 1,
            "timestamp-ms": 1767225600000,
            "summary": {"operation": "append", "added-records": "5"},
        }
    ],
}


def _state(_data_dir: DataDir, now: datetime) -> Iterator[Sample]:
    """Stand in for the route that runs: a part, how far it is, and a table."""
    yield Sample(v.RUNNING, 1, ("writer",))
    yield Sample(v.LAG, 2, ("writer",))
    yield from of_table("events", TABLE, now)


def _log_a_little(data_dir: DataDir) -> None:
    for part, lines in LINES.items():
        with data_dir.log_file(part).open("a") as log:
            log.writelines(f"{json.dumps(line)}\n" for line in lines)


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> DataDir:
    """The directory of a route that has logged a little."""
    data_dir = DataDir.at(tmp_path_factory.mktemp("site"))
    data_dir.prepare()
    _log_a_little(data_dir)
    return data_dir


@pytest.fixture(scope="module")
def site(data_dir: DataDir) -> Iterator[int]:
    """The port of that route's site."""
    answers = Answers(LocalLake(data_dir))
    server = make_server(0, "http://127.0.0.1:8080", answers, Exporter(data_dir))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exporter, "state", _state)
        yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def prometheus(
    site: int, data_dir: DataDir, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    """A Prometheus that has read the site, and again when it had logged the same once more."""
    folder = tmp_path_factory.mktemp("prometheus")
    with prometheus_reading(f"127.0.0.1:{site}", folder, rules=[FOLDER / "rules.yaml"]) as client:
        _log_a_little(data_dir)
        eventually(lambda: _numbers(client, "increase(headwater_commits_total[1m]) > 0"))
        yield client


class Yace(QuietHandler):
    """What YACE exports of a stack, each metric once."""

    TEXT: Final = "".join(
        [
            *(f'{name}{{dimension_service="collector"}} 1\n' for name, _ in metrics_of_yace()),
            'aws_lambda_iterator_age_maximum{dimension_FunctionName="sample-writer"} 1\n',
            'aws_lambda_errors_sum{dimension_FunctionName="sample-writer"} 1\n',
        ]
    )

    def do_GET(self) -> None:  # noqa: N802 -- the name that http.server calls
        self.answer(200, self.TEXT.encode(), {"Content-Type": "text/plain; version=0.0.4"})


@pytest.fixture(scope="module")
def prometheus_of_a_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A Prometheus that has read a YACE, and nothing else."""
    folder = tmp_path_factory.mktemp("stack")
    with (
        serve(Yace) as url,
        prometheus_reading(
            url.removeprefix("http://"), folder, relabels=relabels_of_yace()
        ) as client,
    ):
        yield client


def _numbers(client: httpx.Client, expr: str) -> list[float]:
    """Return the values that a query has now."""
    query = expr.replace("$__rate_interval", "1m")
    answer = client.get("/query", params={"query": query}).json()
    assert answer["status"] == "success", answer
    return [float(sample["value"][1]) for sample in answer["data"]["result"]]


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
    asked = "headwater_messages_accepted_total + on() headwater_rows_written_total"

    assert _numbers(prometheus, asked) == [20]


def test_no_rule_fails(prometheus: httpx.Client) -> None:
    [group] = prometheus.get("/rules").json()["data"]["groups"]

    assert {rule["health"] for rule in group["rules"]} <= {"ok", "unknown"}
    assert [rule["name"] for rule in group["rules"] if rule.get("lastError")] == []


def _queries(*names: str) -> list[Any]:
    """Return the panels' queries that ask for a metric with such a name."""
    return [
        pytest.param(target["expr"], id=f"{panel['title']} {target['refId']}")
        for panel in PANELS
        for target in panel["targets"]
        if any(name in target["expr"] for name in names)
    ]


def test_every_query_is_asked() -> None:
    assert len(_queries("headwater_")) == len(_queries(""))


@pytest.mark.parametrize("expr", _queries("headwater_"))
def test_a_panels_query_has_numbers_of_a_route(prometheus: httpx.Client, expr: str) -> None:
    numbers = _numbers(prometheus, expr)

    assert numbers
    assert all(map(math.isfinite, numbers))


@pytest.mark.parametrize("expr", _queries("cloudwatch_", "aws_lambda_"))
def test_a_panels_query_has_numbers_of_a_stack_on_aws(
    prometheus_of_a_stack: httpx.Client, expr: str
) -> None:
    assert _numbers(prometheus_of_a_stack, expr)
