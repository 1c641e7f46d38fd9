import subprocess
from pathlib import Path

import pytest

from terraform.command import REPOSITORY

TOOLS = REPOSITORY / "terraform" / "modules" / "artifacts" / "tools"
SCRIPT = TOOLS / "container_engine.sh"

# Everything but one of its commands works.
ALL_BUT = "#!/bin/sh\ntest $1 != {command}\n"


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


def _check(folder: Path, platform: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", TOOLS / "check_platform.sh", REPOSITORY, platform],
        env={"PATH": f"{folder}:/usr/bin:/bin"},
        check=False,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    ("platform", "other"), [("linux/arm64", "x86_64"), ("linux/amd64", "arm64")]
)
def test_names_the_processor_that_can_be_built_for(
    tmp_path: Path, platform: str, other: str
) -> None:
    _engine(tmp_path, "docker", works=True)
    (tmp_path / "docker").write_text(ALL_BUT.format(command="run"))

    answer = _check(tmp_path, platform)

    assert answer.returncode == 1
    assert f'architecture = "{other}"' in answer.stderr


def test_says_nothing_of_processors_if_the_image_cannot_be_had(tmp_path: Path) -> None:
    _engine(tmp_path, "docker", works=True)
    (tmp_path / "docker").write_text(ALL_BUT.format(command="pull"))

    answer = _check(tmp_path, "linux/arm64")

    assert answer.returncode == 1
    assert "architecture" not in answer.stderr


def test_is_content_if_a_container_runs(tmp_path: Path) -> None:
    _engine(tmp_path, "docker", works=True)

    assert _check(tmp_path, "linux/arm64").returncode == 0
