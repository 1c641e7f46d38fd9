"""The Runtime API, spoken to by hand and by AWS's own runtime client."""

import http.client
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from headwater_local.lambda_service.event_source.event import KinesisEvent
from headwater_local.lambda_service.event_source.function import (
    FunctionError,
    FunctionUnavailableError,
)
from headwater_local.lambda_service.runtime_api import RuntimeApi

EVENT: KinesisEvent = {"Records": []}
ARN = "arn:aws:lambda:us-east-1:000000000000:function:writer"
NEXT = "/2018-06-01/runtime/invocation/next"
RESTORE = "/2018-06-01/runtime/restore/next"
SIX_MEBIBYTES = 6 * 1024 * 1024

HOOKS = """
from snapshot_restore_py import register_after_restore, register_before_snapshot

steps = ["init"]
register_before_snapshot(steps.append, "before")
register_after_restore(steps.append, "after")

def handler(event, context):
    return steps
"""

HANDLER = """
import os, time

def handler(event, context):
    pid = os.getpid()
    if event.get("raise"):
        raise ValueError("poison")
    if event.get("die"):
        os.kill(pid, 9)
    time.sleep(event.get("seconds", 0))
    return {"pid": pid, "arn": context.invoked_function_arn,
            "left": context.get_remaining_time_in_millis(), "filler": "x" * event.get("fill", 0)}
"""


class Worker:
    """A worker by hand: one kept connection, as the runtime client has it."""

    def __init__(self, api: RuntimeApi) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", api.port, timeout=30)
        self.request_id = ""
        self.headers: dict[str, str] = {}

    def next(self) -> object:
        self._connection.request("GET", NEXT)
        response = self._connection.getresponse()
        self.headers = dict(response.getheaders())
        self.request_id = self.headers["Lambda-Runtime-Aws-Request-Id"]
        return json.loads(response.read())

    def ask(self, path: str = NEXT) -> None:
        """Ask for work, or for being restored, without waiting for it."""
        self._connection.request("GET", path)

    def status(self) -> int:
        """Return the status of the answer to what was asked."""
        response = self._connection.getresponse()
        response.read()
        return response.status

    def post(self, path: str, body: bytes) -> int:
        self._connection.request("POST", f"/2018-06-01/runtime/{path}", body)
        return self.status()

    def answer(self, body: bytes) -> int:
        return self.post(f"invocation/{self.request_id}/response", body)

    def fail(self, body: bytes) -> int:
        return self.post(f"invocation/{self.request_id}/error", body)

    def die(self) -> None:
        self._connection.close()


@contextmanager
def _api(timeout_seconds: float = 30) -> Iterator[RuntimeApi]:
    with RuntimeApi("127.0.0.1", 0, timeout_seconds, ARN) as api:
        yield api


@pytest.fixture
def invoke() -> Iterator[Callable[[RuntimeApi], "Future[object]"]]:
    """Invoke in the background, as worker and caller wait for each other."""
    with ThreadPoolExecutor() as pool:
        yield lambda api: pool.submit(api.invoke, EVENT)


@pytest.fixture
def connect() -> Iterator[Callable[[RuntimeApi], Worker]]:
    """Connect workers that are gone when the test is over."""
    workers: list[Worker] = []

    def connected(api: RuntimeApi) -> Worker:
        workers.append(Worker(api))
        return workers[-1]

    yield connected
    for worker in workers:
        worker.die()


Connect = Callable[[RuntimeApi], Worker]
Invoke = Callable[[RuntimeApi], "Future[object]"]


