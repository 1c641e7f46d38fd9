from datetime import timedelta

import pytest

from headwater_sinks.history.settings import WriteSettings
from headwater_sinks.settings import SettingsError

TABLE = {"HISTORY_TABLE": "hits"}


def test_keeps_a_quarter_of_a_year_by_default() -> None:
    settings = WriteSettings.from_environment(TABLE)

    assert settings == WriteSettings("hits", 1, timedelta(days=90), timedelta(days=30))


def test_keeps_for_ever_if_told() -> None:
    assert WriteSettings.from_environment({**TABLE, "HISTORY_TTL_DAYS": "0"}).kept is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HISTORY_TABLE", ""),
        ("HISTORY_TTL_DAYS", "-1"),
        ("HISTORY_TTL_DAYS", "4000"),
        ("HISTORY_WRITE_SHARDS", "0"),
        ("HISTORY_WRITE_SHARDS", "101"),
        ("MAX_EVENT_AGE_DAYS", "many"),
    ],
)
def test_does_not_start_with_a_setting_that_is_not_valid(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        WriteSettings.from_environment({**TABLE, name: value})
