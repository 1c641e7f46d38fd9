import pytest

from headwater_local.lambda_service.event_source.mapping import (
    EventSourceMapping,
    MappingError,
    StartingPosition,
)
from unit.local.lambda_service.event_source.builders import description, mapping


def test_reads_what_get_event_source_mapping_answers() -> None:
    read = EventSourceMapping.from_description(
        description(
            BatchSize=10_000,
            MaximumBatchingWindowInSeconds=60,
            ParallelizationFactor=1,
            BisectBatchOnFunctionError=True,
            MaximumRetryAttempts=10,
            MaximumRecordAgeInSeconds=3600,
            FunctionResponseTypes=["ReportBatchItemFailures"],
            DestinationConfig={"OnFailure": {"Destination": "arn:aws:s3:::failed"}},
            TumblingWindowInSeconds=0,
            State="Enabled",
            LastProcessingResult="No records processed",
        )
    )

    assert read == EventSourceMapping(
        uuid="5f9ff9a4-6bb9-4d3c-a6bd-2d3c9c7f0d11",
        stream_arn="arn:aws:kinesis:eu-west-1:123456789012:stream/events",
        stream_name="events",
        region="eu-west-1",
        function_arn="arn:aws:lambda:eu-west-1:123456789012:function:writer",
        starting_position=StartingPosition.TRIM_HORIZON,
        batch_size=10_000,
        batching_window_seconds=60,
        bisect_batch_on_function_error=True,
        report_batch_item_failures=True,
        maximum_retry_attempts=10,
        maximum_record_age_seconds=3600,
        on_failure_bucket="failed",
    )


def test_has_the_defaults_of_lambda() -> None:
    read = mapping()

    assert read.batch_size == 100
    assert read.batching_window_seconds == 0
    assert not read.bisect_batch_on_function_error
    assert not read.report_batch_item_failures
    assert read.maximum_retry_attempts is None
    assert read.maximum_record_age_seconds is None
    assert read.on_failure_bucket is None


@pytest.mark.parametrize("option", ["MaximumRetryAttempts", "MaximumRecordAgeInSeconds"])
def test_reads_minus_one_as_without_end(option: str) -> None:
    read = mapping(**{option: -1})

    assert read == mapping()


def test_retries_nothing_when_told_zero() -> None:
    assert mapping(MaximumRetryAttempts=0).maximum_retry_attempts == 0


def test_takes_an_alias_as_function() -> None:
    arn = "arn:aws:lambda:eu-west-1:123456789012:function:writer:live"

    read = mapping(FunctionArn=arn)

    assert read.function_arn == arn
    assert read.invoke_identity_arn == "arn:aws:iam::123456789012:role/writer"


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("UUID", None),
        ("EventSourceArn", "arn:aws:sqs:eu-west-1:123456789012:queue"),
        ("EventSourceArn", "arn:aws:kinesis:eu-west-1:123456789012:stream/events/consumer/c:1"),
        ("FunctionArn", "writer"),
        ("StartingPosition", None),
        ("StartingPosition", "AT_TIMESTAMP"),
        ("BatchSize", 0),
        ("BatchSize", 10_001),
        ("BatchSize", "100"),
        ("BatchSize", True),
        ("MaximumBatchingWindowInSeconds", 301),
        ("ParallelizationFactor", 2),
        ("MaximumRetryAttempts", -2),
        ("MaximumRetryAttempts", 10_001),
        ("MaximumRecordAgeInSeconds", 59),
        ("MaximumRecordAgeInSeconds", 604_801),
        ("BisectBatchOnFunctionError", "yes"),
        ("FunctionResponseTypes", ["Everything"]),
        ("TumblingWindowInSeconds", 30),
        ("FilterCriteria", {"Filters": [{"Pattern": "{}"}]}),
        ("DestinationConfig", {"OnFailure": {"Destination": "arn:aws:sqs:eu-west-1:1:q"}}),
    ],
)
def test_refuses_what_lambda_or_this_driver_does_not_do(option: str, value: object) -> None:
    with pytest.raises(MappingError, match=option.removesuffix("DestinationConfig") or "OnFailure"):
        mapping(**{option: value})
