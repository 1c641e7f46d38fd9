from headwater_local.lambda_service.event_source.mapping import EventSourceMapping
from headwater_local.lambda_service.laptop_mapping import laptop_mapping

MAPPING = EventSourceMapping.from_description(laptop_mapping("events", "failed"))


def test_isolates_what_fails_and_keeps_it() -> None:
    assert MAPPING.bisect_batch_on_function_error
    assert MAPPING.report_batch_item_failures
    assert MAPPING.maximum_retry_attempts == 10
    assert MAPPING.on_failure_bucket == "failed"


def test_an_event_waits_a_second_for_others_at_most() -> None:
    assert MAPPING.batching_window_seconds == 1
