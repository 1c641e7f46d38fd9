import subprocess
from pathlib import Path

from terraform.command import REPOSITORY

SCRIPT = REPOSITORY / "terraform" / "modules" / "artifacts" / "tools" / "container_engine.sh"


def _engine(folder: Path, name: str, works: bool) -> None:
    command = folder / name
    command.write_text(f"#!/bin/sh\nexit {0 if works else 1}\n")
    command.chmod(0o755)


def _ask(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", SCRIPT], env={"PATH": str(folder)}, check=False, capture_output=True, text=True
    )


def test_takes_the_one_that_is_there(tmp_path: Path) -> None:
    _engine(tmp_path, "buildah", works=True)

    assert _ask(tmp_path).stdout == "buildah\n"


def test_passes_over_a_client_whose_daemon_does_not_run(tmp_path: Path) -> None:
    _engine(tmp_path, "docker", works=False)
    _engine(tmp_path, "podman", works=True)

    assert _ask(tmp_path).stdout == "podman\n"


def test_says_what_to_do_without_any(tmp_path: Path) -> None:
    answer = _ask(tmp_path)

    assert answer.returncode == 1
    assert "prebuilt.writer_image_uri" in answer.stderr
