import sys
from pathlib import Path

import pytest

from headwater_local import aws
from headwater_local.cache import Cache
from headwater_local.errors import InstallError


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
