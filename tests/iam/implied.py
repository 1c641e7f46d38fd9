"""What no recording shows of a role's needs: each with the reason to believe in it."""

from collections.abc import Iterable, Iterator
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

KEY: Final = {
    "kinesis:GetRecords": {"kms:Decrypt"},
    "kinesis:PutRecords": {"kms:GenerateDataKey"},
    "s3:GetObject": {"kms:Decrypt"},
    "s3:PutObject": {"kms:Decrypt", "kms:GenerateDataKey"},
    "sns:Publish": {"kms:Decrypt", "kms:GenerateDataKey"},
}
"""What a service asks of a key of the deployer's own on the caller's behalf ("Permissions to use
user-generated KMS keys", Kinesis Data Streams developer guide; "Using server-side encryption with
AWS KMS keys", Amazon S3 user guide: an upload in parts takes both; "Configuring AWS KMS
permissions", Amazon SNS developer guide)."""

ENVIRONMENT: Final = "kms:Decrypt"
"""Lambda decrypts a function's environment as its role ("Securing Lambda environment variables",
AWS Lambda developer guide)."""

UPLOADS: Final = "s3:AbortMultipartUpload"
"""Iceberg uploads files of more than 48 MB in parts, and ends an upload of which one fails
(`tests/integration/writer/test_uploads.py`). The files of these tests are smaller."""


ATHENA: Final = {
    "glue:GetDatabase": ("catalog", "database"),
    "glue:GetTable": ("catalog", "database", "table"),
    "s3:GetBucketLocation": ("bucket",),
    "s3:GetObject": ("rows", "result"),
    "s3:ListBucket": ("bucket",),
    "s3:PutObject": ("result",),
}
"""What Athena asks for with the rights of whoever starts a query ("Access to Amazon S3" and
"Fine-grained access to databases and tables in the AWS Glue Data Catalog", Amazon Athena user
guide). The stand-in's Athena reads around them."""


def _through_athena(stack: Stack) -> Iterator[Need]:
    catalog = f"arn:aws:glue:{stack.region}:{stack.owner.account}"
    bucket = f"arn:aws:s3:::{stack.bucket}"
    resources = {
        "catalog": f"{catalog}:catalog",
        "database": f"{catalog}:database/{stack.database}",
        "table": f"{catalog}:table/{stack.database}/events",
        "bucket": bucket,
        "rows": f"{bucket}/lake/events/data/rows.parquet",
        "result": f"{bucket}/query_results/result.csv",
    }
    for action, places in ATHENA.items():
        for place in places:
            yield Need(action, resources[place])


def through_key(stack: Stack, asked: Iterable[Need]) -> Iterator[Need]:
    """Yield what a role needs on the stack's key, if it has one, for what was asked."""
    for arn in filter(None, [stack.key_arn]):
        actions = {action for need in asked for action in KEY.get(need.action, ())}
        for action in {ENVIRONMENT, *actions}:
            yield Need(action, arn)


def implied(stack: Stack, role: str) -> Iterator[Need]:
    """Yield what a role needs, and no test can make it ask for.

    ECS writes the log of the poller's task with the role that starts it.
    """
    if role in stack.functions:
        for action in LOGS:
            yield Need(action, f"{stack.log_group(role)}:log-stream:instance")
    if role in stack.consumers:
        for action in MAPPING:
            yield Need(action, stack.stream["arn"])
        for arn, action in product(stack.fan_out(role), FAN_OUT):
            yield Need(action, arn)
        yield Need(DESTINATION, f"arn:aws:s3:::{stack.failed_bucket(role)}")
    if role == "canary":
        yield from _through_athena(stack)
    if role in {"writer", "maintenance", "replay"}:
        yield Need(UPLOADS, f"arn:aws:s3:::{stack.bucket}/lake/events/data/large.parquet")
