"""What is examined: the route that runs here, or one in an AWS account."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import boto3
import msgspec
from botocore.config import Config

from headwater_local import aws_client, names
from headwater_local.data_dir import DataDir
from headwater_local.ministack import aws
from headwater_local.terraform_outputs import optional, outputs_of

_CONFIG: Final = Config(connect_timeout=5, read_timeout=15, retries={"max_attempts": 2})
_DEPLOYED_GIVEN_UP_PREFIX: Final = "aws/lambda/"
"""Lambda's choice (docs/failures.md, "Dead-lettered batches")."""

_HERE: Final[Mapping[str, Callable[[str], Any]]] = {
    "glue": aws_client.glue,
    "kinesis": aws_client.kinesis,
    "s3": aws_client.s3,
}


class Cluster(msgspec.Struct, frozen=True):
    """The output ``cluster``: an EMR Serverless application, and what keeps a run on it."""

    application_id: str
    keeper_arn: str
    writes: bool

    @property
    def name(self) -> str:
        """The name of the state machine, of the rule that starts it, and of the log."""
        return self.keeper_arn.rpartition(":")[2]


class Committer(msgspec.Struct, frozen=True):
    """The output ``committer``: staged mode's mapping, and the queue of offers."""

    event_source_mapping_id: str
    queue_name: str


@dataclass(frozen=True)
class Stack:
    """Addresses and names of a stack.

    ``client`` makes a boto3 client by its service's name. Below ``given_up_prefix`` the bucket has
    the batches that the writer's mapping gave up on. ``mapping`` is the UUID of the writer's
    event source mapping; None for the route on this machine, whose ``data_dir`` is known.
    ``cluster`` and ``committer`` are None if the stack has none, or its outputs do not tell.
    """

    api_url: str
    stream: str
    database: str
    bucket: str
    given_up_prefix: str
    client: Callable[[str], Any]
    workgroup: str = ""
    mapping: str | None = None
    cluster: Cluster | None = None
    committer: Committer | None = None
    data_dir: DataDir | None = None

    @property
    def writing_cluster(self) -> Cluster | None:
        """The cluster, if it writes in place of the writer."""
        return self.cluster if self.cluster and self.cluster.writes else None


def local_stack(data_dir: DataDir) -> Stack:
    """Return the route that runs on a data directory.

    Raises:
        NotRunningError: none does.
    """
    ports = data_dir.running_ports()
    if not aws.is_healthy(ports.aws_url):
        raise data_dir.not_running()
    return Stack(
        api_url=ports.api_url,
        stream=names.STREAM,
        database=names.DATABASE,
        bucket=names.BUCKET,
        given_up_prefix=names.FAILED_PREFIX,
        client=lambda service: _HERE[service](ports.aws_url),
        data_dir=data_dir,
    )


def deployed_stack(outputs: bytes) -> Stack:
    """Return the stack that ``terraform output -json`` describes, in the environment's account.

    Raises:
        OutputsError: it is not such a document, or lacks an output.
    """
    found = outputs_of(outputs)
    return Stack(
        api_url=found["api_instance_url"],
        stream=found["kinesis_stream_name"],
        database=found["glue_database_name"],
        bucket=found["data_bucket_name"],
        given_up_prefix=_DEPLOYED_GIVEN_UP_PREFIX,
        client=_deployed_client,
        workgroup=found["athena_workgroup"],
        mapping=found["event_source_mapping_id"],
        cluster=optional(found, "cluster", Cluster),
        committer=optional(found, "committer", Committer),
    )


def _deployed_client(service: str) -> Any:  # noqa: ANN401 -- as boto3.client
    return boto3.client(service, config=_CONFIG)  # type: ignore[call-overload]
