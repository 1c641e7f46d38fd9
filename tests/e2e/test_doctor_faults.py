"""One stack, broken in each way that docs/operations.md lists, and mended again."""

import json
import os
import re
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import formatdate
from pathlib import Path
from time import time

import boto3
import httpx
import pytest
from typer.testing import CliRunner

from e2e.fixture_site import REPOSITORY
from e2e.loopback import QuietHandler, serve
from e2e.route import Route, run
from eventually import eventually
from free_ports import free_port
from headwater_contract.canary import CANARY_APP
from headwater_local import aws_client, names
from headwater_local.cli import commands
from headwater_local.ministack.catalog import metadata_at
from terraform.stand_in import client, stand_in

pytestmark = pytest.mark.route

KEY, ORIGIN = "shop-key", "https://shop.example"
FUNCTION = "sample-writer"

OPERATIONS = (REPOSITORY / "docs/operations.md").read_text()
TABLE = OPERATIONS.partition("<!-- faults: begin -->")[2].partition("<!-- faults: end -->")[0]
SAID: dict[str, str] = dict(re.findall(r"(?m)^\| ([^|]+) \| ([^|]+) \|$", TABLE)[1:])
"""What the doctor says of each fault, in which … stands for anything."""


@dataclass(frozen=True)
class Asked:
    """A stack as the doctor is asked about it; here, or as deployed under these names."""

    data_dir: Path
    names: Mapping[str, object]
    environment: dict[str, str]
    options: tuple[str, ...] = ("--write-key", KEY, "--origin", ORIGIN)

    def here(self) -> str:
        return self._said("--data-dir", str(self.data_dir))

    def deployed(self) -> str:
        outputs = {name: {"value": value} for name, value in self.names.items()}
        return self._said("--outputs", "-", stdin=json.dumps(outputs))

    def named(self, **others: object) -> "Asked":
        return replace(self, names={**self.names, **others})

    def within(self, **variables: str) -> "Asked":
        return replace(self, environment=self.environment | variables)

    def without(self, *variables: str) -> "Asked":
        kept = {name: text for name, text in self.environment.items() if name not in variables}
        return replace(self, environment=kept)

    def asking(self, *options: str) -> "Asked":
        return replace(self, options=(*self.options, *options))

    def _said(self, *place: str, stdin: str | None = None) -> str:
        with pytest.MonkeyPatch.context() as patch:
            for name in [name for name in os.environ if name.startswith("AWS_")]:
                patch.delenv(name)
            for name, text in self.environment.items():
                patch.setenv(name, text)
            patch.setattr(boto3, "DEFAULT_SESSION", None)
            examined = CliRunner().invoke(commands, ["doctor", *self.options, *place], input=stdin)
        assert examined.exception is None or isinstance(examined.exception, SystemExit)
        return examined.output


@dataclass(frozen=True)
class Stack:
    """A route that runs here, with Lambda and CloudWatch of a stand-in beside it.

    ``idle`` is the mapping of a function that was never called.
    """

    route: Route
    aws: str
    mapping: str
    idle: str
    asked: Asked = field(repr=False)

    def set_mapping(self, uuid: str, *, enabled: bool) -> None:
        client(self.aws, "lambda").update_event_source_mapping(UUID=uuid, Enabled=enabled)

    def put_age(self, seconds: float) -> None:
        self._put("AWS/Lambda", "IteratorAge", {"FunctionName": FUNCTION}, seconds * 1000)

    def put_arrivals(self, count: int, minutes_ago: int) -> None:
        of = {"StreamName": names.STREAM}
        self._put("AWS/Kinesis", "IncomingRecords", of, count, minutes_ago)

    def _put(
        self, namespace: str, metric: str, of: dict[str, str], value: float, minutes_ago: int = 0
    ) -> None:
        client(self.aws, "cloudwatch").put_metric_data(
            Namespace=namespace,
            MetricData=[
                {
                    "MetricName": metric,
                    "Dimensions": [{"Name": name, "Value": text} for name, text in of.items()],
                    "Value": value,
                    "Timestamp": datetime.now(UTC) - timedelta(minutes=minutes_ago),
                }
            ],
        )


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    folder = tmp_path_factory.mktemp("ailing")
    route = Route(folder / "data")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WRITE_KEYS", json.dumps({KEY: "shop", CANARY_APP: CANARY_APP}))
        patch.setenv("ALLOWED_ORIGINS", ORIGIN)
        route.start()
    with stand_in(folder, {}) as aws:
        yield _stack(route, aws)
    route.end()


