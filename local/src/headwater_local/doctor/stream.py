"""The stream between collector and writer."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from headwater_local.doctor.finding import Finding, counted, fault
from headwater_local.doctor.stack import Stack

if TYPE_CHECKING:
    from mypy_boto3_kinesis import KinesisClient

PART: Final = "stream"


def examine_stream(stack: Stack) -> Iterator[Finding]:
    """Yield whether the stream takes records."""
    kinesis: KinesisClient = stack.client("kinesis")
    try:
        found = kinesis.describe_stream_summary(StreamName=stack.stream)
    except kinesis.exceptions.ResourceNotFoundException:
        yield fault(
            PART,
            f"there is no stream `{stack.stream}` in this account and region",
            "check AWS_PROFILE and AWS_REGION, then `terraform apply`",
        )
        return
    status = found["StreamDescriptionSummary"]["StreamStatus"]
    if status not in {"ACTIVE", "UPDATING"}:
        remedy = (
            "`terraform apply` makes it again once it is gone"
            if status == "DELETING"
            else "wait until it is active"
        )
        yield fault(PART, f"`{stack.stream}` is {status.lower()}", remedy)
        return
    shards = found["StreamDescriptionSummary"]["OpenShardCount"]
    yield Finding(
        PART, f"`{stack.stream}` is {status.lower()}, with {counted(shards, 'open shard')}"
    )
