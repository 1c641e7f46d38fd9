import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future

import pytest
from aws_lambda_powertools import Logger

from headwater_writer.functions.invocation import lifeline

LOGGER = Logger(service="test", level="CRITICAL")
STARTED: "Future[None]" = Future()
STARTED.set_result(None)


class EndError(BaseException):
    """The process would have ended."""


class BatchError(Exception):
    """A batch failed."""


@pytest.fixture
def java() -> Iterator["subprocess.Popen[bytes]"]:
    """A process that lives until its standard input ends, as Java does."""
    command = [sys.executable, "-c", "import sys; sys.stdin.read()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        yield process
        process.kill()


@pytest.fixture(autouse=True)
def _seen_to_end(monkeypatch: pytest.MonkeyPatch) -> None:
    def end(status: int) -> None:
        raise EndError(status)

    monkeypatch.setattr(os, "_exit", end)


def test_ends_if_a_batch_fails_and_java_is_gone(java: "subprocess.Popen[bytes]") -> None:
    java.kill()

    with pytest.raises(EndError), lifeline(java, STARTED, LOGGER):
        raise BatchError


def test_goes_on_if_a_batch_fails_and_java_is_there(java: "subprocess.Popen[bytes]") -> None:
    with pytest.raises(BatchError), lifeline(java, STARTED, LOGGER):
        raise BatchError


def test_answers_what_was_written_before_java_went(java: "subprocess.Popen[bytes]") -> None:
    with lifeline(java, STARTED, LOGGER):
        java.kill()


def test_a_process_that_cannot_start_ends_with_its_first_batch(
    java: "subprocess.Popen[bytes]",
) -> None:
    failed = Future[None]()
    failed.set_exception(BatchError())

    with pytest.raises(EndError), lifeline(java, failed, LOGGER):
        failed.result()


def test_a_batch_that_fails_while_the_process_starts_does_not_end_it(
    java: "subprocess.Popen[bytes]",
) -> None:
    with pytest.raises(BatchError), lifeline(java, Future[None](), LOGGER):
        raise BatchError
