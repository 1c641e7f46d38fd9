"""What an apply refuses, it refuses before it has made anything."""

import os
from pathlib import Path

import pytest

from terraform.command import needs_terraform
from terraform.deployment import Deployment
from terraform.inventory import inventory
from terraform.stand_in import WRITER_IMAGE

ENGINES = ("docker", "podman", "buildah")


@pytest.fixture
def no_engines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is there, and none works: as a client whose daemon does not run."""
    folder = tmp_path / "engines"
    folder.mkdir()
    for name in ENGINES:
        (folder / name).write_text("#!/bin/sh\nexit 1\n")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


@needs_terraform
@pytest.mark.usefixtures("no_engines")
def test_nothing_is_created_where_no_image_can_be_built(endpoint: str, tmp_path: Path) -> None:
    before = inventory(endpoint)
    deployment = Deployment("sample", endpoint, tmp_path, prebuilt="{}")

    with pytest.raises(AssertionError, match=r"Nothing\s+was\s+created"):
        deployment.apply()

    assert inventory(endpoint) == before


@needs_terraform
def test_nothing_is_created_where_a_ready_image_is_not_there(endpoint: str, tmp_path: Path) -> None:
    before = inventory(endpoint)
    missing = f'{{ writer_image_uri = "{WRITER_IMAGE}-mistyped" }}'
    deployment = Deployment("sample", endpoint, tmp_path, prebuilt=missing)

    with pytest.raises(AssertionError, match="prebuilt_writer_image_uri"):
        deployment.apply()

    assert inventory(endpoint) == before
