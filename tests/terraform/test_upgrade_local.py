"""A stack of an earlier version upgraded to this one: what holds events stays."""

import io
import os
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from free_ports import free_port
from terraform.command import REPOSITORY, needs_terraform
from terraform.deployment import Deployment
from terraform.inventory import inventory
from terraform.invoked_function import WRITER, invoked_function
from terraform.stand_in import stand_in

FROM = os.environ.get("UPGRADE_FROM", "")
HOLDS_EVENTS = ("aws_s3_bucket.", "aws_glue_catalog_database.", "aws_kinesis_stream.")


@pytest.fixture
def endpoint(tmp_path: Path) -> Iterator[str]:
    port = free_port()
    with (
        stand_in(tmp_path, {"sample-writer": port}) as url,
        invoked_function("sample-writer", WRITER, port, url, tmp_path),
    ):
        yield url


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    """The repository as it was."""
    folder = tmp_path / "earlier"
    archive = subprocess.run(
        ["git", "archive", FROM], cwd=REPOSITORY, check=True, capture_output=True
    ).stdout
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        files.extractall(folder, filter="data")
    return folder


@needs_terraform
@pytest.mark.on_request
@pytest.mark.skipif(not FROM, reason="takes minutes: `make upgrade-local FROM=COMMIT`")
@pytest.mark.timeout(1800)  # Most of it is the provider, waiting.
@pytest.mark.spark
@pytest.mark.route
def test_an_upgrade_replaces_nothing_that_holds_events(
    endpoint: str, earlier: Path, tmp_path: Path
) -> None:
    before = inventory(endpoint)
    stack = Deployment("sample", endpoint, tmp_path, sources=earlier)
    stack.apply()

    stack.take_up(REPOSITORY)

    assert not [address for address in stack.doomed() if _holds_events(address)]
    stack.upgrade()
    stack.destroy()
    assert inventory(endpoint) == before


def _holds_events(address: str) -> bool:
    return any(f".{resource}" in address for resource in HOLDS_EVENTS)
