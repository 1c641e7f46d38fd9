"""What tests of several folders share.

Where every tool is there, as in continuous integration, a skipped test is a failure.
"""

import os
from collections.abc import Generator
from pathlib import Path

import pytest

NO_SKIPS = "NO_SKIPS" in os.environ


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


@pytest.fixture(scope="session")
def integration_requests(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file in which the integration tests record requests to AWS, if they run."""
    return tmp_path_factory.mktemp("iam") / "requests.jsonl"
