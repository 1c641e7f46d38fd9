"""Terraform as the tests run it."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]

# Terraform and its providers are Go, and spent a sixth of their time on garbage.
FEWER_COLLECTIONS = {"GOGC": "400"}

needs_terraform = pytest.mark.skipif(
    shutil.which("terraform") is None, reason="Terraform is not installed"
)


def terraform(
    directory: Path,
    *arguments: str,
    environment: Mapping[str, str] | None = None,
    question: str | None = None,
) -> str:
    """Run a Terraform command in a folder and return what it printed; its console is asked.

    Raises:
        AssertionError: It failed; the text has its own words.
    """
    done = subprocess.run(
        [REPOSITORY / "scripts" / "terraform.sh", *arguments],
        cwd=directory,
        env={**os.environ, **FEWER_COLLECTIONS, "TF_IN_AUTOMATION": "1", **(environment or {})},
        input=question,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, f"terraform {' '.join(arguments)}: {done.stdout}{done.stderr}"
    return done.stdout


def copy_of_the_modules(folder: Path, *test_files: str) -> Path:
    """Copy the modules and some of their tests, to be changed; return the folder to test in."""
    ignored = shutil.ignore_patterns(".terraform*", "build")
    shutil.copytree(REPOSITORY / "terraform", folder / "terraform", ignore=ignored)
    shutil.copytree(REPOSITORY / "browser-sdk" / "dist", folder / "browser-sdk" / "dist")
    demo = "local/src/headwater_local/website/demo"
    for kept in (demo, "docs/grafana", "docs/observability"):
        shutil.copytree(REPOSITORY / kept, folder / kept)
    tests = folder / "tests" / "terraform"
    for kept in ("mocks", "plans"):
        shutil.copytree(REPOSITORY / "tests" / "terraform" / kept, tests / kept)
    for name in ("versions.tf", *test_files):
        shutil.copy(REPOSITORY / "tests" / "terraform" / name, tests)
    terraform(tests, "init", "-backend=false")
    return tests
