"""What the AWS stand-in keeps over a stop, loses when it is killed, and keeps closed."""

import boto3
import httpx
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError

from headwater_local import aws_client, names
from headwater_local.ministack.provision import provision
from integration.conftest import StandIn


def _put(endpoint: str, data: bytes) -> str:
    kinesis = aws_client.kinesis(endpoint)
    answer = kinesis.put_record(StreamName=names.STREAM, Data=data, PartitionKey="key")
    return answer["SequenceNumber"]


def _records(endpoint: str) -> list[tuple[str, bytes]]:
    kinesis = aws_client.kinesis(endpoint)
    [shard] = kinesis.list_shards(StreamName=names.STREAM)["Shards"]
    iterator = kinesis.get_shard_iterator(
        StreamName=names.STREAM, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    records = kinesis.get_records(ShardIterator=iterator)["Records"]
    return [(record["SequenceNumber"], record["Data"]) for record in records]


def _table_version(endpoint: str) -> str:
    table = aws_client.glue(endpoint).get_table(DatabaseName=names.DATABASE, Name="events")
    return table["Table"]["VersionId"]


def test_keeps_objects_tables_and_records_over_a_gentle_stop(own_stand_in: StandIn) -> None:
    own_stand_in.start()
    endpoint = own_stand_in.endpoint
    provision(endpoint)
    first = _put(endpoint, b"one")
    aws_client.s3(endpoint).put_object(Bucket=names.BUCKET, Key="lake/x", Body=b"bytes")
    glue = aws_client.glue(endpoint)
    glue.create_table(DatabaseName=names.DATABASE, TableInput={"Name": "events"})
    glue.update_table(DatabaseName=names.DATABASE, TableInput={"Name": "events"})
    version = _table_version(endpoint)

    own_stand_in.stop()
    own_stand_in.start()
    provision(endpoint)
    second = _put(endpoint, b"two")

    assert _records(endpoint) == [(first, b"one"), (second, b"two")]
    assert int(second) > int(first)
    assert _table_version(endpoint) == version
    stored = aws_client.s3(endpoint).get_object(Bucket=names.BUCKET, Key="lake/x")
    assert stored["Body"].read() == b"bytes"


def test_keeps_objects_when_it_is_killed(own_stand_in: StandIn) -> None:
    own_stand_in.start()
    provision(own_stand_in.endpoint)
    s3 = aws_client.s3(own_stand_in.endpoint)
    s3.put_object(Bucket=names.BUCKET, Key="lake/x", Body=b"bytes")

    own_stand_in.kill()
    own_stand_in.start()

    assert s3.get_object(Bucket=names.BUCKET, Key="lake/x")["Body"].read() == b"bytes"


def _status(endpoint: str, method: str, path: str, **headers: str) -> int:
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.request(
        method, f"{endpoint}{path}", headers=headers, timeout=30, trust_env=False
    ).status_code


@pytest.mark.parametrize(
    "header",
    [
        {"origin": "http://127.0.0.1:8000"},
        {"sec_fetch_site": "cross-site"},
        {"host": "evil.example"},
    ],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        *(("GET", "/"), ("GET", "/headwater-data/kept"), ("PUT", "/headwater-data/kept")),
        *(("DELETE", "/headwater-data/kept"), ("OPTIONS", "/headwater-data/kept")),
        *(("POST", "/_ministack/reset"), ("GET", "/_ministack/health")),
    ],
)
def test_answers_no_web_page(
    aws_endpoint: str, method: str, path: str, header: dict[str, str]
) -> None:
    s3 = aws_client.s3(aws_endpoint)
    s3.create_bucket(Bucket=names.BUCKET)
    s3.put_object(Bucket=names.BUCKET, Key="kept", Body=b"bytes")

    assert _status(aws_endpoint, method, path, **header) == 403

    assert s3.get_object(Bucket=names.BUCKET, Key="kept")["Body"].read() == b"bytes"


def _call(endpoint: str, service: str, operation: str, **arguments: object) -> object:
    client = boto3.client(  # type: ignore[call-overload]
        service,
        endpoint_url=endpoint,
        region_name=names.REGION,
        aws_access_key_id=aws_client.DUMMY_KEY,
        aws_secret_access_key=aws_client.DUMMY_KEY,
        config=Config(proxies={}, retries={"total_max_attempts": 1}),
    )
    return getattr(client, operation)(**arguments)


ROLE = "arn:aws:iam::000000000000:role/x"


@pytest.mark.parametrize(
    ("service", "operation", "arguments"),
    [
        ("lambda", "list_functions", {}),
        (
            "lambda",
            "create_function",
            {"FunctionName": "f", "Role": ROLE, "Code": {"ZipFile": b"PK"}},
        ),
        (
            "glue",
            "create_job",
            {"Name": "j", "Role": ROLE, "Command": {"Name": "pythonshell"}},
        ),
        ("glue", "start_job_run", {"JobName": "j"}),
        ("glue", "create_crawler", {"Name": "c", "Role": ROLE, "Targets": {}}),
        ("iam", "list_users", {}),
        ("sqs", "list_queues", {}),
        ("cloudformation", "create_stack", {"StackName": "s", "TemplateBody": "{}"}),
        ("ecs", "list_clusters", {}),
        ("codebuild", "list_projects", {}),
        ("stepfunctions", "list_state_machines", {}),
        ("sts", "get_caller_identity", {}),
    ],
)
def test_has_only_what_the_route_uses(
    aws_endpoint: str, service: str, operation: str, arguments: dict[str, object]
) -> None:
    # Of a service that is not there, the refusal is not in the form that its client reads.
    with pytest.raises((ClientError, ResponseParserError)):
        _call(aws_endpoint, service, operation, **arguments)


@pytest.mark.parametrize(
    "path", ["/_ministack/config", "/_localstack/init", "/_aws/lambda/x", "/_ministack/rds/ca.pem"]
)
def test_its_administration_is_closed(aws_endpoint: str, path: str) -> None:
    assert _status(aws_endpoint, "POST", path) == 403


def test_a_second_target_is_not_smuggled_past_the_first(aws_endpoint: str) -> None:
    targets = [("x-amz-target", "AWSGlue.GetTables"), ("x-amz-target", "AWSGlue.StartJobRun")]

    answer = httpx.post(aws_endpoint, headers=targets, json={}, trust_env=False)

    assert answer.status_code == 403
