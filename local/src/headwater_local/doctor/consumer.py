"""What hands the stream to the writer: does it run, is it behind, what did it give up on?"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from headwater_local.data_dir import DataDir
from headwater_local.doctor.aws import guarded
from headwater_local.doctor.cluster import examine_cluster
from headwater_local.doctor.committer import examine_committer
from headwater_local.doctor.finding import Finding, counted, fault, warning
from headwater_local.doctor.mapping import find_mapping, is_on, problem_of, switch
from headwater_local.doctor.metrics import Metric, arrived, newest_maximum
from headwater_local.doctor.stack import Stack
from headwater_local.inspection.status import read_status

if TYPE_CHECKING:
    from mypy_boto3_lambda.type_defs import EventSourceMappingConfigurationResponseTypeDef
    from mypy_boto3_s3 import S3Client

PART: Final = "writer"
MAX_LAG_SECONDS: Final = 300
"""A batch waits for a minute, and a cold writer takes half of one: this is neither."""

_LOOKED_BACK: Final = timedelta(minutes=15)


def examine_consumer(stack: Stack, now: datetime) -> Iterator[Finding]:
    """Yield whether the writer is called, the age of what waits, and what was given up on."""
    if stack.data_dir:
        yield from _processes(stack.data_dir)
    if stack.writing_cluster:
        yield from guarded("cluster", examine_cluster(stack, stack.writing_cluster, now))
    if stack.mapping:
        yield from _writer(stack, stack.mapping, now)
    if stack.committer:
        yield from guarded("committer", examine_committer(stack, stack.committer, now))
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


def _writer(stack: Stack, uuid: str, now: datetime) -> Iterator[Finding]:
    mapping = find_mapping(stack, uuid)
    if mapping is None:
        yield fault(PART, f"its event source mapping {uuid} is gone", "`terraform apply`")
    elif stack.writing_cluster:
        yield _resting(mapping, uuid)
    else:
        yield _state(mapping, uuid)
        function = mapping["FunctionArn"].rpartition(":function:")[2].partition(":")[0]
        yield from _iterator_age(stack, function, now)


def _resting(mapping: "EventSourceMappingConfigurationResponseTypeDef", uuid: str) -> Finding:
    state = mapping["State"].lower()
    if is_on(mapping):
        return fault(
            PART,
            f"its event source mapping is {state}, and the cluster writes too: both do all the "
            "work, and overtake each other",
            switch(uuid, on=False),
        )
    return Finding(PART, f"its event source mapping is {state}, since the cluster writes")


def _state(mapping: "EventSourceMappingConfigurationResponseTypeDef", uuid: str) -> Finding:
    state = mapping["State"].lower()
    if not is_on(mapping):
        return fault(
            PART,
            f"its event source mapping is {state}: unless a cluster of your own writes in its "
            "place, events wait on the stream, and are lost when its retention has passed",
            switch(uuid, on=True),
        )
    if problem := problem_of(mapping):
        return fault(PART, f"Lambda could not call it: {problem}", "look into the writer's log")
    return Finding(PART, f"its event source mapping is {state}")


def _iterator_age(stack: Stack, function: str, now: datetime) -> Iterator[Finding]:
    metric = Metric("AWS/Lambda", "IteratorAge", "FunctionName", function)
    age = newest_maximum(stack, metric, now - _LOOKED_BACK, now)
    if age is not None:
        yield _lag(age / 1000, 'docs/operations.md, "Capacity"')
        return
    late = timedelta(seconds=MAX_LAG_SECONDS)
    if count := arrived(stack, now - _LOOKED_BACK, now - late):
        yield warning(
            "lag",
            f"{counted(count, 'record')} came within {_LOOKED_BACK.seconds // 60} minutes, and "
            "Lambda has not called the writer",
            "see whether its concurrency is used up: docs/operations.md, `writer-throttles`",
        )


def _given_up(stack: Stack) -> Iterator[Finding]:
    s3: S3Client = stack.client("s3")
    try:
        listed = s3.list_objects_v2(Bucket=stack.bucket, Prefix=stack.given_up_prefix)
    except s3.exceptions.NoSuchBucket:
        said = f"there is no bucket `{stack.bucket}`"
        yield fault("bucket", said, "check the output data_bucket_name, then `terraform apply`")
        return
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
