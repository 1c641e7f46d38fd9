"""What the functions of a stack work on: a stand-in with the stack's names, and their processes.

Each process signs its requests with its function's own key. What only prepares a step has another
one.
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pyiceberg.catalog import Catalog

from eventually import eventually
from headwater_local import aws_client
from headwater_local.lambda_service.driver_settings import laptop_mapping
from headwater_local.lambda_service.event_source.event import KinesisEvent
from headwater_local.lambda_service.event_source.fakes import MemoryCheckpoints, MemoryFunction
from headwater_local.lambda_service.event_source.function import FunctionError
from headwater_local.lambda_service.event_source.kinesis_stream import KinesisStream
from headwater_local.lambda_service.event_source.mapping import EventSourceMapping
from headwater_local.lambda_service.event_source.ports import Ports, SystemClock
from headwater_local.lambda_service.event_source.s3_on_failure import S3OnFailure
from headwater_local.lambda_service.event_source.source import EventSource
from headwater_local.lambda_service.event_source.stream import AfterSequence
from headwater_local.sinks.postgres_server import USER
from headwater_local.supervision.part_commands import inherited
from iam.stack import Stack
from integration.writer.place import pyiceberg_catalog
from integration.writer.writer_process import WriterProcess, writer_environment
from terraform.made import Json
from terraform.stand_in import client

INVOCATION_SECONDS: Final = 300.0

_HANDLERS: Final = {
    "archive": "headwater_sinks.archive.function.handler",
    "collector": "headwater_collector.lambda_function.handler",
    "counts": "headwater_sinks.counts.function.handler",
    "history": "headwater_sinks.history.function.handler",
    "history-api": "headwater_sinks.history.route.handler",
    "reports": "headwater_reports.function.handler",
    **{
        role: f"headwater_writer.functions.{role}.handler"
        for role in ("committer", "maintenance", "replay", "writer")
    },
}


@dataclass(frozen=True)
class Surroundings:
    """A stack's resources at the URL of a stand-in; the folder is for logs."""

    stack: Stack
    endpoint: str
    folder: Path

    def client(self, service: str, key: str = aws_client.DUMMY_KEY) -> Any:  # noqa: ANN401 -- boto3 makes clients as it runs
        """Return boto3's client of a service."""
        return client(self.endpoint, service, key, self.stack.region)

    def catalog(self) -> Catalog:
        """Return the tables."""
        return pyiceberg_catalog(self.endpoint, self.stack.region)

    @contextmanager
    def function(self, role: str, **changes: str) -> Iterator[WriterProcess]:
        """Run a function with the settings that it is given, but for the changes."""
        environment = {
            **inherited(os.environ),
            **writer_environment(),
            **aws_client.environment(self.endpoint),
            "AWS_ACCESS_KEY_ID": self.stack.key(role),
            "AWS_REGION": self.stack.region,
            "AWS_DEFAULT_REGION": self.stack.region,
            **self.stack.settings(role),
            **changes,
        }
        log = self.folder / f"{role}.log"
        with WriterProcess(environment, log, INVOCATION_SECONDS, _HANDLERS[role]) as process:
            yield process

    def put(self, datas: Iterable[bytes]) -> None:
        """Put records on the stream."""
        records = [{"Data": data, "PartitionKey": "p"} for data in datas]
        self.client("kinesis").put_records(StreamName=self.stack.stream["name"], Records=records)

    def deliver(self, role: str, answer: Callable[[KinesisEvent], object]) -> None:
        """Let a function's mapping take all of the stream to what answers, and give up at once."""
        bucket = self.stack.failed_bucket(role)
        mapping = EventSourceMapping.from_description(
            laptop_mapping(self.stack.stream["name"], bucket)
            | {"MaximumRetryAttempts": 0, "BisectBatchOnFunctionError": False}
        )
        # The mapping reads the stream, and writes what it gives up on, with the function's role.
        key = self.stack.key(role)
        stream = KinesisStream(self.client("kinesis", key), mapping.stream_name)
        on_failure = S3OnFailure(self.client("s3", key), bucket, "", mapping)
        checkpoints = MemoryCheckpoints()
        ports = Ports(stream, MemoryFunction(answer), checkpoints, on_failure, SystemClock())
        source = EventSource(mapping, ports)
        eventually(lambda: source.step() >= 0 and _is_past(checkpoints), INVOCATION_SECONDS)

    def give_up(self, role: str) -> str:
        """Let a function's mapping give up on all of the stream; return the key of the batch."""

        def broken(_event: KinesisEvent) -> object:
            raise FunctionError("Broken", "it fails")

        self.deliver(role, broken)
        [key] = self.keys(self.stack.failed_bucket(role), "aws/lambda/")
        return key

    def create_secret(self, arn: str, value: str) -> None:
        """Keep a secret that is found by an ARN."""
        # The end of an ARN finds it as well: a name does not tell the ARN that a secret will get.
        name = arn.rpartition(":")[2]
        self.client("secretsmanager").create_secret(Name=name, SecretString=value)

    def keys(self, bucket: str, prefix: str) -> list[str]:
        """Return the keys of a bucket's objects below a prefix."""
        listed = self.client("s3").list_objects_v2(Bucket=bucket, Prefix=prefix)
        return [found["Key"] for found in listed.get("Contents", [])]