def _stack(route: Route, aws: str) -> Stack:
    client(aws, "kinesis").create_stream(StreamName=names.STREAM, ShardCount=1)
    mapping, idle = _mapping(aws, FUNCTION), _mapping(aws, "sample-idle")
    outputs = {
        "api_instance_url": route.api_url,
        "athena_workgroup": "primary",
        "data_bucket_name": names.BUCKET,
        "event_source_mapping_id": mapping,
        "glue_database_name": names.DATABASE,
        "kinesis_stream_name": names.STREAM,
    }
    environment = aws_client.environment(route.aws_url) | {
        "AWS_ENDPOINT_URL_LAMBDA": aws,
        "AWS_ENDPOINT_URL_CLOUDWATCH": aws,
    }
    made = Stack(route, aws, mapping, idle, Asked(route.data_dir, outputs, environment))
    made.put_age(2)
    httpx.post(
        f"{route.api_url}/v1/track",
        auth=(KEY, ""),
        json={"userId": "u", "event": "well"},
        trust_env=False,
        timeout=60,
    ).raise_for_status()
    eventually(lambda: made.route.counts().written > 0, 120)
    return made


def _mapping(aws: str, function: str) -> str:
    lambdas = client(aws, "lambda")
    role = f"arn:aws:iam::{names.ACCOUNT}:role/writer"
    lambdas.create_function(
        FunctionName=function, Role=role, PackageType="Image", Code={"ImageUri": "none"}
    )
    made = lambdas.create_event_source_mapping(
        EventSourceArn=f"arn:aws:kinesis:{names.REGION}:{names.ACCOUNT}:stream/{names.STREAM}",
        FunctionName=function,
        StartingPosition="TRIM_HORIZON",
    )
    return str(made["UUID"])


@contextmanager
def a_collector_that_hangs(stack: Stack) -> Iterator[Asked]:
    collector = stack.route.pid("collector")
    os.kill(collector, signal.SIGSTOP)
    yield stack.asked
    os.kill(collector, signal.SIGCONT)


@contextmanager
def a_wrong_address(stack: Stack) -> Iterator[Asked]:
    yield stack.asked.named(api_instance_url=stack.route.site_url)


@contextmanager
def a_wrong_key(stack: Stack) -> Iterator[Asked]:
    yield stack.asked.asking("--write-key", "mistyped")


@contextmanager
def a_wrong_origin(stack: Stack) -> Iterator[Asked]:
    yield stack.asked.asking("--origin", "https://www.shop.example")


@contextmanager
def a_wrong_clock(stack: Stack) -> Iterator[Asked]:
    """The collector behind a relay whose clock is an hour ahead."""

    class Relay(QuietHandler):
        def date_time_string(self, timestamp: float | None = None) -> str:
            return formatdate((timestamp or time()) + 3600, usegmt=True)

        def relay(self) -> None:
            answer = httpx.request(
                self.command,
                f"{stack.route.api_url}{self.path}",
                headers=dict(self.headers),
                trust_env=False,
            )
            kept = {"content-type", "access-control-allow-origin"} & set(answer.headers)
            self.answer(
                answer.status_code, answer.content, {name: answer.headers[name] for name in kept}
            )

        do_GET = do_OPTIONS = relay  # noqa: N815

    with serve(Relay) as url:
        yield stack.asked.named(api_instance_url=url)


@contextmanager
def no_credentials(stack: Stack) -> Iterator[Asked]:
    yield stack.asked.without("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")


@contextmanager
def no_region(stack: Stack) -> Iterator[Asked]:
    yield stack.asked.without("AWS_REGION", "AWS_DEFAULT_REGION")


@contextmanager
def no_network(stack: Stack) -> Iterator[Asked]:
    closed = f"http://{names.LOOPBACK}:{free_port()}"
    yield stack.asked.within(AWS_ENDPOINT_URL_KINESIS=closed)


def refused_by_aws(
    code: str, service: str = "KINESIS", *options: str
) -> Callable[[Stack], AbstractContextManager[Asked]]:
    """Return what puts a service in the way that refuses each call, as AWS would."""

    class Refuses(QuietHandler):
        def do_POST(self) -> None:  # noqa: N802
            body = json.dumps({"__type": code, "message": "no"}).encode()
            self.answer(400, body, {"Content-Type": "application/x-amz-json-1.1"})

    @contextmanager
    def refused(stack: Stack) -> Iterator[Asked]:
        with serve(Refuses) as url:
            yield stack.asked.asking(*options).within(**{f"AWS_ENDPOINT_URL_{service}": url})

    return refused


