"""The Terraform module of a release, taken from its archive as a user does."""

import functools
import subprocess
import tarfile
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from release_script import release_script
from terraform.command import REPOSITORY, needs_terraform, terraform

CONFIGURATION = """
module "headwater" {{
  source = "{url}/headwater-terraform-1.2.3.tar.gz//headwater-1.2.3/terraform"
  name   = "analytics"
}}
"""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("release") / "headwater-terraform-1.2.3.tar.gz"
    release_script().archive(REPOSITORY, "1.2.3", output)
    return output


@pytest.fixture
def url(archive: Path) -> Iterator[str]:
    """Where the archive's folder is served."""
    handler = functools.partial(SimpleHTTPRequestHandler, directory=archive.parent)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@needs_terraform
def test_terraform_takes_the_module_from_the_archive(url: str, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(CONFIGURATION.format(url=url))

    terraform(tmp_path, "init", "-backend=false")

    assert "Success!" in terraform(tmp_path, "validate", "-no-color")


def test_the_archive_has_the_sdk_and_no_tests(archive: Path) -> None:
    with tarfile.open(archive) as packed:
        names = packed.getnames()

    assert "headwater-1.2.3/browser-sdk/dist/headwater.js" in names
    assert [name for name in names if "/tests/" in name] == []


@needs_terraform
def test_the_archive_has_all_that_the_artifacts_are_built_of(archive: Path, tmp_path: Path) -> None:
    whole = ("git", "archive", "--prefix=headwater-1.2.3/", f"--output={tmp_path / 'all.tar'}")
    subprocess.run([*whole, "HEAD"], cwd=REPOSITORY, check=True)

    assert _digests(archive, tmp_path / "released") == _digests(
        tmp_path / "all.tar", tmp_path / "all"
    )


def _digests(archive: Path, folder: Path) -> str:
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    module = folder / "headwater-1.2.3" / "terraform" / "modules" / "artifacts"
    terraform(module, "init", "-backend=false")
    variables = {
        "source_root": "../../..",
        "architecture": "arm64",
        "name": "sample",
        "has_poller": "true",
        "account_id": "123456789012",
        "prebuilt": "{}",
    }
    options = [f"-var={name}={value}" for name, value in variables.items()]
    return terraform(module, "console", *options, question="jsonencode(local.digests)")
