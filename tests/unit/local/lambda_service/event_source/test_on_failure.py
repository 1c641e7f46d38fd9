import json

from headwater_local.lambda_service.event_source.event import kinesis_event
from headwater_local.lambda_service.event_source.on_failure import (
    Condition,
    DiscardedBatch,
    invocation_record,
    object_key,
)
from headwater_local.lambda_service.event_source.stream import Record
from unit.local.lambda_service.event_source.builders import SHARD, mapping

RECORDS = (
    Record("96", "p", b"one", 1_573_691_884.835),
    Record("100", "p", b"two", 1_573_691_885.58),
)


def _discarded(*, function_failed: bool = True) -> DiscardedBatch:
    return DiscardedBatch(
        shard_id=SHARD,
        records=RECORDS,
        condition=Condition.RETRY_ATTEMPTS_EXHAUSTED,
        invocations=3,
        function_failed=function_failed,
        discarded_at=1_573_691_886.021,
    )


def test_has_the_fields_that_lambda_documents() -> None:
    record = json.loads(json.dumps(invocation_record(mapping(), _discarded(), "request-1")))

    payload = record.pop("payload")
    assert record == {
        "requestContext": {
            "requestId": "request-1",
            "functionArn": "arn:aws:lambda:eu-west-1:123456789012:function:writer",
            "condition": "RetryAttemptsExhausted",
            "approximateInvokeCount": 3,
        },
        "responseContext": {
            "statusCode": 200,
            "executedVersion": "$LATEST",
            "functionError": "Unhandled",
        },
        "version": "1.0",
        "timestamp": "2019-11-14T00:38:06.021Z",
        "KinesisBatchInfo": {
            "shardId": SHARD,
            "startSequenceNumber": "96",
            "endSequenceNumber": "100",
            "approximateArrivalOfFirstRecord": "2019-11-14T00:38:04.835Z",
            "approximateArrivalOfLastRecord": "2019-11-14T00:38:05.580Z",
            "batchSize": 2,
            "streamArn": "arn:aws:kinesis:eu-west-1:123456789012:stream/events",
        },
    }
    assert json.loads(payload) == kinesis_event(mapping(), SHARD, RECORDS)


def test_names_no_function_error_if_the_function_answered() -> None:
    record = invocation_record(mapping(), _discarded(function_failed=False), "request-1")

    assert record["responseContext"] == {"statusCode": 200, "executedVersion": "$LATEST"}


def test_names_the_object_as_lambda_does() -> None:
    key = object_key("esm-uuid", _discarded(), "random-uuid")

    assert key == f"aws/lambda/esm-uuid/{SHARD}/2019/11/14/2019-11-14T00.38.06-random-uuid"
