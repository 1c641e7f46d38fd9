import pytest

from headwater_writer.cluster.settings import ClusterSettings
from headwater_writer.settings import SettingsError


def test_reads_what_is_required_and_fills_in_the_rest() -> None:
    assert ClusterSettings.from_environment({"STREAM_NAME": "clicks"}) == ClusterSettings(
        "clicks", 30.0, ends_when_idle=False, reads_again=False
    )


def test_reads_everything() -> None:
    environment = {
        "STREAM_NAME": "clicks",
        "ROUND_SECONDS": "0",
        "END_WHEN_IDLE": "yes",
        "READ_AGAIN": "yes",
    }

    assert ClusterSettings.from_environment(environment) == ClusterSettings(
        "clicks", 0.0, ends_when_idle=True, reads_again=True
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("STREAM_NAME", ""),
        ("ROUND_SECONDS", "soon"),
        ("ROUND_SECONDS", "3601"),
        ("END_WHEN_IDLE", "true"),
    ],
)
def test_refuses_what_is_not_valid_by_name(name: str, text: str) -> None:
    with pytest.raises(SettingsError, match=name):
        ClusterSettings.from_environment({"STREAM_NAME": "clicks", name: text})
