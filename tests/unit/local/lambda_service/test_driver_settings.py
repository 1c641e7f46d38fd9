import json

import pytest

from headwater_local.lambda_service.driver_settings import Settings, laptop_mapping
from headwater_local.lambda_service.event_source.mapping import EventSourceMapping

MAPPING = laptop_mapping("headwater-events", "headwater-data")

ENVIRONMENT = {
    "MAPPING": json.dumps(MAPPING),
    "FAILED_PREFIX": "failed_batches/",
    "RUNTIME_API_PORT": "4567",
    "FUNCTION_TIMEOUT_SECONDS": "1.5",
    "CONSUMER": "writer",
    "DATA_DIR": "/data",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:4566",
}


def test_reads_where_things_are() -> None:
    settings = Settings.from_environment(ENVIRONMENT)

    assert str(settings.data_dir.root) == "/data"
    assert settings.consumer == "writer"
    assert settings.failed_prefix == "failed_batches/"
    assert settings.runtime_port == 4567
    assert settings.timeout_seconds == 1.5
    assert settings.endpoint == "http://127.0.0.1:4566"


def test_runs_the_mapping_that_it_is_given() -> None:
    given = json.dumps({**MAPPING, "BatchSize": 7})

    settings = Settings.from_environment({**ENVIRONMENT, "MAPPING": given})

    assert settings.mapping.batch_size == 7


@pytest.mark.parametrize(
    ("name", "value"), [("MAPPING", "{"), ("RUNTIME_API_PORT", "x"), ("DATA_DIR", "\0")]
)
def test_refuses_what_cannot_be_read(name: str, value: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- each variable has its own words
        Settings.from_environment({**ENVIRONMENT, name: value})


@pytest.mark.parametrize("name", sorted(ENVIRONMENT))
def test_needs_every_variable(name: str) -> None:
    without = {key: value for key, value in ENVIRONMENT.items() if key != name}

    with pytest.raises(KeyError, match=name):
        Settings.from_environment(without)


LAPTOP = EventSourceMapping.from_description(laptop_mapping("events", "failed"))


def test_isolates_what_fails_and_keeps_it() -> None:
    assert LAPTOP.bisect_batch_on_function_error
    assert LAPTOP.report_batch_item_failures
    assert LAPTOP.maximum_retry_attempts == 10
    assert LAPTOP.on_failure_bucket == "failed"


def test_an_event_waits_a_second_for_others_at_most() -> None:
    assert LAPTOP.batching_window_seconds == 1