def invoke(function: WriterProcess, event: dict[str, Any]) -> dict[str, Any]:
    """Return a function's answer to an event, which is no error."""
    answer = function.invoke(event).result()
    assert isinstance(answer, dict)
    assert "error" not in answer, answer
    return answer


def _is_past(checkpoints: MemoryCheckpoints) -> bool:
    """Return whether a batch was written or given up on."""
    return any(isinstance(each.position, AfterSequence) for each in checkpoints.saved.values())


def prepare(at: Surroundings) -> None:
    """Make what Terraform would, as far as the functions need it."""
    stack = at.stack
    location = {"LocationConstraint": stack.region}
    sources = {source.split("/")[2] for source in stack.sources}
    failed = {stack.failed_bucket(role) for role in stack.consumers}
    for bucket in {stack.bucket, *sources, *failed}:
        at.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration=location)
    at.client("s3").put_object(
        Bucket=stack.bucket, Key=stack.plan["key"], Body=stack.plan["content"]
    )
    kinesis = at.client("kinesis")
    kinesis.create_stream(StreamName=stack.stream["name"], ShardCount=1)
    kinesis.get_waiter("stream_exists").wait(StreamName=stack.stream["name"])
    at.client("glue").create_database(DatabaseInput={"Name": stack.database})
    results = {"OutputLocation": f"s3://{stack.bucket}/query_results/"}
    at.client("athena").create_work_group(
        Name=stack.workgroup, Configuration={"ResultConfiguration": results}
    )
    topic = at.client("sns").create_topic(Name=stack.topic.rpartition(":")[2])
    assert topic["TopicArn"] == stack.topic
    for table in stack.tables:
        _create_table(at, table)
    if "counts" in stack.functions:
        _create_login(at)


def _create_table(at: Surroundings, table: Json) -> None:
    at.client("dynamodb").create_table(
        TableName=table["name"],
        AttributeDefinitions=[
            {"AttributeName": each["name"], "AttributeType": each["type"]}
            for each in table["attribute"]
        ],
        KeySchema=[
            {"AttributeName": table["hash_key"], "KeyType": "HASH"},
            {"AttributeName": table["range_key"], "KeyType": "RANGE"},
        ],
        BillingMode=table["billing_mode"],
    )


def _create_login(at: Surroundings) -> None:
    """Make the secret that RDS would, for the PostgreSQL of a test."""
    login = json.dumps({"username": USER, "password": ""})
    at.create_secret(at.stack.settings("counts")["POSTGRES_SECRET"], login)
