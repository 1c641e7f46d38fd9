"""What no recording shows of a role's needs: each with the reason to believe in it."""

from collections.abc import Iterator
from itertools import product
from typing import Final

from iam.needs import Need
from iam.stack import Stack

LOGS: Final = ("logs:CreateLogStream", "logs:PutLogEvents")
"""Lambda writes what a function prints ("Sending Lambda function logs to CloudWatch Logs", AWS
Lambda developer guide)."""

MAPPING: Final = ("kinesis:DescribeStream", "kinesis:DescribeStreamSummary")
"""Lambda's own mapping asks for them beside what ours does ("Process Amazon Kinesis Data Streams
records with Lambda", AWS Lambda developer guide)."""

FAN_OUT: Final = ("kinesis:DescribeStreamConsumer", "kinesis:SubscribeToShard")
"""What Lambda's mapping asks for of a consumer with enhanced fan-out, which the laptop's reads
around (Service Authorization Reference: the only two that read)."""

DESTINATION: Final = "s3:ListBucket"
"""Lambda asks for it on the bucket of an on-failure destination beside putting the batches there
("Retaining discarded batch records for a Kinesis Data Streams event source in Lambda", AWS Lambda
developer guide)."""

UPLOADS: Final = "s3:AbortMultipartUpload"
"""Iceberg uploads files of more than 48 MB in parts, and ends an upload of which one fails
(`tests/integration/writer/test_uploads.py`). The files of these tests are smaller."""


def implied(stack: Stack, role: str) -> Iterator[Need]:
    """Yield what a function's role needs, and no test can make it ask for."""
    for action in LOGS:
        yield Need(action, f"{stack.log_group(role)}:log-stream:instance")
    if role in stack.consumers:
        for action in MAPPING:
            yield Need(action, stack.stream["arn"])
        for arn, action in product(stack.fan_out(role), FAN_OUT):
            yield Need(action, arn)
        yield Need(DESTINATION, f"arn:aws:s3:::{stack.failed_bucket(role)}")
    if role in {"writer", "maintenance", "replay"}:
        yield Need(UPLOADS, f"arn:aws:s3:::{stack.bucket}/lake/events/data/large.parquet")
