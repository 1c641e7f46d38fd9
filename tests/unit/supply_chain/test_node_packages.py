import json
import shutil
import subprocess
from pathlib import Path

import pytest

from unit.supply_chain.checkout import REPOSITORY, files

INSTALL = REPOSITORY / "scripts" / "install-node-packages.sh"
PROJECTS = [file.parent for file in files("*/package.json")]

pytestmark = pytest.mark.skipif(shutil.which("npm") is None, reason="Node.js is not installed")


def _npm(folder: Path, *arguments: str) -> None:
    subprocess.run(["npm", *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def ran(tmp_path: Path) -> Path:
    """A file that a package's install script makes."""
    return tmp_path / "ran"


@pytest.fixture
def project(tmp_path: Path, ran: Path) -> Path:
    """A project that depends on a package with an install script."""
    package = tmp_path / "package"
    package.mkdir()
    scripts = {"postinstall": f"touch '{ran}'"}
    manifest = {"name": "with-a-script", "version": "1.0.0", "scripts": scripts}
    (package / "package.json").write_text(json.dumps(manifest))
    _npm(package, "pack", "--pack-destination", str(tmp_path))
    folder = tmp_path / "project"
    folder.mkdir()
    depends = {"with-a-script": "file:../with-a-script-1.0.0.tgz"}
    (folder / "package.json").write_text(json.dumps({"name": "it", "dependencies": depends}))
    _npm(folder, "install", "--package-lock-only", "--ignore-scripts")
    return folder


def test_npm_would_run_what_a_package_says(project: Path, ran: Path) -> None:
    _npm(project, "ci", "--offline")

    assert ran.exists()


def test_setting_up_runs_no_script_of_a_package(project: Path, ran: Path) -> None:
    subprocess.run([INSTALL, project], check=True)

    assert (project / "node_modules" / "with-a-script").is_dir()
    assert not ran.exists()


@pytest.mark.parametrize("settings", PROJECTS, ids=lambda folder: folder.name)
def test_npm_by_hand_runs_no_script_of_a_package(settings: Path, project: Path, ran: Path) -> None:
    shutil.copy(settings / ".npmrc", project)

    _npm(project, "ci", "--offline")

    assert (project / "node_modules" / "with-a-script").is_dir()
    assert not ran.exists()


@pytest.mark.parametrize("project", PROJECTS, ids=lambda folder: folder.name)
def test_every_package_is_checked_by_its_digest(project: Path) -> None:
    packages = json.loads((project / "package-lock.json").read_text())["packages"]

    unchecked = [name for name, package in packages.items() if "integrity" not in package]
    assert unchecked == [""]
