"""The event source mapping that suits a laptop: events are few, and somebody waits for each."""

from headwater_local.names import ACCOUNT, REGION, WRITER_FUNCTION


def laptop_mapping(stream_name: str, failed_bucket: str) -> dict[str, object]:
    """Describe the mapping as GetEventSourceMapping would."""
    return {
        "UUID": "00000000-0000-4000-8000-000000000001",
        "EventSourceArn": f"arn:aws:kinesis:{REGION}:{ACCOUNT}:stream/{stream_name}",
        "FunctionArn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{WRITER_FUNCTION}",
        "StartingPosition": "TRIM_HORIZON",
        "BatchSize": 10_000,
        "MaximumBatchingWindowInSeconds": 1,
        "BisectBatchOnFunctionError": True,
        "MaximumRetryAttempts": 10,
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
        "DestinationConfig": {"OnFailure": {"Destination": f"arn:aws:s3:::{failed_bucket}"}},
    }