@contextmanager
def another_stacks_stream(stack: Stack) -> Iterator[Asked]:
    yield stack.asked.named(kinesis_stream_name="sample-events")


@contextmanager
def a_mapping_that_is_disabled(stack: Stack) -> Iterator[Asked]:
    stack.set_mapping(stack.mapping, enabled=False)
    yield stack.asked
    stack.set_mapping(stack.mapping, enabled=True)


def a_cluster_that_writes(runs: Sequence[str]) -> Callable[[Stack], AbstractContextManager[Asked]]:
    """Return what puts EMR Serverless and Step Functions beside the stack, which has neither."""
    created = time()
    listed = [{"state": run, "stateDetails": "-", "createdAt": created} for run in runs]

    class Cluster(QuietHandler):
        def do_GET(self) -> None:  # noqa: N802
            self._say({"jobRuns": listed})

        def do_POST(self) -> None:  # noqa: N802
            self._say({"executions": [{"status": "SUCCEEDED", "startDate": time()}]})

        def _say(self, answer: dict[str, object]) -> None:
            self.answer(200, json.dumps(answer).encode(), {"Content-Type": "application/json"})

    keeper = f"arn:aws:states:{names.REGION}:{names.ACCOUNT}:stateMachine:sample-cluster"
    cluster = {"application_id": "00f1", "keeper_arn": keeper, "writes": True}

    @contextmanager
    def writes(stack: Stack) -> Iterator[Asked]:
        with serve(Cluster) as url:
            asked = stack.asked.named(cluster=cluster)
            yield asked.within(AWS_ENDPOINT_URL_EMR_SERVERLESS=url, AWS_ENDPOINT_URL_SFN=url)

    return writes


@contextmanager
def a_committer_that_is_disabled(stack: Stack) -> Iterator[Asked]:
    committer = {"event_source_mapping_id": stack.idle, "queue_name": "sample-committer-offers"}
    stack.set_mapping(stack.idle, enabled=False)
    yield stack.asked.named(committer=committer)
    stack.set_mapping(stack.idle, enabled=True)


@contextmanager
def a_writer_that_is_not_called(stack: Stack) -> Iterator[Asked]:
    stack.put_arrivals(7, minutes_ago=10)
    yield stack.asked.named(event_source_mapping_id=stack.idle)


@contextmanager
def another_database(stack: Stack) -> Iterator[Asked]:
    yield stack.asked.named(glue_database_name="mistyped")


@contextmanager
def another_bucket(stack: Stack) -> Iterator[Asked]:
    yield stack.asked.named(data_bucket_name="mistyped")


@contextmanager
def a_mapping_that_is_gone(stack: Stack) -> Iterator[Asked]:
    yield stack.asked.named(event_source_mapping_id="0a1b2c3d-0000-0000-0000-000000000000")


@contextmanager
def a_writer_that_is_behind(stack: Stack) -> Iterator[Asked]:
    stack.put_age(4000)
    yield stack.asked


@contextmanager
def a_batch_given_up_on(stack: Stack) -> Iterator[Asked]:
    keys = [f"{prefix}batch" for prefix in (names.FAILED_PREFIX, "aws/lambda/")]
    s3 = aws_client.s3(stack.route.aws_url)
    for key in keys:
        s3.put_object(Bucket=names.BUCKET, Key=key, Body=b"{}")
    yield stack.asked
    for key in keys:
        s3.delete_object(Bucket=names.BUCKET, Key=key)


@contextmanager
def a_table_that_the_catalog_has_lost(stack: Stack) -> Iterator[Asked]:
    glue = aws_client.glue(stack.route.aws_url)
    entry = glue.get_table(DatabaseName=names.DATABASE, Name="events")["Table"]
    glue.delete_table(DatabaseName=names.DATABASE, Name="events")
    yield stack.asked
    _register(stack, entry["Parameters"])


