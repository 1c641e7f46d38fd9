import os
import subprocess
from pathlib import Path

import pytest

INSTALL = Path(__file__).parents[3] / "scripts" / "install-commit-hooks.sh"
OWN_SETTINGS_ALONE = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}


def _install(folder: Path) -> str:
    environment = {**os.environ, **OWN_SETTINGS_ALONE}
    run = subprocess.run(
        [INSTALL], cwd=folder, env=environment, check=True, capture_output=True, text=True
    )
    return run.stderr


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    folder = tmp_path / "clone"
    subprocess.run(["git", "init", "--quiet", folder], check=True)
    return folder


def test_git_checks_each_commit_of_a_clone(clone: Path) -> None:
    _install(clone)

    assert "pre_commit" in (clone / ".git" / "hooks" / "pre-commit").read_text()


def test_hooks_that_are_kept_elsewhere_are_left_alone(clone: Path) -> None:
    subprocess.run(["git", "config", "core.hooksPath", "elsewhere"], cwd=clone, check=True)

    assert "make lint" in _install(clone)
    assert not (clone / ".git" / "hooks" / "pre-commit").exists()


def test_a_folder_of_another_clone_is_left_alone(clone: Path) -> None:
    unpacked = clone / "unpacked"
    unpacked.mkdir()

    _install(unpacked)

    assert not (clone / ".git" / "hooks" / "pre-commit").exists()


def test_a_folder_that_is_not_a_clone_needs_none(tmp_path: Path) -> None:
    assert _install(tmp_path) == ""
