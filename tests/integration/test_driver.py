"""The driver as a process, between the stand-in's stream and a function under AWS's client."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from eventually import eventually
from free_ports import free_port
from headwater_local import aws_client
from headwater_local.data_dir import DataDir
from headwater_local.lambda_service.driver_report import DriverReport
from headwater_local.lambda_service.driver_settings import laptop_mapping
from headwater_local.ministack.aws import clock_file

STREAM, BUCKET = "driven", "failed"

FUNCTION = """
import base64, json, os, time

def handler(event, context):
    records = [record["kinesis"] for record in event["Records"]]
    data = [base64.b64decode(record["data"]).decode() for record in records]
    shard = event["Records"][0]["eventID"].split(":")[0]
    if any(item.startswith("poison") for item in data):
        raise ValueError("poison")
    if "hang" in data:
        time.sleep(3600)
    with open(os.environ["DELIVERED"], "a") as file:
        file.write(json.dumps({"shard": shard, "data": data}) + chr(10))
    time.sleep(0.01)
    return {"batchItemFailures": []}
"""


class Route:
    """A stream, a driver and a worker, of which the last two can be killed and started."""

    def __init__(self, endpoint: str, directory: Path, **options: object) -> None:
        self._directory = directory
        self._data_dir = DataDir.at(directory)
        self._data_dir.prepare()
        self._runtime_port = free_port()
        self._environment = {
            **os.environ,
            **aws_client.environment(endpoint),
            "MAPPING": json.dumps({**laptop_mapping(STREAM, BUCKET), **options}),
            "FAILED_PREFIX": "given-up/",
            "RUNTIME_API_PORT": str(self._runtime_port),
            "FUNCTION_TIMEOUT_SECONDS": "300",
            "CONSUMER": "writer",
            "DATA_DIR": str(directory),
            "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{self._runtime_port}",
            "AWS_LAMBDA_FUNCTION_NAME": "writer",
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
            "DELIVERED": str(directory / "delivered.jsonl"),
        }
        (directory / "app.py").write_text(FUNCTION)
        self._kinesis = aws_client.kinesis(endpoint)
        self._s3 = aws_client.s3(endpoint)
        self._s3.create_bucket(Bucket=BUCKET)
        self.driver: subprocess.Popen[bytes] | None = None
        self.worker: subprocess.Popen[bytes] | None = None

    def create_stream(self, shards: int = 1) -> None:
        self._kinesis.create_stream(StreamName=STREAM, ShardCount=shards)

    def put(self, *data: str) -> None:
        for start in range(0, len(data), 500):
            self._kinesis.put_records(
                StreamName=STREAM,
                Records=[
                    {"Data": item.encode(), "PartitionKey": item}
                    for item in data[start : start + 500]
                ],
            )

    def show_the_stream(self, seconds: float) -> None:
        """Let the stand-in's clock have come to a time."""
        file = clock_file(self._data_dir.aws_state)
        file.write_text(f"{seconds:.0f}")

    def start_driver(self) -> None:
        self.driver = self._start("driver", "-m", "headwater_local.lambda_service.driver")

    def start_worker(self) -> None:
        # The runtime client exits where nothing listens, as a supervisor would have to know.
        _wait_until(lambda: is_open(self._runtime_port))
        self.worker = self._start("worker", "-m", "awslambdaric", "app.handler")

    def _start(self, part: str, *arguments: str) -> "subprocess.Popen[bytes]":
        with (self._directory / f"{part}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, *arguments],
                cwd=self._directory,
                env=self._environment,
                stdout=log,
                stderr=log,
            )

    def restart_worker(self) -> None:
        assert self.worker is not None
        self.worker.kill()
        self.worker.wait(timeout=30)
        self.start_worker()

    def restart(self) -> None:
        self.stop()
        self.start_driver()
        self.start_worker()

    def stop(self) -> None:
        """Kill both, as a crash would."""
        for process in filter(None, (self.worker, self.driver)):
            process.kill()
            process.wait(timeout=30)

    @property
    def invocations(self) -> list[dict[str, object]]:
        path = self._directory / "delivered.jsonl"
        lines = path.read_text().splitlines() if path.exists() else []
        return [json.loads(line) for line in lines]

    @property
    def delivered(self) -> list[str]:
        return [item for data in self.delivered_by_shard.values() for item in data]

    @property
    def delivered_by_shard(self) -> dict[str, list[str]]:
        shards: dict[str, list[str]] = defaultdict(list)
        for invocation in self.invocations:
            data = invocation["data"]
            assert isinstance(data, list)
            shards[str(invocation["shard"])].extend(data)
        return shards

    @property
    def report(self) -> DriverReport:
        return DriverReport.read(self._data_dir.driver_report("writer"))

    @property
    def has_reported(self) -> bool:
        return self._data_dir.driver_report("writer").exists()

    @property
    def log(self) -> str:
        return (self._directory / "driver.log").read_text()

    @property
    def checkpoints(self) -> str:
        path = self._data_dir.checkpoints("writer")
        return path.read_text() if path.exists() else ""

    def given_up(self) -> list[dict[str, object]]:
        listing = self._s3.list_objects_v2(Bucket=BUCKET, Prefix="given-up/aws/lambda/")
        keys = [item["Key"] for item in listing.get("Contents", [])]
        bodies = [self._s3.get_object(Bucket=BUCKET, Key=key)["Body"].read() for key in keys]
        return [json.loads(body) for body in bodies]


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


MakeRoute = Callable[..., Route]


