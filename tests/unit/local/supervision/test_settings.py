from pathlib import Path

import pytest

from headwater_local.cache import Cache
from headwater_local.data_dir import DataDir
from headwater_local.errors import SettingError
from headwater_local.ports import Ports
from headwater_local.supervision.run import Run
from headwater_local.supervision.settings import require_usable


def run(folder: Path, **settings: str) -> Run:
    return Run(DataDir.at(folder), Cache(folder / "cache"), Ports(), settings)


def test_takes_settings_before_anything_is_installed(tmp_path: Path) -> None:
    require_usable(run(tmp_path, WRITE_KEYS='{"key": "shop"}', MAX_EVENT_AGE_DAYS="3650"))


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("WRITE_KEYS", "k1=shop", "WRITE_KEYS is not valid JSON"),
        ("TRUST_CLOUDFRONT", "yes", "true or false"),
        ("MAX_EVENT_AGE_DAYS", "forever", "whole days from 1 to 3650"),
        ("IP_POLICY", "hashed", "full, truncated, none"),
    ],
)
def test_refuses_what_a_part_could_not_start_with(
    tmp_path: Path, name: str, value: str, remedy: str
) -> None:
    with pytest.raises(SettingError, match=remedy):
        require_usable(run(tmp_path, **{name: value}))
