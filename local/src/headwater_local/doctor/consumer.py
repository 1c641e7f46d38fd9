"""What hands the stream to the writer: does it run, is it behind, what did it give up on?"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from headwater_local.data_dir import DataDir
from headwater_local.doctor.finding import Finding, fault, warning
from headwater_local.doctor.stack import Stack
from headwater_local.inspection.status import read_status

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_lambda.type_defs import EventSourceMappingConfigurationResponseTypeDef
    from mypy_boto3_s3 import S3Client

PART: Final = "writer"
MAX_LAG_SECONDS: Final = 300
"""A batch waits for a minute, and a cold writer takes half of one: this is neither."""

_LOOKED_AT: Final = timedelta(minutes=15)


def examine_consumer(stack: Stack) -> Iterator[Finding]:
    """Yield whether the writer is called, the age of what waits, and what was given up on."""
    if stack.data_dir:
        yield from _processes(stack.data_dir)
    elif stack.mapping:
        yield from _mapping(stack, stack.mapping)
    yield from _given_up(stack)


def _processes(data_dir: DataDir) -> Iterator[Finding]:
    status = read_status(data_dir)
    for part in (name for name, pid in status.parts.items() if pid is None):
        yield fault(
            part,
            "it does not run",
            f"read {data_dir.log_file(part)}, then start `headwater up` again",
        )
    yield _lag(status.lag_seconds, f"look into {data_dir.log_file('writer')}")


def _mapping(stack: Stack, uuid: str) -> Iterator[Finding]:
    client: LambdaClient = stack.client("lambda")
    try:
        mapping = client.get_event_source_mapping(UUID=uuid)
    except client.exceptions.ResourceNotFoundException:
        yield fault(PART, f"its event source mapping {uuid} is gone", "`terraform apply`")
        return
    yield _state(mapping, uuid)
    yield from _iterator_age(stack, mapping["FunctionArn"].rpartition(":function:")[2])


def _state(mapping: "EventSourceMappingConfigurationResponseTypeDef", uuid: str) -> Finding:
    state = mapping["State"]
    if state not in {"Enabled", "Creating", "Updating"}:
        return fault(
            PART,
            f"its event source mapping is {state.lower()}: unless a cluster writes in its place, "
            "events wait on the stream, and are lost when its retention has passed",
            f"aws lambda update-event-source-mapping --uuid {uuid} --enabled",
        )
    problem = mapping.get("LastProcessingResult", "")
    if problem.startswith("PROBLEM"):
        return fault(PART, f"Lambda could not call it: {problem}", "look into the writer's log")
    return Finding(PART, f"its event source mapping is {state.lower()}")


def _iterator_age(stack: Stack, function: str) -> Iterator[Finding]:
    client: CloudWatchClient = stack.client("cloudwatch")
    now = datetime.now(UTC)
    found = client.get_metric_statistics(
        Namespace="AWS/Lambda",
        MetricName="IteratorAge",
        Dimensions=[{"Name": "FunctionName", "Value": function.partition(":")[0]}],
        StartTime=now - _LOOKED_AT,
        EndTime=now,
        Period=60,
        Statistics=["Maximum"],
    )
    points = sorted(found["Datapoints"], key=lambda point: point["Timestamp"])
    if points:
        yield _lag(points[-1]["Maximum"] / 1000, 'docs/operations.md, "Capacity"')


def _given_up(stack: Stack) -> Iterator[Finding]:
    s3: S3Client = stack.client("s3")
    listed = s3.list_objects_v2(Bucket=stack.bucket, Prefix=stack.given_up_prefix)
    if count := listed["KeyCount"]:
        more = " or more" if listed["IsTruncated"] else ""
        yield warning(
            "given up",
            f"{count:,}{more} batches could not be written, and wait in the bucket",
            'fix what the writer\'s log says, then docs/failures.md, "Dead-lettered batches"',
        )


def _lag(seconds: float, remedy: str) -> Finding:
    if seconds > MAX_LAG_SECONDS:
        return warning("lag", f"the oldest event has waited for {seconds:,.0f} s", remedy)
    return Finding("lag", f"the oldest event has waited for {seconds:,.0f} s")
