"""What the driver is told by its environment, and the mapping that it runs by default."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from headwater_local import names
from headwater_local.event_source.mapping import EventSourceMapping, MappingError

_FAILED_BATCHES = re.compile(r"s3://(?P<bucket>[^/]+)/(?P<prefix>(.+/)?)")
_ACCOUNT = "000000000000"
"""The account of the stand-in, as its ARNs have it."""


@dataclass(frozen=True)
class Settings:
    """What the driver is told by its environment.

    Attributes:
        mapping: Options of the event source mapping, from `MAPPING` (JSON in the
            shape that GetEventSourceMapping answers with) or the laptop's own.
        failed_bucket: Bucket of the on-failure destination.
        failed_prefix: What its keys begin with; ends with a slash, or is empty.
        runtime_api_port: Where the writer polls.
        function_timeout_seconds: How long an invocation may take.
        state_dir: Where checkpoints and `driver.json` are.
        endpoint: URL of the AWS stand-in.
    """

    mapping: EventSourceMapping
    failed_bucket: str
    failed_prefix: str
    runtime_api_port: int
    function_timeout_seconds: float
    state_dir: Path
    endpoint: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Read the settings.

        Raises:
            KeyError: a required variable is missing.
            ValueError: a variable cannot be read, or `MAPPING` is of another stream.
        """
        failed = _FAILED_BATCHES.fullmatch(environment["FAILED_BATCHES"])
        if failed is None:
            raise ValueError("FAILED_BATCHES must look like s3://bucket/prefix/")
        return cls(
            mapping=_mapping(environment, failed["bucket"]),
            failed_bucket=failed["bucket"],
            failed_prefix=failed["prefix"],
            runtime_api_port=int(environment["RUNTIME_API_PORT"]),
            function_timeout_seconds=float(environment.get("FUNCTION_TIMEOUT_SECONDS", "300")),
            state_dir=Path(environment["STATE_DIR"]),
            endpoint=environment["AWS_ENDPOINT_URL"],
        )


def laptop_mapping(stream_name: str, failed_bucket: str) -> dict[str, object]:
    """Describe the mapping that suits a laptop, as GetEventSourceMapping would."""
    return {
        "UUID": "00000000-0000-4000-8000-000000000001",
        "EventSourceArn": f"arn:aws:kinesis:{names.REGION}:{_ACCOUNT}:stream/{stream_name}",
        "FunctionArn": f"arn:aws:lambda:{names.REGION}:{_ACCOUNT}:function:headwater-writer",
        "StartingPosition": "TRIM_HORIZON",
        "BatchSize": 10_000,
        "MaximumBatchingWindowInSeconds": 1,
        "BisectBatchOnFunctionError": True,
        "MaximumRetryAttempts": 10,
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
        "DestinationConfig": {"OnFailure": {"Destination": f"arn:aws:s3:::{failed_bucket}"}},
    }


def _mapping(environment: Mapping[str, str], failed_bucket: str) -> EventSourceMapping:
    stream_name = environment["STREAM_NAME"]
    given = environment.get("MAPPING")
    description = json.loads(given) if given else laptop_mapping(stream_name, failed_bucket)
    mapping = EventSourceMapping.from_description(description)
    if mapping.stream_name != stream_name:
        raise MappingError(f"MAPPING reads {mapping.stream_name}, STREAM_NAME is {stream_name}")
    return mapping
