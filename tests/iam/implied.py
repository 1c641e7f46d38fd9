"""What no recording shows of a role's needs: each with the reason to believe in it."""

from collections.abc import Iterable, Iterator
from itertools import product, starmap
from typing import Final

from headwater_contract.columns import Table
from headwater_contract.tables import EVENTS, TABLES
from iam.needs import Need
from iam.stack import CLUSTER, Stack

LOGS: Final = ("logs:CreateLogStream", "logs:PutLogEvents")
"""Lambda writes what a function prints ("Sending Lambda function logs to CloudWatch Logs", AWS
Lambda developer guide)."""

CLUSTER_LOGS: Final = (*LOGS, "logs:DescribeLogStreams")
"""EMR writes the log with the job's role, and looks for the group among all ("Logging for EMR
Serverless with Amazon CloudWatch", EMR Serverless user guide)."""

OLD_METADATA: Final = "s3:DeleteObject"
"""With each commit Iceberg deletes what is older than 500 metadata files. The functions are seen to
do so once a table keeps fewer; a job sets that number right as it starts."""

CODE: Final = "s3:GetObject"
"""EMR fetches the code with the job's role ("Job runtime roles", EMR Serverless user guide)."""

MAPPING: Final = ("kinesis:DescribeStream", "kinesis:DescribeStreamSummary")
"""Lambda's own mapping asks for them beside what ours does ("Process Amazon Kinesis Data Streams
records with Lambda", AWS Lambda developer guide)."""

OFFERS_MAPPING: Final = "sqs:GetQueueAttributes"
"""Lambda's mapping of a queue asks for it beside what ours does ("Creating and configuring an
Amazon SQS event source mapping", AWS Lambda developer guide)."""

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
    "sqs:ReceiveMessage": {"kms:Decrypt"},
    "sqs:SendMessage": {"kms:Decrypt", "kms:GenerateDataKey"},
}
"""What a service asks of a key of the deployer's own on the caller's behalf ("Permissions to use
user-generated KMS keys", Kinesis Data Streams developer guide; "Using server-side encryption with
AWS KMS keys", Amazon S3 user guide: an upload in parts takes both; "Configuring AWS KMS
permissions", Amazon SNS developer guide; "Key management", Amazon SQS developer guide)."""

ENVIRONMENT: Final = "kms:Decrypt"
"""Lambda decrypts a function's environment as its role ("Securing Lambda environment variables",
AWS Lambda developer guide)."""

PREPARED: Final = "athena:GetPreparedStatement"
"""What an EXECUTE takes ("Allow access to prepared statements", Amazon Athena user guide)."""

ASKING: Final = {
    "glue": {"glue:GetDatabase", "glue:GetTable"},
    "rows": {"s3:GetObject"},
    "results": {
        *("s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts"),
        "s3:PutObject",
    },
    "bucket": {"s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"},
}
"""Athena looks up tables, reads rows and writes results with the rights of whoever asks, and the
stand-in's does nothing of it ("Configure access to databases and tables in the AWS Glue Data
Catalog" and "Control access to Amazon S3 from Athena", Amazon Athena user guide)."""

UPLOADS: Final = "s3:AbortMultipartUpload"
"""Iceberg uploads files of more than 48 MB in parts, and ends an upload of which one fails
(`tests/integration/writer/test_uploads.py`). The files of these tests are smaller."""


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
        yield from _of_stream_mapping(stack, role)
    if role == "committer":
        queue = f"{stack.region}:{stack.owner.account}:{stack.offers_queue}"
        yield Need(OFFERS_MAPPING, f"arn:aws:sqs:{queue}")
    if role == CLUSTER:
        yield from _of_emr(stack)
    if role == "reports":
        workgroup = f"{stack.region}:{stack.owner.account}:workgroup/{stack.workgroup}"
        yield Need(PREPARED, f"arn:aws:athena:{workgroup}")
        yield from _of_asking(stack, TABLES)
    if role == "canary":
        yield from _of_asking(stack, [EVENTS])
    if role in {"writer", "committer", "maintenance", "replay", CLUSTER}:
        yield Need(UPLOADS, f"arn:aws:s3:::{stack.bucket}/lake/events/data/large.parquet")


def _of_stream_mapping(stack: Stack, role: str) -> Iterator[Need]:
    for action in MAPPING:
        yield Need(action, stack.stream["arn"])
    for arn, action in product(stack.fan_out(role), FAN_OUT):
        yield Need(action, arn)
    yield Need(DESTINATION, f"arn:aws:s3:::{stack.failed_bucket(role)}")


def _of_emr(stack: Stack) -> Iterator[Need]:
    groups = f"arn:aws:logs:{stack.region}:{stack.owner.account}:log-group"
    yield Need("logs:DescribeLogGroups", f"{groups}:any")
    for action in CLUSTER_LOGS:
        yield Need(action, f"{stack.cluster_log_group}:log-stream:driver")
    yield Need(OLD_METADATA, f"arn:aws:s3:::{stack.bucket}/lake/events/metadata/old.metadata.json")
    yield Need(CODE, f"arn:aws:s3:::{stack.bucket}/cluster/job.py")


def _of_asking(stack: Stack, tables: Iterable[Table]) -> Iterator[Need]:
    bucket = f"arn:aws:s3:::{stack.bucket}"
    glue = f"arn:aws:glue:{stack.region}:{stack.owner.account}"
    catalog = [f"{glue}:catalog", f"{glue}:database/{stack.database}"]
    resources = {
        "glue": [*catalog, *(f"{glue}:table/{stack.database}/{table.name}" for table in tables)],
        "rows": [f"{bucket}/lake/events/data/rows.parquet"],
        "results": [f"{bucket}/query_results/result.csv"],
        "bucket": [bucket],
    }
    for kind, actions in ASKING.items():
        yield from starmap(Need, product(actions, resources[kind]))
