"""All that the functions of a stack do, each in a process of its own with the settings it is given.

Each signs its requests with its own key. What only prepares a step has another one.
"""

import base64
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pyiceberg.catalog import Catalog

from eventually import eventually
from headwater_contract.envelope import Entry
from headwater_contract.kinesis_event import ReceivedRecord
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
from headwater_local.supervision.part_commands import inherited
from headwater_writer.maintenance.schedule import NAMES
from iam.stack import Stack
from integration.writer.place import pyiceberg_catalog
from integration.writer.writer_process import WriterProcess, writer_environment
from terraform.stand_in import client
from unit.collector.client import recorded_event
from unit.writer.builders import RECEIVED, SHARD_ID, entry, record

INVOCATION_SECONDS: Final = 300.0

_HANDLERS: Final = {
    "archive": "headwater_sinks.archive.function.handler",
    "collector": "headwater_collector.lambda_function.handler",
    **{
        role: f"headwater_writer.functions.{role}.handler"
        for role in ("maintenance", "replay", "writer")
    },
}

_RECORDS: Final = (b"poison", record(1, Entry(b"{", "track", "m")).data, record(2).data)
"""A record that cannot be read, one whose message cannot become a row, and a good one."""

_MESSAGE: Final = b'{"type": "track", "event": "paid", "userId": "ada"}'
"""A line of a file that is backfilled."""


@dataclass(frozen=True)
class Scenario:
    """The steps, on the stack's own names at the URL of a stand-in; the folder is for logs."""

    stack: Stack
    endpoint: str
    folder: Path

    def play(self) -> None:
        """Let every function make every kind of request that it makes."""
        self._drop_tables()
        self._collect()
        self._put(_RECORDS)
        with self._function("replay") as replay:
            self._replay(replay)
        if "archive" in self.stack.functions:
            self._archive()
        self._drop_tables()
        with self._function("writer") as writer:
            self._write(writer)
        with self._function("maintenance") as maintenance:
            self._maintain(maintenance)

    def _collect(self) -> None:
        event = recorded_event("http_api.json") | {
            "rawPath": f"{self.stack.settings('collector')['PATH_PREFIX']}/v1/track",
            "headers": {},
            "body": '{"event": "paid", "userId": "ada", "writeKey": "key"}',
        }
        with self._function("collector") as collector:
            answer = _invoke(collector, event)
        assert answer["statusCode"] == 200, answer

    def _archive(self) -> None:
        """Let Firehose hand over what was refused, and more than an answer takes."""
        long = [entry(f"m-{number}", text="x" * 3500) for number in range(1000)]
        records = [
            record(1, Entry(b"{}", refusal="no")),
            record(2, *long),
            record(3, *long),
        ]
        with self._function("archive") as archive:
            _invoke(archive, _firehose_event(self.stack.stream["arn"], records))

    def _replay(self, replay: WriterProcess) -> None:
        # The first to write makes the tables.
        key = self._give_up()
        told = {"s3": {"bucket": {"name": self.stack.bucket}, "object": {"key": key}}}
        _invoke(replay, {"Records": [told]})
        self._keep_one_version()
        self._put([record(3).data])
        self._give_up()
        assert _invoke(replay, {"given_up": {}})["replayed"] == 1
        _invoke(replay, {"replay": {}})
        for source in self.stack.sources:
            bucket, _, prefix = source.removeprefix("s3://").partition("/")
            self._client("s3").put_object(Bucket=bucket, Key=f"{prefix}a.jsonl", Body=_MESSAGE)
            asked = {"source": source, "app": "shop"}
            assert _invoke(replay, {"backfill": asked})["failing"] == {}

    def _write(self, writer: WriterProcess) -> None:
        def written(event: KinesisEvent) -> object:
            return writer.invoke(dict(event)).result()

        self._deliver(written)
        self._keep_one_version()
        self._put([record(4).data])
        self._deliver(written)
        with self._without_manifest_lists():
            self._put([record(5).data])
            self._deliver(written)

    def _maintain(self, maintenance: WriterProcess) -> None:
        _invoke(maintenance, {"steps": list(NAMES)})
        [oldest, *_] = _invoke(maintenance, {"snapshots": {"table": "events"}})["snapshots"]
        _invoke(maintenance, {"rewind": {"table": "events", "to": oldest["snapshot"]}})
        for _, name in self._catalog().list_tables(self.stack.database):
            self._catalog().drop_table((self.stack.database, name))
            _invoke(maintenance, {"register": {"table": name}})

    def _put(self, datas: Iterable[bytes]) -> None:
        records = [{"Data": data, "PartitionKey": "p"} for data in datas]
        self._client("kinesis").put_records(StreamName=self.stack.stream["name"], Records=records)

    def _give_up(self) -> str:
        """Let the mapping give up on all of the stream, and return the key of the batch."""

        def broken(_event: KinesisEvent) -> object:
            raise FunctionError("Broken", "it fails")

        self._deliver(broken)
        [key] = self._keys("aws/lambda/")
        return key

    def _deliver(self, answer: Callable[[KinesisEvent], object]) -> None:
        """Let the mapping take all of the stream to what answers, and give up at once."""
        mapping = EventSourceMapping.from_description(
            laptop_mapping(self.stack.stream["name"], self.stack.bucket)
            | {"MaximumRetryAttempts": 0, "BisectBatchOnFunctionError": False}
        )
        # The mapping reads the stream, and writes what it gives up on, with the writer's role.
        key = self.stack.key("writer")
        stream = KinesisStream(self._client("kinesis", key), mapping.stream_name)
        on_failure = S3OnFailure(self._client("s3", key), self.stack.bucket, "", mapping)
        checkpoints = MemoryCheckpoints()
        ports = Ports(stream, MemoryFunction(answer), checkpoints, on_failure, SystemClock())
        source = EventSource(mapping, ports)
        eventually(lambda: source.step() >= 0 and _is_past(checkpoints), INVOCATION_SECONDS)

    def _keys(self, prefix: str) -> list[str]:
        listed = self._client("s3").list_objects_v2(Bucket=self.stack.bucket, Prefix=prefix)
        return [found["Key"] for found in listed.get("Contents", [])]

    def _drop_tables(self) -> None:
        catalog = self._catalog()
        for name in catalog.list_tables(self.stack.database):
            catalog.purge_table(name)

    def _keep_one_version(self) -> None:
        """Let each commit to events delete what 500 of them would."""
        events = self._catalog().load_table((self.stack.database, "events"))
        with events.transaction() as transaction:
            transaction.set_properties({"write.metadata.previous-versions-max": "1"})

    @contextmanager
    def _without_manifest_lists(self) -> Iterator[None]:
        """Take files away, as an operator may by mistake, and bring them back."""
        s3, bucket = self._client("s3"), self.stack.bucket
        kept = {
            key: s3.get_object(Bucket=bucket, Key=key)["Body"].read()
            for key in self._keys("lake/events/metadata/snap-")
        }
        for key in kept:
            s3.delete_object(Bucket=bucket, Key=key)
        yield
        for key, body in kept.items():
            s3.put_object(Bucket=bucket, Key=key, Body=body)

    @contextmanager
    def _function(self, role: str) -> Iterator[WriterProcess]:
        environment = {
            **inherited(os.environ),
            **writer_environment(),
            **aws_client.environment(self.endpoint),
            "AWS_ACCESS_KEY_ID": self.stack.key(role),
            "AWS_REGION": self.stack.region,
            "AWS_DEFAULT_REGION": self.stack.region,
            **self.stack.settings(role),
        }
        log = self.folder / f"{role}.log"
        with WriterProcess(environment, log, INVOCATION_SECONDS, _HANDLERS[role]) as process:
            yield process

    def _catalog(self) -> Catalog:
        return pyiceberg_catalog(self.endpoint, self.stack.region)

    def _client(self, service: str, key: str = aws_client.DUMMY_KEY) -> Any:  # noqa: ANN401 -- boto3 makes clients as it runs
        return client(self.endpoint, service, key, self.stack.region)


