"""The settings of the driver, from its environment, and the mapping that suits a laptop."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from uuid import NAMESPACE_OID, uuid5

from headwater_local.data_dir import DataDir
from headwater_local.lambda_service.event_source.mapping import EventSourceMapping
from headwater_local.names import ACCOUNT, REGION, WRITER_FUNCTION


@dataclass(frozen=True)
class Settings:
    """The settings of the driver, all of them required.

    ``mapping`` is in ``MAPPING`` in the shape of JSON that GetEventSourceMapping answers with.
    ``failed_prefix`` (``FAILED_PREFIX``) is what the keys of given-up batches begin with in the
    mapping's bucket. ``runtime_port`` (``RUNTIME_API_PORT``) is where the function polls,
    ``timeout_seconds`` (``FUNCTION_TIMEOUT_SECONDS``) how long an invocation may take.
    ``consumer`` (``CONSUMER``) is who reads the stream: below ``data_dir`` (``DATA_DIR``), its name
    tells the checkpoints and the report of one driver from another's. ``endpoint``
    (``AWS_ENDPOINT_URL``) is the URL of the AWS stand-in.
    """

    mapping: EventSourceMapping
    failed_prefix: str
    runtime_port: int
    timeout_seconds: float
    consumer: str
    data_dir: DataDir
    endpoint: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read the settings.

        Raises:
            KeyError: a variable is missing.
            ValueError: a variable cannot be read.
        """
        return cls(
            mapping=EventSourceMapping.from_description(json.loads(environment["MAPPING"])),
            failed_prefix=environment["FAILED_PREFIX"],
            runtime_port=int(environment["RUNTIME_API_PORT"]),
            timeout_seconds=float(environment["FUNCTION_TIMEOUT_SECONDS"]),
            consumer=environment["CONSUMER"],
            data_dir=DataDir.at(Path(environment["DATA_DIR"])),
            endpoint=environment["AWS_ENDPOINT_URL"],
        )


def laptop_mapping(
    stream_name: str, failed_bucket: str, function_name: str = WRITER_FUNCTION
) -> dict[str, object]:
    """Describe a mapping that suits a laptop, as GetEventSourceMapping would.

    Events are few there, and somebody waits for each.
    """
    return {
        "UUID": str(uuid5(NAMESPACE_OID, function_name)),
        "EventSourceArn": f"arn:aws:kinesis:{REGION}:{ACCOUNT}:stream/{stream_name}",
        "FunctionArn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function_name}",
        "StartingPosition": "TRIM_HORIZON",
        "BatchSize": 10_000,
        "MaximumBatchingWindowInSeconds": 1,
        "BisectBatchOnFunctionError": True,
        "MaximumRetryAttempts": 10,
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
        "DestinationConfig": {"OnFailure": {"Destination": f"arn:aws:s3:::{failed_bucket}"}},
    }
