"""What tests of several folders share.

Where every tool is there, as in continuous integration, a skipped test is a failure.
"""

import json
import os
import signal
from collections.abc import Generator, Iterator

import pytest
from filelock import FileLock

from terraform.command import copy_of_the_modules
from terraform.made import Stacks, stacks_of

NO_SKIPS = "NO_SKIPS" in os.environ


def pytest_configure() -> None:
    """Let tests interrupt themselves: what a script runs in the background ignores Ctrl-C."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let a test fail that was skipped for want of something, and was not left to be asked for."""
    report = yield
    if NO_SKIPS and report.skipped and not item.get_closest_marker("on_request"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"NO_SKIPS is set, and this test was skipped: {reason}"
    return report


@pytest.fixture(autouse=True)
def _signals_as_they_were() -> Iterator[None]:
    """Fail a test that leaves a signal to another handler: a later one would die of the signal."""
    handled = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.getsignal(number) for number in handled]
    yield
    after = [signal.getsignal(number) for number in handled]
    for number, handler in zip(handled, before, strict=True):
        signal.signal(number, handler)
    assert after == before


@pytest.fixture(scope="session")
def stacks(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Stacks:
    """Every stack of `stacks.tftest.hcl`, made once for all processes that the tests run in."""
    return _made_once("stacks", tmp_path_factory, worker_id)


@pytest.fixture(scope="session")
def watched(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Stacks:
    """Every alarm of `alarms.tftest.hcl`, behind an API and behind a function URL."""
    return _made_once("alarms", tmp_path_factory, worker_id)


def _made_once(name: str, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Stacks:
    own = tmp_path_factory.getbasetemp()
    kept = (own if worker_id == "master" else own.parent) / f"{name}.json"
    with FileLock(kept.with_suffix(".lock")):
        if not kept.exists():
            tests = copy_of_the_modules(tmp_path_factory.mktemp(name), f"{name}.tftest.hcl")
            kept.write_text(json.dumps(stacks_of(tests)))
    return Stacks(*json.loads(kept.read_text()))