def _firehose_event(stream_arn: str, records: Iterable[ReceivedRecord]) -> dict[str, Any]:
    """Return an invocation of the shape that AWS documents for a Kinesis source."""
    given = [
        {
            "recordId": each.sequence,
            "data": base64.b64encode(each.data).decode(),
            "kinesisRecordMetadata": {
                "shardId": SHARD_ID,
                "sequenceNumber": each.sequence,
                "approximateArrivalTimestamp": int(RECEIVED.timestamp() * 1000),
            },
        }
        for each in records
    ]
    return {"sourceKinesisStreamArn": stream_arn, "records": given}


def _is_past(checkpoints: MemoryCheckpoints) -> bool:
    """Return whether a batch was written or given up on."""
    return any(isinstance(each.position, AfterSequence) for each in checkpoints.saved.values())


def _invoke(function: WriterProcess, event: dict[str, Any]) -> dict[str, Any]:
    answer = function.invoke(event).result()
    assert isinstance(answer, dict)
    assert "error" not in answer, answer
    return answer


def prepare(stack: Stack, endpoint: str) -> None:
    """Make what Terraform would, as far as the functions need it."""

    def by(service: str) -> Any:  # noqa: ANN401 -- boto3 makes clients as it runs
        return client(endpoint, service, region=stack.region)

    location = {"LocationConstraint": stack.region}
    sources = {source.split("/")[2] for source in stack.sources}
    for bucket in (stack.bucket, *sources):
        by("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration=location)
    by("s3").put_object(Bucket=stack.bucket, Key=stack.plan["key"], Body=stack.plan["content"])
    by("kinesis").create_stream(StreamName=stack.stream["name"], ShardCount=1)
    by("kinesis").get_waiter("stream_exists").wait(StreamName=stack.stream["name"])
    by("glue").create_database(DatabaseInput={"Name": stack.database})
    assert by("sns").create_topic(Name=stack.topic.rpartition(":")[2])["TopicArn"] == stack.topic