@contextmanager
def records_that_are_not_written(stack: Stack) -> Iterator[Asked]:
    """The table as if its last commit was an hour ago, and records came since."""
    glue, s3 = aws_client.glue(stack.route.aws_url), aws_client.s3(stack.route.aws_url)
    parameters = glue.get_table(DatabaseName=names.DATABASE, Name="events")["Table"]["Parameters"]
    metadata = metadata_at(s3, parameters["metadata_location"])
    for snapshot in metadata["snapshots"]:
        snapshot["timestamp-ms"] -= 3_600_000
    s3.put_object(Bucket=names.BUCKET, Key="old.json", Body=json.dumps(metadata).encode())
    old = {**parameters, "metadata_location": f"s3://{names.BUCKET}/old.json"}
    glue.delete_table(DatabaseName=names.DATABASE, Name="events")
    _register(stack, old)
    stack.put_arrivals(7, minutes_ago=30)
    yield stack.asked
    glue.delete_table(DatabaseName=names.DATABASE, Name="events")
    _register(stack, parameters)


def _register(stack: Stack, parameters: dict[str, str]) -> None:
    aws_client.glue(stack.route.aws_url).create_table(
        DatabaseName=names.DATABASE,
        TableInput={"Name": "events", "TableType": "EXTERNAL_TABLE", "Parameters": parameters},
    )


@contextmanager
def a_record_that_failed(stack: Stack) -> Iterator[Asked]:
    httpx.post(
        f"{stack.route.api_url}/v1/track",
        auth=(KEY, ""),
        json={"userId": "u", "event": "late", "timestamp": "yesterday"},
        trust_env=False,
        timeout=60,
    )
    eventually(lambda: stack.route.counts().failed > 0, 120)
    yield stack.asked


BREAKS: dict[str, Callable[[Stack], AbstractContextManager[Asked]]] = {
    "the collector hangs": a_collector_that_hangs,
    "another address": a_wrong_address,
    "a wrong key": a_wrong_key,
    "an origin that is not allowed": a_wrong_origin,
    "a clock that is wrong": a_wrong_clock,
    "no credentials": no_credentials,
    "no region": no_region,
    "credentials that have expired": refused_by_aws("ExpiredTokenException"),
    "a right that is missing": refused_by_aws("AccessDeniedException"),
    "AWS is away": no_network,
    "another stack's name, or account": another_stacks_stream,
    "a mapping that is disabled": a_mapping_that_is_disabled,
    "a mapping that is gone": a_mapping_that_is_gone,
    "a writer that is not called": a_writer_that_is_not_called,
    "a cluster without a run": a_cluster_that_writes([]),
    "a mapping that is enabled beside a cluster": a_cluster_that_writes(["RUNNING"]),
    "a committer that is disabled": a_committer_that_is_disabled,
    "another bucket": another_bucket,
    "batches that were given up on": a_batch_given_up_on,
    "another database": another_database,
    "a table that the catalog has lost": a_table_that_the_catalog_has_lost,
    "records that are not written": records_that_are_not_written,
    "another workgroup": refused_by_aws("InvalidRequestException", "ATHENA", "--send"),
    # From here on the stack stays as it is.
    "records that failed": a_record_that_failed,
    "a writer that is behind": a_writer_that_is_behind,
}

HERE_TOO = {
    "the collector hangs",
    "a wrong key",
    "an origin that is not allowed",
    "batches that were given up on",
    "a table that the catalog has lost",
    "records that failed",
}


def pattern(fault: str) -> str:
    text: str = re.escape(SAID[fault].replace("`", ""))
    return text.replace("…", ".+")


def ailing(output: str) -> list[str]:
    return [line for line in output.replace("`", "").splitlines() if line.startswith(("✗", "!"))]


def test_finds_nothing_wrong_before(stack: Stack) -> None:
    for output in (stack.asked.here(), stack.asked.deployed()):
        assert ailing(output) == []
        assert "✓ events:" in output


@pytest.mark.parametrize("fault", BREAKS)
def test_names_the_fault_and_nothing_else_before_it(stack: Stack, fault: str) -> None:
    with BREAKS[fault](stack) as asked:
        outputs = [asked.deployed(), *([asked.here()] if fault in HERE_TOO else [])]

    for output in outputs:
        first = ailing(output)[0]
        assert re.search(pattern(fault), first), output
        assert "→" in output


def test_a_canary_whose_table_is_away_says_so_and_counts_a_loss(stack: Stack) -> None:
    with a_table_that_the_catalog_has_lost(stack):
        place = ("--data-dir", str(stack.route.data_dir))
        flown = run("canary", "--once", "--deadline", "10", *place)

    assert flown.code == 1
    assert re.search(r"lost 3 of 3 events: .*events", flown.out), flown.out


def test_every_fault_is_documented() -> None:
    assert list(SAID) == list(BREAKS)
