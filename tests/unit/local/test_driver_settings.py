import json
from pathlib import Path

import pytest

from headwater_local.driver_settings import Settings, laptop_mapping

ENVIRONMENT = {
    "STREAM_NAME": "headwater-events",
    "RUNTIME_API_PORT": "4567",
    "STATE_DIR": "/data/driver",
    "FAILED_BATCHES": "s3://headwater-data/failed_batches/",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:4566",
}


def test_runs_the_mapping_that_suits_a_laptop() -> None:
    settings = Settings.from_environment(ENVIRONMENT)

    assert settings.mapping.stream_name == "headwater-events"
    assert settings.mapping.batch_size == 10_000
    assert settings.mapping.batching_window_seconds == 1
    assert settings.mapping.bisect_batch_on_function_error
    assert settings.mapping.report_batch_item_failures
    assert settings.mapping.maximum_retry_attempts == 10
    assert settings.mapping.on_failure_bucket == "headwater-data"
    assert settings.function_timeout_seconds == 300


def test_reads_where_things_are() -> None:
    settings = Settings.from_environment({**ENVIRONMENT, "FUNCTION_TIMEOUT_SECONDS": "1.5"})

    assert settings.state_dir == Path("/data/driver")
    assert settings.runtime_api_port == 4567
    assert (settings.failed_bucket, settings.failed_prefix) == (
        "headwater-data",
        "failed_batches/",
    )
    assert settings.function_timeout_seconds == 1.5


def test_runs_the_mapping_that_it_is_given() -> None:
    given = {**laptop_mapping("headwater-events", "failed"), "BatchSize": 7}

    settings = Settings.from_environment({**ENVIRONMENT, "MAPPING": json.dumps(given)})

    assert settings.mapping.batch_size == 7


def test_refuses_the_mapping_of_another_stream() -> None:
    given = json.dumps(laptop_mapping("other", "failed"))

    with pytest.raises(ValueError, match="MAPPING reads other, STREAM_NAME is headwater-events"):
        Settings.from_environment({**ENVIRONMENT, "MAPPING": given})


@pytest.mark.parametrize("location", ["headwater-data", "s3://headwater-data", "s3:///x/"])
def test_refuses_a_destination_that_is_no_prefix(location: str) -> None:
    with pytest.raises(ValueError, match="FAILED_BATCHES"):
        Settings.from_environment({**ENVIRONMENT, "FAILED_BATCHES": location})


@pytest.mark.parametrize("name", sorted(ENVIRONMENT))
def test_needs_every_variable(name: str) -> None:
    without = {key: value for key, value in ENVIRONMENT.items() if key != name}

    with pytest.raises(KeyError, match=name):
        Settings.from_environment(without)
