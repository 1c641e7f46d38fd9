"""zizmor over the workflows, and over workflows with a mistake in them."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from unit.supply_chain.checkout import REPOSITORY, files

WORKFLOWS = files(".github/workflows/*.yml")


def _findings(folder: Path) -> str:
    options = ("--offline", "--no-progress", "--quiet", "--pedantic", "--no-exit-codes")
    rules = ("--config", REPOSITORY / ".github" / "zizmor.yml")
    zizmor = Path(sys.executable).with_name("zizmor")
    command = (zizmor, *options, *rules, folder)
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return done.stdout + done.stderr


@pytest.mark.parametrize(
    ("found", "put_in", "complaint"),
    [
        (r"actions/checkout@\w{40}", "actions/checkout@v7", "unpinned-uses"),
        (r" +with:\n +persist-credentials: false\n", "", "artipacked"),
        (r"contents: read", "contents: write", "excessive-permissions"),
        (r"make lint", "make lint ${{ github.head_ref }}", "template-injection"),
    ],
)
def test_a_mistake_is_found(tmp_path: Path, found: str, put_in: str, complaint: str) -> None:
    workflow = (REPOSITORY / ".github" / "workflows" / "ci.yml").read_text()
    changed = tmp_path / ".github" / "workflows" / "ci.yml"
    changed.parent.mkdir(parents=True)
    changed.write_text(re.sub(found, put_in, workflow, count=1))

    assert f"[{complaint}]" in _findings(tmp_path)


def test_there_is_no_mistake() -> None:
    assert "No findings to report" in _findings(REPOSITORY / ".github")


def test_terraform_is_one_version_everywhere() -> None:
    steps = [
        step
        for workflow in WORKFLOWS
        for step in workflow.read_text().split("- uses: ")
        if step.startswith("hashicorp/setup-terraform")
    ]
    versions = {re.search(r"terraform_version: (\S+)", step) for step in steps}

    assert len(steps) > 1
    assert len({version and version[1] for version in versions}) == 1
    assert all(version and re.fullmatch(r"\d+\.\d+\.\d+", version[1]) for version in versions)
