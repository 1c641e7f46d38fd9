import os
import sys
from pathlib import Path

import pytest

from headwater_local.cache import Cache
from headwater_local.data_dir import DataDir
from headwater_local.errors import InstallError
from headwater_local.ministack import aws


def test_says_that_uv_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(InstallError, match="install uv"):
        aws.install(Cache(tmp_path), {})


def test_says_what_uv_said_when_it_failed(tmp_path: Path) -> None:
    uv = tmp_path / "uv"
    uv.write_text(f"#!{sys.executable}\nimport sys; sys.exit('no network')\n")
    uv.chmod(0o755)

    with pytest.raises(InstallError, match="no network"):
        aws.install(Cache(tmp_path / "cache"), {"UV": str(uv)})

    assert aws.installed_python(Cache(tmp_path / "cache")) is None


def test_a_first_start_follows_no_loss(data_dir: DataDir) -> None:
    assert aws.note_start(data_dir) is False


def test_knows_that_the_last_run_saved_nothing(data_dir: DataDir) -> None:
    aws.note_start(data_dir)

    assert aws.note_start(data_dir) is True


def test_knows_that_the_last_run_saved_its_stream(data_dir: DataDir) -> None:
    aws.note_start(data_dir)
    saved = data_dir.aws_state / "kinesis.json"
    saved.touch()
    later = data_dir.aws_started.stat().st_mtime + 10
    os.utime(saved, (later, later))

    assert aws.note_start(data_dir) is False