@pytest.fixture
def make_route(aws_endpoint: str, tmp_path: Path) -> Iterator[MakeRoute]:
    routes: list[Route] = []

    def made(**options: object) -> Route:
        routes.append(Route(aws_endpoint, tmp_path, **options))
        return routes[-1]

    yield made
    for route in routes:
        route.stop()


def _wait_until(condition: Callable[[], object]) -> None:
    eventually(condition, 60.0)


def _all_done(route: Route) -> bool:
    shards = route.report.shards.values()
    return bool(shards) and all(shard.records_waiting == 0 for shard in shards)


def test_delivers_every_record_once_and_in_the_order_of_its_shard(make_route: MakeRoute) -> None:
    route = make_route(BatchSize=50)
    route.create_stream(shards=2)
    data = [f"{number:04}" for number in range(1000)]
    route.put(*data)

    route.start_driver()
    route.start_worker()
    _wait_until(lambda: len(route.delivered) >= len(data))

    assert sorted(route.delivered) == data
    assert len(route.delivered_by_shard) == 2
    assert all(items == sorted(items) for items in route.delivered_by_shard.values())


def test_says_that_the_writer_is_ready_and_when_it_is_gone(make_route: MakeRoute) -> None:
    route = make_route()
    route.create_stream()
    route.start_driver()
    _wait_until(lambda: route.has_reported)
    before = route.report.function_ready

    route.start_worker()
    _wait_until(lambda: route.report.function_ready)
    assert route.worker is not None
    route.worker.kill()
    _wait_until(lambda: not route.report.function_ready)

    assert before is False


@pytest.mark.parametrize("seed", [1, 2])
def test_loses_no_record_while_worker_and_driver_are_killed(
    make_route: MakeRoute, seed: int
) -> None:
    luck = random.Random(seed)  # noqa: S311
    route = make_route(BatchSize=20, MaximumRetryAttempts=-1)
    route.create_stream(shards=2)
    data = [f"{number:04}" for number in range(1000)]
    route.put(*data)
    route.start_driver()
    route.start_worker()

    for _ in range(5):
        progress = len(route.invocations) + luck.randrange(1, 6)
        _wait_until(lambda wanted=progress: len(route.invocations) >= wanted)  # type: ignore[misc]
        luck.choice((route.restart_worker, route.restart))()
    _wait_until(lambda: set(route.delivered) == set(data))

    for items in route.delivered_by_shard.values():
        first_deliveries = list(dict.fromkeys(items))
        assert first_deliveries == sorted(first_deliveries)


def test_gives_a_poisoned_record_to_the_destination_and_delivers_the_rest(
    make_route: MakeRoute,
) -> None:
    route = make_route(MaximumRetryAttempts=1)
    route.create_stream()
    data = [f"{number:02}" for number in range(20)]
    route.put(*data[:7], "poison", *data[7:])

    route.start_driver()
    route.start_worker()
    _wait_until(lambda: len(route.delivered) >= len(data))

    assert route.delivered == data
    [record] = route.given_up()
    payload = json.loads(str(record["payload"]))
    assert [item["kinesis"]["partitionKey"] for item in payload["Records"]] == ["poison"]
    context = record["requestContext"]
    assert isinstance(context, dict)
    assert context["condition"] == "RetryAttemptsExhausted"
    assert context["approximateInvokeCount"] == 2


def test_goes_on_after_its_checkpoint_when_it_was_killed(make_route: MakeRoute) -> None:
    route = make_route()
    route.create_stream()
    route.put("before")
    route.start_driver()
    route.start_worker()
    _wait_until(lambda: route.delivered and _all_done(route))
    _wait_until(lambda: "AFTER_SEQUENCE_NUMBER" in route.checkpoints)

    route.put("after")
    route.restart()
    _wait_until(lambda: "after" in route.delivered)

    assert route.delivered == ["before", "after"]


def test_holds_records_back_while_the_clock_is_behind_the_stream(make_route: MakeRoute) -> None:
    route = make_route(MaximumRetryAttempts=0)
    route.create_stream()
    route.show_the_stream(time.time() + 3600)
    route.put("while the clock was wrong")
    route.start_driver()
    route.start_worker()
    _wait_until(lambda: route.has_reported and route.report.held_until)
    _wait_until(lambda: route.report.function_ready)
    held = route.invocations

    route.show_the_stream(time.time())
    _wait_until(lambda: route.delivered)

    assert held == []
    assert route.delivered == ["while the clock was wrong"]
    assert route.given_up() == []


def test_waits_for_a_stream_that_is_made_later(make_route: MakeRoute) -> None:
    route = make_route()
    route.start_driver()
    route.start_worker()
    _wait_until(lambda: route.report.function_ready)

    route.create_stream()
    route.put("at last")
    _wait_until(lambda: route.delivered)

    said = [json.loads(line)["message"] for line in route.log.splitlines()]
    assert said.count("waiting for the stream") == 1


def test_stops_when_told_to_even_while_the_function_runs(make_route: MakeRoute) -> None:
    route = make_route()
    route.create_stream()
    route.put("hang")
    route.start_driver()
    route.start_worker()
    assert route.driver is not None
    _wait_until(lambda: _is_invoking(route))

    route.driver.send_signal(signal.SIGTERM)

    assert route.driver.wait(timeout=30) == 0


def _is_invoking(route: Route) -> bool:
    # The driver tells nothing while it waits: the batch before that step is what it shows.
    return any(shard.records_waiting == 1 for shard in route.report.shards.values())


def test_refuses_settings_that_it_cannot_run_with(make_route: MakeRoute) -> None:
    route = make_route(BatchSize=0)

    route.start_driver()

    assert route.driver is not None
    assert route.driver.wait(timeout=30) == 1
    assert "BatchSize must be between 1 and 10000" in route.log
