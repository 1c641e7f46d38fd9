import pytest

from headwater_poller.settings import Settings, SettingsError

ENVIRONMENT = {
    "POLLER_CONFIG": "s3://data/poller/weblogs.yaml",
    "POLLER_STATE": "s3://data/poller/state/",
    "STREAM_NAME": "events",
    "AWS_REGION": "eu-west-1",
}


def test_reads_the_environment() -> None:
    assert Settings.from_environment(ENVIRONMENT) == Settings(
        "s3://data/poller/weblogs.yaml",
        "s3://data/poller/state",
        "events",
        "eu-west-1",
        "Headwater",
    )


@pytest.mark.parametrize("name", ENVIRONMENT)
def test_names_a_variable_that_is_missing(name: str) -> None:
    with pytest.raises(SettingsError, match=f"{name} is missing"):
        Settings.from_environment(ENVIRONMENT | {name: ""})
