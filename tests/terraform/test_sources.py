"""What is built is named after everything that it is built from."""

import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from terraform.command import REPOSITORY, needs_terraform, terraform

DOCKERFILES = {
    "writer": Path("lambdas/spark_writer/Dockerfile"),
    "poller": Path("lambdas/poller/Dockerfile"),
}
LAMBDA_ZIP = Path("terraform/modules/artifacts/tools/lambda_zip.py")
VARIABLES = (
    "-var=source_root=../../..",
    "-var=architecture=arm64",
    "-var=name=sample",
    "-var=has_poller=true",
    "-var=account_id=123456789012",
    "-var=prebuilt={}",
)


CACHED = "lambdas/spark_writer/src/headwater_writer/__pycache__/rows.cpython-313.pyc"
STATEMENT = "lambdas/spark_writer/src/headwater_writer/maintenance/steps/delete_repeats.sql"


LEFT_BEHIND = (
    "lambdas/api/src/headwater_collector/.DS_Store",
    "lambdas/contract/src/headwater_contract/.#times.py",
    "lambdas/contract/src/headwater_contract/times.py~",
    "lambdas/spark_writer/._Dockerfile",
    "lambdas/spark_writer/.idea/workspace.xml",
    "lambdas/spark_writer/src/headwater_writer/.writer.py.swp",
)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is committed or about to be, and files that Python, Finder and editors made."""
    folder = tmp_path_factory.mktemp("checkout")
    for file in _files("."):
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPOSITORY / file, folder / file)
    for made in (CACHED, *LEFT_BEHIND):
        (folder / made).parent.mkdir(exist_ok=True)
        (folder / made).write_bytes(b"made")
    terraform(folder / "terraform" / "modules" / "artifacts", "init", "-backend=false")
    return folder


@pytest.fixture(scope="module")
def hashed(checkout: Path) -> dict[str, set[str]]:
    return {part: set(files) for part, files in _ask(checkout, "local.files").items()}


def _files(*paths: str) -> set[str]:
    command = ("git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *paths)
    listed = subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True, text=True)
    return {file for file in listed.stdout.splitlines() if (REPOSITORY / file).is_file()}


def _ask(checkout: Path, expression: str) -> dict[str, Any]:
    module = checkout / "terraform" / "modules" / "artifacts"
    answer = terraform(module, "console", *VARIABLES, question=f"jsonencode({expression})")
    found: dict[str, Any] = json.loads(json.loads(answer))
    return found


def _copied(dockerfile: Path) -> Iterator[str]:
    for line in re.findall(r"(?m)^(?:COPY|ADD) (.+)$", (REPOSITORY / dockerfile).read_text()):
        *sources, _ = shlex.split(line)
        if not any(source.startswith("--from") for source in sources):
            yield from sources


@needs_terraform
@pytest.mark.parametrize(
    ("image", "file"),
    [("writer", STATEMENT), ("poller", "lambdas/api/src/headwater_collector/delivery.py")],
)
def test_an_image_is_named_after_every_file_that_it_copies(
    hashed: dict[str, set[str]], image: str, file: str
) -> None:
    dockerfile = DOCKERFILES[image]
    copied = _files(*_copied(dockerfile), str(dockerfile), ".dockerignore")

    assert file in copied
    assert hashed[image] == copied


@needs_terraform
def test_the_zip_is_named_after_every_file_of_its_packages(hashed: dict[str, set[str]]) -> None:
    packages = ("lambdas/api", "lambdas/contract")
    read = [f"{package}/{part}" for package in packages for part in ("src", "pyproject.toml")]

    assert hashed["api"] == _files(*read, "requirements.txt", str(LAMBDA_ZIP))


@needs_terraform
def test_another_statement_is_another_image_and_cluster_and_the_same_functions(
    checkout: Path,
) -> None:
    before = _ask(checkout, "local.digests")
    with (checkout / STATEMENT).open("a") as statement:
        statement.write("-- changed\n")

    after = _ask(checkout, "local.digests")

    assert {part for part in after if after[part] != before[part]} == {"cluster", "writer"}
