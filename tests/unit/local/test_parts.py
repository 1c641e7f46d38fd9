from pathlib import Path

import pytest

from headwater_local.cache import Cache
from headwater_local.data_dir import DataDir
from headwater_local.parts import Parts, inherited
from headwater_local.ports import Ports


@pytest.fixture
def parts(tmp_path: Path) -> Parts:
    environment = {"PATH": "/bin", "WRITE_KEYS": "{}", "AWS_PROFILE": "work", "HTTPS_PROXY": "p"}
    return Parts(DataDir.at(tmp_path), Cache(tmp_path / "cache"), Ports(), environment)


def test_no_part_sees_the_users_aws_account_or_proxy(parts: Parts) -> None:
    environment = parts.collector().environment

    assert {"AWS_PROFILE", "HTTPS_PROXY"}.isdisjoint(environment)
    assert environment["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4566"
    assert environment["AWS_ACCESS_KEY_ID"] == "headwater"


def test_settings_of_the_handlers_pass_through(parts: Parts) -> None:
    assert parts.collector().environment["WRITE_KEYS"] == "{}"


def test_the_stand_in_has_time_to_save(parts: Parts) -> None:
    assert parts.aws(Path("python")).grace_seconds == 60.0
    assert parts.site().grace_seconds < 60.0


def test_clocks_of_all_parts_are_utc() -> None:
    assert inherited({"TZ": "Europe/Berlin"})["TZ"] == "UTC"