def _wait_until(condition: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(600):
        if condition():
            return
        pause.wait(0.05)
    raise AssertionError("it did not happen within 30 seconds")


def test_hands_an_event_over_and_the_answer_back(connect: Connect, invoke: Invoke) -> None:
    with _api() as api:
        worker = connect(api)
        result = invoke(api)

        event = worker.next()
        status = worker.answer(b'{"batchItemFailures": []}')

        assert event == EVENT
        assert status == 202
        assert result.result() == {"batchItemFailures": []}


def test_tells_the_function_what_lambda_tells(connect: Connect, invoke: Invoke) -> None:
    with _api(timeout_seconds=30) as api:
        worker = connect(api)
        result = invoke(api)

        worker.next()
        worker.answer(b"")

        assert worker.headers["Lambda-Runtime-Invoked-Function-Arn"] == ARN
        assert worker.headers["Lambda-Runtime-Trace-Id"].startswith("Root=1-")
        assert len(worker.headers["Lambda-Runtime-Deadline-Ms"]) == 13
        assert result.result() is None


def test_serves_one_worker_again_and_again(connect: Connect, invoke: Invoke) -> None:
    with _api() as api:
        worker = connect(api)
        for number in range(20):
            result = invoke(api)
            worker.next()
            worker.answer(str(number).encode())
            assert result.result() == number


def test_raises_the_error_that_the_function_reported(connect: Connect, invoke: Invoke) -> None:
    with _api() as api:
        worker = connect(api)
        result = invoke(api)

        worker.next()
        status = worker.fail(b'{"errorType": "ValueError", "errorMessage": "poison"}')

        assert status == 202
        with pytest.raises(FunctionError, match="ValueError: poison"):
            result.result()


@pytest.mark.parametrize("body", [b"", b"no json", b"[]"])
def test_takes_an_error_without_a_report(connect: Connect, invoke: Invoke, body: bytes) -> None:
    with _api() as api:
        worker = connect(api)
        result = invoke(api)

        worker.next()
        worker.fail(body)

        with pytest.raises(FunctionError, match=r"Runtime\.UnknownReason"):
            result.result()


def test_refuses_an_answer_over_six_mebibytes(connect: Connect, invoke: Invoke) -> None:
    with _api() as api:
        worker = connect(api)
        result = invoke(api)

        worker.next()
        status = worker.answer(b"x" * (SIX_MEBIBYTES + 1))

        assert status == 413
        with pytest.raises(FunctionError, match="ResponseSizeTooLarge"):
            result.result()


def test_takes_an_answer_of_six_mebibytes(connect: Connect, invoke: Invoke) -> None:
    with _api() as api:
        worker = connect(api)
        result = invoke(api)

        worker.next()
        status = worker.answer(b'"' + b"x" * (SIX_MEBIBYTES - 2) + b'"')

        assert status == 202
        assert result.result() == "x" * (SIX_MEBIBYTES - 2)


def test_refuses_an_answer_that_is_not_json(connect: Connect, invoke: Invoke) -> None:
    with _api() as api:
        worker = connect(api)
        result = invoke(api)

        worker.next()
        worker.answer(b"{")

        with pytest.raises(FunctionError, match="InvalidResponse"):
            result.result()


def test_does_not_send_an_event_over_six_mebibytes() -> None:
    event: KinesisEvent = {"Records": ["x" * SIX_MEBIBYTES]}  # type: ignore[list-item]

    with _api() as api, pytest.raises(FunctionError, match="RequestTooLarge"):
        api.invoke(event)


def test_is_unavailable_without_a_worker() -> None:
    with _api() as api, pytest.raises(FunctionUnavailableError):
        api.invoke(EVENT)


def test_is_ready_while_a_worker_is_there(connect: Connect) -> None:
    with _api() as api:
        before = api.ready.is_set()
        worker = connect(api)
        worker.ask()
        arrived = api.ready.wait(30)
        worker.die()
        _wait_until(lambda: not api.ready.is_set())

        assert not before
        assert arrived


def test_refuses_an_answer_after_the_deadline(connect: Connect, invoke: Invoke) -> None:
    with _api(timeout_seconds=0.2) as api:
        worker = connect(api)
        result = invoke(api)

        worker.next()
        with pytest.raises(FunctionError, match=r"Sandbox\.Timedout"):
            result.result()
        late = worker.answer(b"{}")

        assert late == 400
        assert api.timeouts == 1


def test_a_late_answer_settles_no_later_invocation(connect: Connect, invoke: Invoke) -> None:
    with _api(timeout_seconds=0.5) as api:
        zombie, worker = connect(api), connect(api)
        first = invoke(api)
        zombie.next()
        with pytest.raises(FunctionError):
            first.result()
        second = invoke(api)
        worker.next()

        late = zombie.answer(b'"zombie"')
        worker.answer(b'"worker"')

        assert late == 400
        assert second.result() == "worker"


def test_refuses_a_second_answer(connect: Connect, invoke: Invoke) -> None:
    with _api() as api:
        worker = connect(api)
        result = invoke(api)
        worker.next()

        statuses = [worker.answer(b"1"), worker.answer(b"2")]

        assert statuses == [202, 400]
        assert result.result() == 1


def test_notices_promptly_that_the_worker_died(connect: Connect, invoke: Invoke) -> None:
    with _api(timeout_seconds=3600) as api:
        worker = connect(api)
        result = invoke(api)

        worker.next()
        worker.die()

        with pytest.raises(FunctionError, match=r"Runtime\.ExitError"):
            result.result()


def test_takes_an_answer_that_comes_on_a_new_connection(connect: Connect, invoke: Invoke) -> None:
    with _api() as api:
        worker, reconnected = connect(api), connect(api)
        result = invoke(api)

        worker.next()
        reconnected.request_id = worker.request_id
        worker.die()
        reconnected.answer(b'"answered"')

        assert result.result() == "answered"


def test_gives_up_on_a_worker_when_another_asks_for_work(connect: Connect, invoke: Invoke) -> None:
    with _api(timeout_seconds=3600) as api:
        worker, successor = connect(api), connect(api)
        result = invoke(api)

        worker.next()
        successor.ask()

        with pytest.raises(FunctionError, match="another worker"):
            result.result()


def test_does_not_wait_for_a_worker_that_left(connect: Connect, invoke: Invoke) -> None:
    with _api() as api:
        gone, worker = connect(api), connect(api)
        gone.ask()
        api.ready.wait(30)
        gone.die()
        _wait_until(lambda: not api.ready.is_set())
        result = invoke(api)

        worker.next()
        worker.answer(b'"here"')

        assert result.result() == "here"


def test_says_why_a_worker_could_not_start(
    connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    with _api() as api:
        worker = connect(api)

        status = worker.post("init/error", b'{"errorType": "E", "errorMessage": "no Java"}')

        assert status == 202
        assert caplog.records[-1].__dict__["fields"] == {"reason": "E: no Java"}


def test_lets_a_worker_go_on_when_it_is_restored(connect: Connect) -> None:
    with _api() as api:
        worker = connect(api)
        worker.ask(RESTORE)
        assert api.initialized.wait(30)
        api.restore()

        assert worker.status() == 200


def test_says_why_a_worker_could_not_be_restored(
    connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    with _api() as api:
        status = connect(api).post("restore/error", b'{"errorType": "E", "errorMessage": "no"}')

        assert status == 202
        assert caplog.records[-1].__dict__["fields"] == {"reason": "E: no"}


@pytest.mark.parametrize("path", ["other", "invocation/unknown/answer"])
def test_knows_no_other_paths(connect: Connect, path: str) -> None:
    with _api() as api:
        assert connect(api).post(path, b"") == 404


def test_closes_its_port_and_connections(connect: Connect) -> None:
    with _api() as api:
        port = api.port
        worker = connect(api)
        worker.ask()
        api.ready.wait(30)

    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


@contextmanager
def _aws_worker(api: RuntimeApi, directory: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """The first function above, asking for work."""
    with _started(api, directory, HANDLER, {}) as process:
        assert api.ready.wait(30), "the worker did not ask for work"
        yield process


@contextmanager
def _started(
    api: RuntimeApi, directory: Path, function: str, environment: Mapping[str, str]
) -> Iterator["subprocess.Popen[bytes]"]:
    """A function under the client that Lambda's images have."""
    (directory / "app.py").write_text(function)
    process = subprocess.Popen(
        [sys.executable, "-m", "awslambdaric", "app.handler"],
        cwd=directory,
        env={
            **os.environ,
            "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{api.port}",
            "AWS_LAMBDA_FUNCTION_NAME": "writer",
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
            **environment,
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait(timeout=30)


def _event(**options: object) -> KinesisEvent:
    return options  # type: ignore[return-value]


def test_speaks_to_the_runtime_client_of_aws(tmp_path: Path) -> None:
    with _api() as api, _aws_worker(api, tmp_path) as worker:
        answer = api.invoke(_event())
        with pytest.raises(FunctionError, match="ValueError: poison"):
            api.invoke(_event(**{"raise": True}))
        after = api.invoke(_event(fill=1_000_000))

    assert isinstance(answer, dict)
    assert isinstance(after, dict)
    assert (answer["pid"], answer["arn"]) == (worker.pid, ARN)
    assert 0 < answer["left"] <= 30_000
    assert len(after["filler"]) == 1_000_000


def test_outlives_any_number_of_killed_workers(tmp_path: Path) -> None:
    with _api(timeout_seconds=3600) as api:
        for _ in range(3):
            with _aws_worker(api, tmp_path):
                with pytest.raises(FunctionError, match=r"Runtime\.ExitError"):
                    api.invoke(_event(die=True))
                _wait_until(lambda: not api.ready.is_set())
        with _aws_worker(api, tmp_path) as worker:
            answer = api.invoke(_event())

    assert isinstance(answer, dict)
    assert answer["pid"] == worker.pid


def test_restores_a_function_under_the_runtime_client_of_aws(tmp_path: Path) -> None:
    snap_start = {"AWS_LAMBDA_INITIALIZATION_TYPE": "snap-start"}
    with _api() as api, _started(api, tmp_path, HOOKS, snap_start):
        assert api.initialized.wait(30)
        ready_before = api.ready.is_set()
        api.restore()
        assert api.ready.wait(30)

        assert not ready_before
        assert api.invoke(_event()) == ["init", "before", "after"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("Origin", "null"), ("Sec-Fetch-Site", "same-site"), ("Host", "evil.example:4567")],
)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_answers_no_web_page(
    connect: Connect, invoke: Invoke, method: str, name: str, value: str
) -> None:
    with _api() as api:
        page = http.client.HTTPConnection("127.0.0.1", api.port, timeout=30)
        page.request(method, NEXT, headers={name: value})
        refusal = page.getresponse()

        assert refusal.status == 403
        assert b"answers no web page" in refusal.read()
        page.close()
        worker = connect(api)
        result = invoke(api)
        assert worker.next() == EVENT
        worker.answer(b"{}")
        assert result.result() == {}
